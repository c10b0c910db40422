import { assert, assertEquals } from "@std/assert";
import { askMutated, outside } from "./sign_mutations.ts";
import { question } from "./sign_questions.ts";

Deno.test("SIGN-019 of 1,000 changed questions none is signed for what lies outside of the root", async () => {
  const { signed, wrong, untyped } = await askMutated(1_000, 17);
  assertEquals(wrong, []);
  assertEquals(untyped, []);
  assert(signed > 50, `only ${signed} were signed, so nothing was tried`);
});

Deno.test("SIGN-019 the reader sees what lies outside", () => {
  const at = (url: string, headers = {}) =>
    outside(question(), { url, headers });
  assertEquals(at("http://s3.test/bucket/users/42/a?X-Amz-Signature=0"), null);
  assertEquals(at("http://s3.test/bucket/users/42/../43/a"), "another path");
  assertEquals(at("http://s3.test/bucket/users/43/a"), "the path");
  assertEquals(at("http://s3.test/bucket/users/42/"), "the path");
  assertEquals(at("http://evil.test/bucket/users/42/a"), "the host");
  assertEquals(at("http://s3.test/bucket/?prefix=users%2F4"), "the prefix");
  assertEquals(
    at("http://s3.test/bucket/users/42/a", {
      "x-amz-copy-source": "/bucket/users/43/a",
    }),
    "the source",
  );
  assertEquals(
    at("http://s3.test/bucket/users/42/a", { "x-amz-acl": "a" }),
    "a field",
  );
});
