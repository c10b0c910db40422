import { assertEquals, assertRejects } from "@std/assert";
import { passedFields, sendOn, toAnswer } from "../../../ext/_sign/sending.ts";
import { Refusal } from "../../../ext/_sign/refusals.ts";
import type { SigningCase } from "../../../mod.ts";

const TERMS = { seconds: 60 };

function failing(error: unknown): SigningCase {
  return { send: () => Promise.reject(error) } as unknown as SigningCase;
}

Deno.test("SIGN-012 a service that cannot be reached is one that may be asked again", async () => {
  const { signal } = new AbortController();
  const refusal = await assertRejects(
    () => sendOn(failing(new TypeError("network")), TERMS, signal),
    Refusal,
  );
  assertEquals([refusal.code, refusal.status], ["BackendUnavailable", 503]);
  const abort = new DOMException("gone", "AbortError");
  const passed = await assertRejects(
    () => sendOn(failing(abort), TERMS, signal),
  );
  assertEquals(passed, abort);
});

Deno.test("SIGN-012 of an answer a page gets what it needs, and no cookie", async () => {
  const headers = {
    "content-type": "application/xml",
    "etag": '"a"',
    "x-amz-version-id": "1",
    "x-amz-request-id": "2",
    "set-cookie": "a=b",
  };
  assertEquals(passedFields(new Headers(headers)), {
    "content-type": "application/xml",
    "etag": '"a"',
    "x-amz-version-id": "1",
  });
  const answer = await toAnswer(new Response("<a/>", { headers, status: 201 }));
  assertEquals([answer.status, answer.body], [201, "<a/>"]);
});
