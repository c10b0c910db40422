import { assert, assertEquals, assertThrows } from "@std/assert";
import { HttpBackend } from "../../../backends/http/mod.ts";
import { toFields } from "../../../backends/http/options.ts";
import { InvalidArgumentError } from "../../../core/errors.ts";
import { type RetryOptions, Store } from "../../../mod.ts";

Deno.test("HTTP-CRED-001 toFields() spells names in one way and shows no value", () => {
  assertEquals(toFields({ "X-Key": "1" }), { "x-key": "1" });
  assertEquals(toFields(undefined), {});
  const error = assertThrows(
    () => toFields({ "x-key": "s3cret\n" + "\u0100" }),
    InvalidArgumentError,
  );
  assert(!error.message.includes("s3cret"));
});

Deno.test("RET-004 HTTP takes the options of a policy as well, and checks them", async () => {
  const asked: string[] = [];
  const create = (retry: unknown) =>
    new HttpBackend({
      baseUrl: "https://example.com/",
      retry: retry as RetryOptions,
      fetch: (url) => {
        asked.push(url);
        return Promise.resolve(new Response("", { status: 503 }));
      },
    });
  const store = new Store({ backend: create({ attempts: 2, minDelay: 0 }) });
  assertEquals(
    await store.readText("a").catch((error) => error.code),
    "BackendUnavailable",
  );
  assertEquals(asked.length, 2);
  for (const wrong of [3, { attempts: 0 }, { tries: 3 }]) {
    assertThrows(
      () => create(wrong),
      InvalidArgumentError,
      "Cannot create a RetryPolicy",
    );
  }
});
