import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  HttpClient,
  type HttpRequest,
  type HttpService,
  readFailure,
  type Repair,
} from "../../../backends/_http/sending.ts";
import { REAL_TIMING } from "../../../backends/_http/retry.ts";
import { BackendUnavailableError, RetryPolicy } from "../../../mod.ts";

const REQUEST: HttpRequest = {
  method: "GET",
  url: "http://h/",
  headers: {},
  body: null,
};

/** A client whose answers are given one by one; `null` is a broken connection. */
function setup(
  answers: (Response | (() => Response) | null)[],
  service: Partial<HttpService> = {},
) {
  const sent: HttpRequest[] = [];
  const waits: number[] = [];
  const timing = {
    now: () => 0,
    random: () => 1,
    sleep: (milliseconds: number) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  };
  const client = new HttpClient(
    (url, init) => {
      sent.push({
        ...REQUEST,
        url,
        headers: init.headers as Record<string, string>,
      });
      const answer = answers.shift();
      if (answer === null || answer === undefined) {
        return Promise.reject(new TypeError("connection refused"));
      }
      return Promise.resolve(answer instanceof Response ? answer : answer());
    },
    {
      sign: (request) => ({
        ...request,
        headers: { ...request.headers, n: `${sent.length}` },
      }),
      toError: (failure) => new Error(`${failure.status} ${failure.text}`),
      ...service,
    },
    new RetryPolicy({ attempts: 3, minDelay: 10 }),
    timing,
  );
  return { client, sent, waits };
}

const status = (code: number, headers?: HeadersInit) =>
  new Response("said", {
    status: code,
    ...(headers === undefined ? {} : { headers }),
  });

Deno.test("RET-001: what means later is tried again, each time signed anew", async () => {
  const { client, sent, waits } = setup([status(503), null, status(200)]);
  const { doubtful, response } = await client.send(REQUEST, {
    signal: undefined,
  });
  assertEquals([doubtful, response.status], [true, 200]);
  assertEquals(sent.map(({ headers }) => headers["n"]), ["0", "1", "2"]);
  assertEquals(waits, [10, 20]);
});

Deno.test("RET-015: a refusal is not tried again, and a 429 leaves no doubt", async () => {
  const refused = setup([status(403)]);
  await assertRejects(
    () => refused.client.send(REQUEST, { signal: undefined }),
    Error,
    "403 said",
  );
  const { client } = setup([status(429), status(200)]);
  assertEquals(
    (await client.send(REQUEST, { signal: undefined })).doubtful,
    false,
  );
});

Deno.test("RET-015: a failure that surely did nothing leaves no doubt", async () => {
  const { client } = setup([status(503), status(200)], {
    changedNothing: () => true,
  });
  assertEquals(
    (await client.send(REQUEST, { signal: undefined })).doubtful,
    false,
  );
});

Deno.test("RET-001: after the last attempt the error comes out", async () => {
  const { client } = setup([status(500), status(500), status(500)]);
  await assertRejects(
    () => client.send(REQUEST, { signal: undefined }),
    Error,
    "500 said",
  );
  const dead = setup([null, null, null]);
  await assertRejects(
    () => dead.client.send(REQUEST, { signal: undefined }),
    BackendUnavailableError,
  );
});

Deno.test("RET-001: a request that is sent once is sent once", async () => {
  const { client, sent } = setup([status(503)]);
  await assertRejects(() =>
    client.send(REQUEST, { signal: undefined, once: true })
  );
  assertEquals(sent.length, 1);
});

/** A repair that goes to another place after a failure of one status. */
const goTo = (url: string, of: number): Repair => (failure, request) =>
  failure.status === of ? { ...request, url } : null;

Deno.test("RET-001: a repair is tried once, and counts as no attempt", async () => {
  const { client, sent } = setup([status(301), status(301)], {
    repairs: [goTo("http://other/", 301)],
  });
  await assertRejects(
    () => client.send(REQUEST, { signal: undefined }),
    Error,
    "301",
  );
  assertEquals(sent.map(({ url }) => url), ["http://h/", "http://other/"]);
});

