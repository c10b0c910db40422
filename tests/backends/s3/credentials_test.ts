import { assert, assertEquals, assertThrows } from "@std/assert";
import { endOf, requireCredentials } from "../../../backends/s3/credentials.ts";
import { InvalidArgumentError } from "../../../mod.ts";

const ACCOUNT = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

Deno.test("S3-001: credentials are whole, and hold what a header field carries", () => {
  requireCredentials(ACCOUNT);
  requireCredentials({ ...ACCOUNT, sessionToken: "token" });
  for (
    const wrong of [
      {},
      { ...ACCOUNT, accessKeyId: "" },
      { ...ACCOUNT, secretAccessKey: "top secret" },
      { ...ACCOUNT, sessionToken: "top\nsecret" },
      { ...ACCOUNT, secretAccessKey: 7 },
      null,
    ]
  ) {
    const error = assertThrows(
      () => requireCredentials(wrong as typeof ACCOUNT),
      InvalidArgumentError,
    );
    assert(!error.message.includes("secret "), error.message);
  }
});

Deno.test("S3-022: credentials without an end do not end", () => {
  assertEquals(endOf(ACCOUNT), Infinity);
  assertEquals(endOf({ ...ACCOUNT, expiration: new Date(7) }), 7);
});
