import { assert, assertEquals, assertThrows } from "@std/assert";
import { toFields } from "../../../backends/http/options.ts";
import { InvalidArgumentError } from "../../../core/errors.ts";

Deno.test("HTTP-CRED-001 toFields() spells names in one way and shows no value", () => {
  assertEquals(toFields({ "X-Key": "1" }), { "x-key": "1" });
  assertEquals(toFields(undefined), {});
  const error = assertThrows(
    () => toFields({ "x-key": "s3cret\n" + "\u0100" }),
    InvalidArgumentError,
  );
  assert(!error.message.includes("s3cret"));
});
