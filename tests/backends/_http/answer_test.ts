import { assertEquals, assertRejects } from "@std/assert";
import {
  empty,
  emptyAnd,
  fieldsOnly,
  opened,
  readFailure,
  readStart,
} from "../../../backends/_http/answer.ts";
import { BackendUnavailableError } from "../../../mod.ts";

/** A response whose release is counted. */
function counted(text: string) {
  const state = { cancelled: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode(text));
    },
    cancel() {
      state.cancelled++;
    },
  });
  return { state, response: new Response(body, { headers: { x: "1" } }) };
}

Deno.test("ANS-001 empty() takes white space for nothing, and a page for no answer", async () => {
  assertEquals((await empty(new Response(null))).get("x"), null);
  assertEquals((await empty(new Response(" \n"))).get("x"), null);
  await assertRejects(
    async () => await empty(new Response("<html>Sign in</html>")),
    BackendUnavailableError,
    "it was not the service",
  );
});

Deno.test("ANS-001 empty() reads no endless body, and releases it", async () => {
  const { state, response } = counted(" ".repeat(1024));
  await assertRejects(
    async () => await empty(response),
    BackendUnavailableError,
  );
  assertEquals(state.cancelled, 1);
});

Deno.test("ANS-002 fieldsOnly() releases a body, opened() hands it on", async () => {
  const { state, response } = counted("x");
  assertEquals((await fieldsOnly(response)).get("x"), "1");
  assertEquals(state.cancelled, 1);
  const other = new Response("y");
  assertEquals(await opened(other).text(), "y");
});

Deno.test("ANS-003 readFailure() survives a body that breaks off, and ends with its signal", async () => {
  const broken = () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.error(new Error("reset")),
      }),
      { status: 503 },
    );
  assertEquals((await readFailure(broken(), undefined)).status, 503);
  const reason = new Error("enough");
  const error = await assertRejects(() =>
    readFailure(broken(), AbortSignal.abort(reason))
  );
  assertEquals(error, reason);
});

Deno.test("ANS-003 readFailure() reads a few kilobytes at most", async () => {
  const { state, response } = counted("x".repeat(1024));
  const { text } = await readFailure(response, undefined);
  assertEquals(text.length, 64 * 1024);
  assertEquals(state.cancelled, 1);
});

Deno.test("ANS-003 readFailure() trusts no length of a coding", async () => {
  const headers = { "content-length": "100", "content-encoding": "gzip" };
  let left = 1024;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(1024));
      if (--left === 0) controller.close();
    },
  });
  const response = new Response(body, { status: 500, headers });
  const { text } = await readFailure(response, undefined);
  assertEquals([text.length, left > 900], [64 * 1024, true]);
});

Deno.test("PERF, ANS-001: an answer without content is read at once, and one with content refused", async () => {
  const read = emptyAnd((headers) => headers.get("etag"));
  const headers = { etag: '"a"' };
  assertEquals(read(new Response(null, { headers })), '"a"');
  const announced = { ...headers, "content-length": "0" };
  assertEquals(await read(new Response("", { headers: announced })), '"a"');
  const page = new Response("<html>", {
    headers: { ...headers, "content-length": "6" },
  });
  await assertRejects(
    () => Promise.resolve(read(page)),
    BackendUnavailableError,
  );
});

Deno.test("PERF: what is known to be short is read without a stream", async () => {
  const response = new Response("short", {
    headers: { "content-length": "5" },
  });
  Object.defineProperty(response, "body", {
    get: () => {
      throw new Error("nobody needs a stream");
    },
  });
  assertEquals(await readStart(response), { text: "short", complete: true });
});

Deno.test("ANS-003 readFailure() tells where a refusal comes from that was sent on", async () => {
  const response = new Response("no", { status: 403 });
  Object.defineProperties(response, {
    redirected: { value: true },
    url: { value: "https://h.example/a/" },
  });
  const { redirectedTo } = await readFailure(response, undefined);
  assertEquals(redirectedTo, "https://h.example/a/");
});
