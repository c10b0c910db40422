import { assertEquals, assertRejects } from "@std/assert";
import { BackendUnavailableError } from "../../../core/errors.ts";
import { serving } from "./server_fixture.ts";

const part = (text: string, range: string, status = 206) =>
  new Response(text, { status, headers: { "content-range": range } });

Deno.test("HTTP-READ-001 a part under 200 is taken for what its Content-Range says", async () => {
  const { store } = serving(() => part("234", "bytes 2-4/10", 200));
  const range = { offset: 2, length: 3 };
  const bytes = await store.readBytes("a", { range });
  assertEquals(new TextDecoder().decode(bytes), "234");
  await assertRejects(() => store.readBytes("a"), BackendUnavailableError);
});

Deno.test("HTTP-READ-001 a part that was not asked for is no file", async () => {
  const { store } = serving(() => new Response("234", { status: 206 }));
  await assertRejects(
    () => store.readBytes("a"),
    BackendUnavailableError,
    "which was not asked for",
  );
});

Deno.test("HTTP-READ-001 a suffix longer than the file is all of it, also where the server says that there is none", async () => {
  const { store } = serving(({ method, headers }) =>
    headers.has("range")
      ? new Response(null, {
        status: 416,
        headers: { "content-range": "bytes */4" },
      })
      : new Response(method === "HEAD" ? null : "0123", {
        headers: { "content-length": "4" },
      })
  );
  const bytes = await store.readBytes("a", { range: { suffix: 9 } });
  assertEquals(new TextDecoder().decode(bytes), "0123");
  const none = await store.readBytes("a", { range: { offset: 9 } });
  assertEquals(none.byteLength, 0);
});
