import { assert, assertEquals, assertRejects } from "@std/assert";
import { BackendUnavailableError, Store } from "@remote-store/core";
import { S3Backend } from "@remote-store/core/backends/s3";
import { type Outgoing, toInit } from "../../../backends/_http/init.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { BUN, DECODING, inRuntime, LEAVING } from "./runtime.ts";

const ONCE: Readonly<Record<string, Pick<Outgoing, "method" | "headers">>> = {
  "replaces": { method: "PUT", headers: { "if-match": '"e"' } },
  "creates": { method: "PUT", headers: { "if-none-match": "*" } },
  "completes": { method: "POST", headers: {} },
  "deletes": { method: "DELETE", headers: {} },
};

const PLAIN = { method: "PUT", headers: {} };

function sent(
  runtime: string,
  part: Pick<Outgoing, "method" | "headers">,
  body: Outgoing["body"],
): Promise<RequestInit> {
  return inRuntime(
    runtime,
    () =>
      Promise.resolve(toInit({ url: "http://h/", ...part, body }, undefined)),
  );
}

Deno.test("BODY-007 in Deno what a second time could refuse goes out as a Blob, which is not sent again unseen", async () => {
  for (const [what, part] of Object.entries(ONCE)) {
    for (const size of [1, 64 * 1024, 512 * 1024]) {
      const bytes = new Uint8Array(size);
      const { body } = await sent(LEAVING, part, bytes);
      assert(body instanceof Blob && body.type === "", what);
      assertEquals(body.size, size);
    }
    // A Blob of nothing has no length there.
    const nothing = new Uint8Array(0);
    assert((await sent(LEAVING, part, nothing)).body === nothing);
    assert((await sent(LEAVING, part, null)).body === null);
  }
  const bytes = new Uint8Array(1);
  assert((await sent(LEAVING, PLAIN, bytes)).body === bytes);
  assert((await sent(DECODING, ONCE["creates"]!, bytes)).body === bytes);
});

Deno.test("BODY-007 in Bun it goes out as a stream, with its length", async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(40_000));
  const contents = [null, new Uint8Array(0), bytes, new Blob([bytes])];
  for (const [what, part] of Object.entries(ONCE)) {
    for (const content of contents) {
      const { body, headers } = await sent(BUN, part, content);
      assert(body instanceof ReadableStream, what);
      const told = new Uint8Array(await new Response(body).arrayBuffer());
      const wanted = content === null || content === contents[1]
        ? new Uint8Array(0)
        : bytes;
      assertEquals(told, wanted);
      assertEquals(headers, {
        ...part.headers,
        "content-length": `${wanted.byteLength}`,
      });
    }
  }
  assert((await sent(BUN, PLAIN, bytes)).body === bytes);
  for (const method of ["GET", "HEAD"]) {
    const read = { method, headers: { "if-match": '"e"' } };
    assertEquals((await sent(BUN, read, null)).body, null);
  }
});

/** As the runtime's own fetch, on a connection that ends in place of one answer to a PUT. */
function sendingAgain(service: FakeS3) {
  const counted = {
    cut: 0,
    fetch: async (url: string, init: RequestInit = {}) => {
      const answer = await service.fetch(url, init);
      if (init.method !== "PUT" || counted.cut++ > 0) return answer;
      await answer.body?.cancel();
      if (!(init.body instanceof Uint8Array)) {
        throw new TypeError("connection closed");
      }
      return await service.fetch(url, init);
    },
  };
  return counted;
}

function storeWith(fetch: FakeS3["fetch"]): Store {
  const backend = new S3Backend({
    bucket: "bucket",
    endpoint: "http://s3.test",
    credentials: ACCOUNT,
    dialect: "aws",
    fetch,
    retry: { attempts: 2, minDelay: 0 },
  });
  return new Store({ backend });
}

Deno.test("DOUBT-010 where fetch sends again by itself, a write that replaces is never refused because of itself", async () => {
  for (const runtime of [LEAVING, BUN]) {
    const service = new FakeS3();
    const counted = sendingAgain(service);
    const { etag } = await storeWith(service.fetch).write("counter", "0");
    await inRuntime(runtime, async () => {
      const error = await assertRejects(
        () =>
          storeWith(counted.fetch).write("counter", "1", { ifMatch: etag! }),
        BackendUnavailableError,
      );
      assert(error.inDoubt && counted.cut > 1);
    });
    assertEquals(await storeWith(service.fetch).readText("counter"), "1");
  }
});

Deno.test("DOUBT-010 where fetch sends again by itself, a create is never refused because of itself", async () => {
  for (const runtime of [LEAVING, BUN]) {
    const service = new FakeS3();
    const counted = sendingAgain(service);
    await inRuntime(runtime, async () => {
      await storeWith(counted.fetch).write("lock", "mine");
    });
    assert(counted.cut > 1);
    assertEquals(await storeWith(service.fetch).readText("lock"), "mine");
  }
});
