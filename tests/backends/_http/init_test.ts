import { assert, assertEquals } from "@std/assert";
import {
  bytesOf,
  isRefusedByFetch,
  sendsBlobs,
  sendsSlices,
  sizeOf,
  toInit,
} from "../../../backends/_http/init.ts";
import { CHROMIUM, DECODING, inRuntime } from "./runtime.ts";

const request = (method: string) => ({
  method,
  url: "http://h/",
  headers: { a: "1" },
  body: null,
});

Deno.test("RET-019 only what could be answered by a cache says that it must not be", () => {
  for (const method of ["GET", "HEAD"]) {
    assertEquals(toInit(request(method), undefined).cache, "no-store");
  }
  for (const method of ["PUT", "POST", "DELETE"]) {
    assertEquals(toInit(request(method), undefined).cache, undefined);
  }
});

Deno.test("RET-019 redirections are not followed unless the service wants it", () => {
  assertEquals(toInit(request("GET"), undefined).redirect, "manual");
  const fields = { redirect: "follow", credentials: "omit" } as const;
  const init = toInit(request("GET"), undefined, fields);
  assertEquals([init.redirect, init.credentials], ["follow", "omit"]);
});

Deno.test("RET-019 a field that the runtime refuses is found out once and left out", () => {
  const { Request } = globalThis;
  let asked = 0;
  globalThis.Request = class extends Request {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(input, init);
      if (init?.redirect === "error") {
        asked++;
        throw new TypeError("not implemented");
      }
    }
  };
  try {
    const fields = { redirect: "error" } as const;
    for (let i = 0; i < 3; i++) {
      assertEquals(
        toInit(request("GET"), undefined, fields).redirect,
        undefined,
      );
    }
    assertEquals(asked, 1);
  } finally {
    globalThis.Request = Request;
  }
});

Deno.test("RET-019 arguments that fetch refuses are told from a dead network", () => {
  const init = toInit(request("GET"), AbortSignal.abort());
  assert(!isRefusedByFetch("http://h/", init));
  assert(isRefusedByFetch("http://h/", { ...init, headers: { "a b": "1" } }));
  assert(isRefusedByFetch("no url", init));
});

Deno.test("BODY-001 in Chromium large bytes go out as a Blob, and small ones everywhere as they are", async () => {
  const bodyOf = (bytes: number) => {
    const body = new Uint8Array(bytes);
    return toInit({ ...request("PUT"), body }, undefined).body;
  };
  await inRuntime(CHROMIUM, () => {
    const large = bodyOf(64 * 1024);
    assert(large instanceof Blob && large.size === 64 * 1024);
    assert(bodyOf(64 * 1024 - 1) instanceof Uint8Array);
    assert(sendsBlobs());
    return Promise.resolve();
  });
  for (const other of [DECODING, "Deno/2.9.5", "Mozilla/5.0 Firefox/153.0"]) {
    await inRuntime(other, () => {
      assert(bodyOf(512 * 1024 - 1) instanceof Uint8Array);
      return Promise.resolve();
    });
  }
});

Deno.test("BODY-004 in Deno and Node a part goes out from where it lies, in its length", async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(64 * 1024));
  const body = new Uint8Array(512 * 1024);
  for (let at = 0; at < body.length; at += bytes.length) body.set(bytes, at);
  const { body: sent } = toInit({ ...request("PUT"), body }, undefined);
  assert(sent instanceof Blob && sent.size === body.byteLength);
  for await (const chunk of sent.stream()) {
    assert(chunk.buffer === body.buffer, "a copy was made");
  }
  assertEquals(await sent.bytes(), body);
});

Deno.test("BODY-001 a payload tells its size and gives its bytes, whatever it is", async () => {
  for (const payload of [new TextEncoder().encode("abc"), new Blob(["abc"])]) {
    assertEquals(sizeOf(payload), 3);
    assertEquals(new TextDecoder().decode(await bytesOf(payload)), "abc");
  }
});

Deno.test("BODY-006 slices go out where the engine names them, or where a Blob tells that it lies in memory", async () => {
  const telling = (told: Promise<unknown> | undefined) =>
    Object.assign(new Blob(["abc"]), { stat: () => told });
  assert(!sendsSlices(new Blob(["abc"])));
  assert(sendsSlices(telling(undefined)));
  assert(!sendsSlices(telling(Promise.resolve({ size: 3 }))));
  // A file that is gone: whoever reads it says so, and nothing is left unhandled.
  assert(!sendsSlices(telling(Promise.reject(new Error("no such file")))));
  const other = telling(undefined);
  Object.defineProperty(other, "stream", { value: () => new Blob().stream() });
  assert(!sendsSlices(other), "its stream is not what slices are of");
  await inRuntime(CHROMIUM, () => {
    assert(sendsSlices(new Blob(["abc"])));
    return Promise.resolve();
  });
});

Deno.test("BODY-001 the type of a Blob is no field that nobody has signed", async () => {
  const blob = new Blob(["text"], { type: "text/plain" });
  const init = toInit({ ...request("PUT"), body: blob }, undefined);
  const sent = new Request("http://h/", init);
  assertEquals(sent.headers.get("content-type"), null);
  // As Bun's slices do.
  const kept = Object.defineProperty(blob.slice(), "type", { value: "a/b" });
  const { body } = toInit({ ...request("PUT"), body: kept }, undefined);
  assert(body instanceof Blob);
  assertEquals([body.type, await body.text()], ["", "text"]);
  assertEquals(await sent.text(), "text");
});
