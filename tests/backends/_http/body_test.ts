import { assert, assertEquals, assertRejects } from "@std/assert";
import { type BodyFacts, openBody } from "../../../backends/_http/body.ts";
import {
  BackendUnavailableError,
  PreconditionFailedError,
} from "../../../core/errors.ts";

const TEXT = "0123456789";

function facts(change: Partial<BodyFacts> = {}): BodyFacts {
  return {
    offset: 0,
    length: TEXT.length,
    etag: '"v1"',
    tries: 2,
    reopen: () => Promise.reject(new Error("it was not to be asked for")),
    ...change,
  };
}

/** An answer that breaks off after some characters. */
function broken(sent: string): Response {
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (sent !== "") controller.enqueue(new TextEncoder().encode(sent));
        controller.error(new TypeError("connection reset"));
      },
    }, { highWaterMark: 0 }),
  );
}

function rest(start: number, end: number, etag = '"v1"'): Response {
  const range = `bytes ${start}-${end}/${TEXT.length}`;
  return new Response(TEXT.slice(start, end + 1), {
    status: 206,
    headers: { etag, "content-range": range },
  });
}

Deno.test("SIO-012 openBody() gives a small body as bytes, and a large one as a stream", async () => {
  const small = await openBody(new Response(TEXT), facts(), undefined);
  assert(small instanceof Uint8Array);
  assertEquals(new TextDecoder().decode(small), TEXT);
  for (const length of [64 * 1024 + 1, null]) {
    const answer = new Response(TEXT);
    const large = await openBody(answer, facts({ length }), undefined);
    assert(large instanceof ReadableStream);
    await large.cancel();
  }
});

Deno.test("SIO-012 openBody() releases a body of no bytes", async () => {
  let cancelled = false;
  const body = new ReadableStream({ cancel: () => void (cancelled = true) });
  const none = await openBody(
    new Response(body),
    facts({ length: 0 }),
    undefined,
  );
  assertEquals([none, cancelled], [new Uint8Array(0), true]);
  const without = new Response(null);
  assertEquals(
    await openBody(without, facts({ length: null }), undefined),
    new Uint8Array(0),
  );
});

Deno.test("SIO-012 openBody() asks for a small body again where it broke off or was short", async () => {
  for (const answer of [broken("0123"), broken(""), new Response("0123")]) {
    const asked: string[] = [];
    const bytes = await openBody(
      answer,
      facts({
        reopen: (start, end) => {
          asked.push(`${start}-${end}`);
          return Promise.resolve(rest(start, end));
        },
      }),
      undefined,
    );
    assertEquals(new TextDecoder().decode(bytes as Uint8Array), TEXT);
    assertEquals(asked, ["0-9"]);
  }
});

Deno.test("SIO-012 openBody() never takes the bytes of another version", async () => {
  const reopen = (start: number, end: number) =>
    Promise.resolve(rest(start, end, '"v2"'));
  await assertRejects(
    () => openBody(broken("0123"), facts({ reopen }), undefined),
    PreconditionFailedError,
  );
});

Deno.test("SIO-012 openBody() asks no more where no tag vouches for the rest", async () => {
  for (const etag of [null, 'W/"v1"']) {
    for (const answer of [broken("0123"), new Response("0123")]) {
      await assertRejects(
        () => openBody(answer, facts({ etag }), undefined),
        BackendUnavailableError,
      );
    }
  }
});

Deno.test("ABT-001 openBody() passes an abort on", async () => {
  const reason = new Error("enough");
  const answer = broken("0123");
  await assertRejects(
    () => openBody(answer, facts(), AbortSignal.abort(reason)),
    Error,
    "enough",
  );
});
