import { assertEquals, assertRejects } from "@std/assert";
import { type Resumable, resumable } from "../../../backends/_http/resume.ts";
import type { RemoteStoreError } from "../../../mod.ts";

const BYTES = Uint8Array.from({ length: 100 }, (_, i) => i);

/** A body that gives the bytes from `start` to `end` and then breaks off. */
function broken(start: number, end: number): ReadableStream<Uint8Array> {
  let given = false;
  return new ReadableStream({
    pull(controller) {
      if (given || end === start) return controller.error(new TypeError("cut"));
      controller.enqueue(BYTES.slice(start, end));
      given = true;
    },
  }, { highWaterMark: 0 });
}

function rest(
  start: number,
  end: number,
  body: BodyInit,
  etag = '"e"',
): Response {
  const headers = { etag, "content-range": `bytes ${start}-${end}/100` };
  return new Response(body, { status: 206, headers });
}

function plan(reopen: Resumable["reopen"]): Resumable {
  const form = { coding: null, isWhole: true, isHidden: false, size: 100 };
  return { offset: 0, length: 100, etag: '"e"', tries: 2, reopen, ...form };
}

const read = async (stream: ReadableStream<Uint8Array>) =>
  new Uint8Array(await new Response(stream).arrayBuffer());
const code = (error: unknown) => (error as RemoteStoreError).code;

Deno.test("SIO-001: what is missing is asked for, and nothing else", async () => {
  const asked: number[][] = [];
  const stream = resumable(
    broken(0, 40),
    plan((start, end) => {
      asked.push([start, end]);
      return Promise.resolve(
        rest(start, end, start === 40 ? broken(40, 70) : BYTES.slice(70)),
      );
    }),
  );
  assertEquals(await read(stream), BYTES);
  assertEquals(asked, [[40, 99], [70, 99]]);
});

Deno.test("SIO-001: a break behind the last byte costs nothing", async () => {
  const stream = resumable(
    broken(0, 100),
    plan(() => Promise.reject(new Error("asked"))),
  );
  assertEquals(await read(stream), BYTES);
});

Deno.test("SIO-001: another version, by status or ETag, is an error", async () => {
  for (
    const answer of [
      () => new Response(null, { status: 412 }),
      () => new Response(null, { status: 404 }),
      () => rest(40, 99, BYTES.slice(40), '"f"'),
    ]
  ) {
    const stream = resumable(
      broken(0, 40),
      plan(() => Promise.resolve(answer())),
    );
    assertEquals(
      code(await assertRejects(() => read(stream))),
      "PreconditionFailed",
    );
  }
});

Deno.test("SIO-001: other bytes than those asked for are an error", async () => {
  for (
    const answer of [
      () => rest(0, 99, BYTES),
      () => new Response(BYTES, { headers: { etag: '"e"' } }),
    ]
  ) {
    const stream = resumable(
      broken(0, 40),
      plan(() => Promise.resolve(answer())),
    );
    assertEquals(
      code(await assertRejects(() => read(stream))),
      "BackendUnavailable",
    );
  }
});

Deno.test("RET-001: tries are counted while no byte comes, and start anew with one", async () => {
  let opened = 0;
  const stream = resumable(
    broken(0, 0),
    plan((start, end) => {
      opened++;
      // Every third body gives one byte.
      return Promise.resolve(
        rest(start, end, broken(start, opened % 2 === 0 ? start + 1 : start)),
      );
    }),
  );
  const slow = stream.getReader();
  for (let i = 0; i < 10; i++) {
    assertEquals((await slow.read()).value, BYTES.slice(i, i + 1));
  }
  await slow.cancel();
  const dead = resumable(
    broken(0, 0),
    plan((start, end) =>
      Promise.resolve(rest(start, end, broken(start, start)))
    ),
  );
  assertEquals(
    code(await assertRejects(() => read(dead))),
    "BackendUnavailable",
  );
});

Deno.test("SIO-001: cancelling ends the body under way", async () => {
  const reasons: unknown[] = [];
  const body = new ReadableStream<Uint8Array>({
    cancel: (reason) => void reasons.push(reason),
  });
  await resumable(body, plan(() => Promise.reject(new Error("asked")))).cancel(
    "done",
  );
  assertEquals(reasons, ["done"]);
});

Deno.test("SIO-001: cancelling asks for nothing more, with a read under way either", async () => {
  let asked = 0;
  const body = new ReadableStream<Uint8Array>();
  const reader = resumable(
    body,
    plan(() => {
      asked++;
      return Promise.reject(new Error("asked"));
    }),
  ).getReader();
  const read = reader.read();
  const turn = () => new Promise((done) => setTimeout(done));
  await turn();
  await reader.cancel("done");
  assertEquals((await read).done, true);
  await turn();
  assertEquals(asked, 0);
});

Deno.test("PERF: a byte stream stays one, over breaks and changes of kind", async () => {
  const bytes = (chunk: Uint8Array) => {
    let given = false;
    return new ReadableStream({
      type: "bytes",
      pull(controller: ReadableByteStreamController) {
        if (given) return controller.error(new TypeError("cut"));
        given = true;
        controller.enqueue(new Uint8Array(chunk));
      },
    });
  };
  const stream = resumable(
    bytes(BYTES.slice(0, 40)),
    plan((start, end) =>
      Promise.resolve(rest(start, end, new Response(BYTES.slice(start)).body!))
    ),
  );
  const reader = stream.getReader({ mode: "byob" });
  const all: number[] = [];
  for (let buffer = new ArrayBuffer(7);;) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done) break;
    all.push(...value);
    buffer = value.buffer;
  }
  assertEquals(all, [...BYTES]);
});

Deno.test("REP-022 a rest that does not say where it lies is none, unless CORS rules may hide that", async () => {
  for (const type of ["basic", "default", "cors"]) {
    const reopen = (start: number) =>
      Promise.resolve(Object.defineProperty(
        new Response(BYTES.slice(start), {
          status: 206,
          headers: { etag: '"e"', "content-length": `${100 - start}` },
        }),
        "type",
        { value: type },
      ));
    const stream = resumable(broken(0, 40), plan(reopen));
    if (type === "cors") assertEquals(await read(stream), BYTES);
    else {
      const error = await assertRejects(() => read(stream));
      assertEquals(code(error), "BackendUnavailable");
    }
  }
});