Deno.test("RET-001: each repair has its turn, in any order, between attempts too", async () => {
  const answers = [403, 301, 503, 400, 200].map((code) => status(code));
  const { client, sent } = setup(answers, {
    repairs: [goTo("http://a/", 301), goTo("http://b/", 400)].concat(
      goTo("http://c/", 403),
    ),
  });
  assertEquals(
    (await client.send(REQUEST, { signal: undefined })).response.status,
    200,
  );
  assertEquals(sent.map(({ url }) => url), [
    "http://h/",
    "http://c/",
    "http://a/",
    "http://a/",
    "http://b/",
  ]);
});

Deno.test("RET-001: a repair is told what was sent", async () => {
  const told: unknown[] = [];
  const repair: Repair = (_, request, signed) => {
    told.push(request.headers["n"], signed.headers["n"]);
    return null;
  };
  const { client } = setup([status(400)], { repairs: [repair] });
  await assertRejects(() => client.send(REQUEST, { signal: undefined }));
  assertEquals(told, [undefined, "0"]);
});

Deno.test("RET-001: what can be repaired is, before its status is the caller's", async () => {
  const repairs = [goTo("http://other/", 400)];
  const options = { signal: undefined, accept: [400] };
  const mended = setup([status(400), status(200)], { repairs });
  assertEquals(
    (await mended.client.send(REQUEST, options)).response.status,
    200,
  );
  const stands = setup([status(400, { a: "b" }), status(400, { a: "b" })], {
    repairs,
  });
  const { response } = await stands.client.send(REQUEST, options);
  assertEquals(
    [response.status, response.headers.get("a"), await response.text()],
    [400, "b", "said"],
  );
});

Deno.test("SIO-004: an accepted status is the caller's, its body unread", async () => {
  const { client } = setup([status(404)]);
  const { response } = await client.send(REQUEST, {
    signal: undefined,
    accept: [404],
  });
  assertEquals(await response.text(), "said");
});

Deno.test("BE-019: an error inside of a 200 is one", async () => {
  const { client } = setup([status(200), status(200)]);
  const hidden = { status: 403, headers: new Headers(), text: "no" };
  const inspect = () => Promise.resolve({ failure: hidden });
  await assertRejects(
    () => client.send(REQUEST, { signal: undefined, inspect }),
    Error,
    "403 no",
  );
});

Deno.test("BE-019: an error inside of a 200 is the caller's, where its status is", async () => {
  const { client } = setup([null, status(200)]);
  const hidden = { status: 412, headers: new Headers(), text: "no" };
  const inspect = () => Promise.resolve({ failure: hidden });
  const { response, doubtful } = await client.send(REQUEST, {
    signal: undefined,
    inspect,
    accept: [412],
  });
  assertEquals(
    [response.status, await response.text(), doubtful],
    [412, "no", true],
  );
});

Deno.test("SIO-005: an abort comes out as its reason, whatever fetch throws", async () => {
  const stop = new AbortController();
  const { client } = setup([() => {
    stop.abort("enough");
    throw new TypeError("aborted");
  }]);
  const error = await client.send(REQUEST, { signal: stop.signal }).catch((e) =>
    e
  );
  assertEquals(error, "enough");
});

Deno.test("SIO-001: an error's body is read to a limit and released", async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(10_000).fill(97)),
    cancel: () => void (cancelled = true),
  });
  const failure = await readFailure(
    new Response(endless, { status: 500 }),
    undefined,
  );
  assert(failure.text.length < 100_000);
  assert(cancelled);
  const broken = new ReadableStream<Uint8Array>({
    pull: () => Promise.reject(new Error("cut")),
  });
  assertEquals((await readFailure(new Response(broken), undefined)).text, "");
});

Deno.test("SIO-005: the real clock ends its wait with the abort", async () => {
  const stop = new AbortController();
  const client = new HttpClient(
    () => Promise.resolve(status(503)),
    { sign: (request) => request, toError: () => new Error("503") },
    new RetryPolicy(),
    { ...REAL_TIMING, random: () => 1 },
  );
  const sending = client.send(REQUEST, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 5);
  await assertRejects(() => sending, Error, "enough");
});
