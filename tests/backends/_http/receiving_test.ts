import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  answerOf,
  type Asking,
  type BodyFacts,
  openBody,
} from "../../../backends/_http/receiving.ts";
import { leavesBodies } from "../../../backends/_http/representation.ts";
import type { FileEntry } from "../../../core/backend.ts";
import {
  BackendUnavailableError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../../core/errors.ts";

const TEXT = "0123456789";

function facts(change: Partial<BodyFacts> = {}): BodyFacts {
  return {
    offset: 0,
    length: TEXT.length,
    size: TEXT.length,
    etag: '"v1"',
    coding: null,
    isWhole: true,
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
  const { body: small } = await openBody(
    new Response(TEXT),
    facts(),
    undefined,
  );
  assert(small instanceof Uint8Array);
  assertEquals(new TextDecoder().decode(small), TEXT);
  for (const length of [64 * 1024 + 1, null]) {
    const answer = new Response(TEXT);
    const { body: large } = await openBody(
      answer,
      facts({ length }),
      undefined,
    );
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
  assertEquals([none.body, cancelled], [new Uint8Array(0), true]);
  const without = new Response(null);
  const { body: nothing } = await openBody(
    without,
    facts({ length: null }),
    undefined,
  );
  assertEquals(nothing, new Uint8Array(0));
});

Deno.test("SIO-012 openBody() asks for a small body again where it broke off or was short", async () => {
  for (const answer of [broken("0123"), broken(""), new Response("0123")]) {
    const asked: string[] = [];
    const { body: bytes } = await openBody(
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

Deno.test("REP-008 more bytes than announced are a whole of unknown length, and an error in a part", async () => {
  const whole = await openBody(
    new Response(TEXT),
    facts({ length: 4, size: 4 }),
    undefined,
  );
  assertEquals(whole.length, TEXT.length);
  assertEquals(new TextDecoder().decode(whole.body as Uint8Array), TEXT);
  await assertRejects(
    () =>
      openBody(
        new Response(TEXT),
        facts({ length: 4, isWhole: false }),
        undefined,
      ),
    RemoteStoreError,
    "coded on the way",
  );
});

/** A read of a file whose answers are given by the words that ask for it. */
function asking(change: Partial<Asking> = {}): Asking & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    range: null,
    decode: false,
    signal: undefined,
    strongTags: true,
    tries: 1,
    describe: ({ headers }) => ({
      entry: { ...ENTRY, etag: headers.get("etag") },
      offset: 0,
      length: Number(headers.get("content-length")),
    }),
    again(words) {
      asked.push(words);
      return Promise.resolve(answer(TEXT, { etag: 'W/"1"' }));
    },
    reopen: () => Promise.reject(new Error("it was not to be asked for")),
    ...change,
  };
}

const ENTRY: FileEntry = {
  kind: "file",
  size: 4,
  lastModified: null,
  etag: null,
  digest: null,
  contentType: null,
  metadata: null,
  extra: null,
};

const answer = (text: string, headers: HeadersInit) =>
  new Response(text, { headers: { "content-length": "4", ...headers } });

Deno.test("REP-009 what a proxy has coded comes as it is stored, with the tag that can hold", async () => {
  const read = asking();
  const coded = answer("gzip", { etag: 'W/"1"', "content-encoding": "gzip" });
  const found = await answerOf(coded, read);
  assertEquals(read.asked, leavesBodies() ? ["own"] : []);
  assert(found !== null);
  const { entry, length } = found;
  assertEquals([entry.etag, entry.size, length], ['"1"', null, null]);
});

Deno.test("REP-010 a range of what is coded on the way is refused and released", async () => {
  let cancelled = 0;
  const body = () => new ReadableStream({ cancel: () => void cancelled++ });
  const part = () =>
    new Response(body(), {
      status: 206,
      headers: { etag: 'W/"1"', "content-encoding": "gzip" },
    });
  const read = asking({
    range: { offset: 2 },
    again: () => Promise.resolve(part()),
  });
  await assertRejects(() => answerOf(part(), read), RemoteStoreError);
  assertEquals(cancelled, leavesBodies() ? 2 : 1);
});

Deno.test("REP-022 a part that does not say where it lies is refused and released, unless CORS rules may hide that", async () => {
  const part = (type: ResponseType, headers: HeadersInit) => {
    const seen = { cancelled: false };
    let chunks = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (chunks++ > 0) return controller.close();
        controller.enqueue(new TextEncoder().encode("23"));
      },
      cancel: () => void (seen.cancelled = true),
    }, { highWaterMark: 0 });
    const response = new Response(body, {
      status: 206,
      headers: { etag: '"1"', ...headers },
    });
    return {
      seen,
      response: Object.defineProperty(response, "type", { value: type }),
    };
  };
  const range = { offset: 2, length: 2 };
  const describe = ({ headers }: Response) => ({
    entry: { ...ENTRY, size: null, etag: '"1"' },
    offset: 2,
    length: Number(headers.get("content-length") ?? 2),
  });
  const read = asking({ range, describe });
  const refused: [ResponseType, HeadersInit][] = [
    ["basic", {}],
    ["default", { "content-length": "2" }],
    ["basic", { "content-range": "bytes 5-3/10" }],
    ["basic", { "content-range": "bytes */10" }],
    ["cors", { "content-length": "10" }],
  ];
  for (const [type, headers] of refused) {
    const { response, seen } = part(type, headers);
    await assertRejects(
      () => answerOf(response, read),
      BackendUnavailableError,
      "hides its Content-Range",
    );
    assertEquals(seen.cancelled, true);
  }
  const taken: [ResponseType, HeadersInit][] = [
    ["cors", { "content-length": "2" }],
    ["basic", { "content-range": "bytes 2-3/10" }],
  ];
  for (const [type, headers] of taken) {
    const found = await answerOf(
      Object.defineProperty(
        new Response("23", { status: 206, headers }),
        "type",
        { value: type },
      ),
      read,
    );
    assertEquals(found?.body, new TextEncoder().encode("23"));
  }
});
