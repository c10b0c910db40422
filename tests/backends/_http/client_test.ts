import { assert, assertEquals, assertRejects } from "@std/assert";
import { AnswerFailure, empty } from "../../../backends/_http/answer.ts";
import {
  type Expected,
  HttpClient,
  type HttpRequest,
  type HttpService,
  type Repair,
} from "../../../backends/_http/client.ts";
import { REAL_TIMING } from "../../../backends/_http/retry.ts";
import { settle } from "../../../core/doubt.ts";
import {
  BackendUnavailableError,
  PermissionDeniedError,
  RemoteStoreError,
  RetryPolicy,
} from "../../../mod.ts";

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
      const headers = init.headers as Record<string, string>;
      sent.push({ ...REQUEST, url, headers });
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

const status = (code: number, headers: HeadersInit = {}, text = "said") =>
  new Response(text, { status: code, headers });

const text = (response: Response) => response.text();
const WANT: Expected<string> = { answers: { 200: text }, signal: undefined };

Deno.test("RET-001: what means later is tried again, each time signed anew", async () => {
  const { client, sent, waits } = setup([status(503), null, status(200)]);
  assertEquals(await client.get(REQUEST, WANT), "said");
  assertEquals(sent.map(({ headers }) => headers["n"]), ["0", "1", "2"]);
  assertEquals(waits, [10, 20]);
});

Deno.test("RET-001: a refusal is not tried again, and after the last attempt the error comes out", async () => {
  const refused = setup([status(403)]);
  await assertRejects(
    () => refused.client.get(REQUEST, WANT),
    Error,
    "403 said",
  );
  const { client } = setup([status(500), status(500), status(520)]);
  await assertRejects(() => client.get(REQUEST, WANT), Error, "520 said");
  const dead = setup([null, null, null]);
  await assertRejects(
    () => dead.client.get(REQUEST, WANT),
    BackendUnavailableError,
    "connection refused",
  );
});

Deno.test("ANS-004 a body that breaks off while it is read is a try that failed", async () => {
  const cut = () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.error(new Error("reset")),
      }),
    );
  const { client, sent } = setup([cut(), status(200)]);
  assertEquals(await client.get(REQUEST, WANT), "said");
  assertEquals(sent.length, 2);
  const all = setup([cut(), cut(), cut()]);
  await assertRejects(
    () => all.client.get(REQUEST, WANT),
    BackendUnavailableError,
    "no answer to the request",
  );
});

Deno.test("ANS-005 a good status that the request does not expect is no answer, nor is a page", async () => {
  const { client, sent } = setup([status(204, {}, null as never), status(200)]);
  assertEquals(await client.get(REQUEST, WANT), "said");
  assertEquals(sent.length, 2);
  const page = () => status(201, {}, "<html>Sign in</html>");
  const put = { answers: { 201: empty }, signal: undefined };
  const attempt = await setup([page(), page(), page()]).client
    .change(REQUEST, put);
  assertEquals(attempt.outcome, "doubtful");
});

Deno.test("ANS-006 an error that is not in the service's words says nothing of the store", async () => {
  const isOwn = ({ text }: { text: string }) => text.startsWith("<Error>");
  const own = () => status(404, {}, "<Error>");
  const page = () => status(404, {}, "<html>");
  const service = { isOwn };
  const { client } = setup([page(), own()], service);
  const answer = await client.ask(REQUEST, WANT, [404]);
  assertEquals(answer.outcome, "refused");
  const all = setup([page(), page(), page()], service);
  await assertRejects(
    () => all.client.ask(REQUEST, WANT, [404]),
    BackendUnavailableError,
  );
});

Deno.test("ANS-007 a refusal that is asked for comes back, its words read", async () => {
  const answer = await setup([status(416)]).client.ask(REQUEST, WANT, [416]);
  assert(answer.outcome === "refused");
  assertEquals([answer.failure.status, answer.failure.text], [416, "said"]);
  const later = await setup([status(503)]).client.ask(REQUEST, WANT, [503]);
  assertEquals(later.outcome, "refused");
});

Deno.test("ANS-008 a reader's own error passes, one that means later does not", async () => {
  const refuse = () => Promise.reject(new RemoteStoreError("stored as gzip"));
  const { client, sent } = setup([status(200)]);
  await assertRejects(
    () => client.get(REQUEST, { answers: { 200: refuse }, signal: undefined }),
    RemoteStoreError,
    "stored as gzip",
  );
  assertEquals(sent.length, 1);
});

Deno.test("BE-019: an error inside of a good status is one", async () => {
  const inside = (code: number) => () => {
    const headers = new Headers();
    throw new AnswerFailure({ status: code, headers, text: "no" });
  };
  const answers = { 200: inside(403) };
  const wanted = { answers, signal: undefined };
  await assertRejects(
    () => setup([status(200)]).client.get(REQUEST, wanted),
    Error,
    "403 no",
  );
  const attempt = await setup([null, status(200)]).client
    .change(REQUEST, { ...wanted, answers: { 200: inside(412) } });
  assertEquals(attempt.outcome, "doubtful");
});

const outcome = async (
  answers: (Response | null)[],
  service: Partial<HttpService> = {},
) => (await setup(answers, service).client.change(REQUEST, WANT)).outcome;

Deno.test("DOUBT-007 a change is doubtful once anything that was sent may have made it", async () => {
  assertEquals(await outcome([null, status(200)]), "done");
  assertEquals(await outcome([null, status(412)]), "doubtful");
  assertEquals(await outcome([status(500), status(412)]), "doubtful");
  assertEquals(await outcome([null, null, null]), "doubtful");
  assertEquals(
    await outcome([status(503), status(503), status(503)]),
    "doubtful",
  );
});

Deno.test("DOUBT-007 it is refused where all that was sent changed nothing for sure", async () => {
  assertEquals(await outcome([status(412)]), "refused");
  assertEquals(await outcome([status(429), status(412)]), "refused");
  assertEquals(await outcome([429, 429, 429].map((c) => status(c))), "refused");
  const service = { changedNothing: () => true };
  assertEquals(await outcome([status(503), status(412)], service), "refused");
});

Deno.test("DOUBT-007 what could not be signed was not sent", async () => {
  let asked = 0;
  const offline = {
    sign() {
      asked++;
      throw new BackendUnavailableError("no token");
    },
  };
  assertEquals(await outcome([], offline), "refused");
  assertEquals(asked, 3);
  const denied = {
    sign() {
      throw new PermissionDeniedError();
    },
  };
  assertEquals(await outcome([], denied), "refused");
});

Deno.test("RET-001: a request that is sent once is sent once", async () => {
  const { client, sent } = setup([status(503)]);
  const attempt = await client.change(REQUEST, { ...WANT, once: true });
  assertEquals([sent.length, attempt.outcome], [1, "doubtful"]);
});

/** A repair that goes to another place after a failure of one status. */
const goTo = (url: string, of: number): Repair => ({
  mend: ({ status }, request) => status === of ? { ...request, url } : null,
});

Deno.test("RET-001: a repair is tried once, and counts as no attempt", async () => {
  const { client, sent } = setup([status(301), status(301)], {
    repairs: [goTo("http://other/", 301)],
  });
  await assertRejects(() => client.get(REQUEST, WANT), Error, "301");
  assertEquals(sent.map(({ url }) => url), ["http://h/", "http://other/"]);
});

Deno.test("RET-001: each repair has its turn, in any order, between attempts too", async () => {
  const answers = [403, 301, 503, 400, 200].map((code) => status(code));
  const places = ["http://a/", "http://b/", "http://c/"];
  const repairs = [301, 400, 403].map((code, i) => goTo(places[i] ?? "", code));
  const { client, sent } = setup(answers, { repairs });
  assertEquals(await client.get(REQUEST, WANT), "said");
  assertEquals(
    sent.map(({ url }) => url.at(7)),
    ["h", "c", "a", "a", "b"],
  );
});

Deno.test("RET-001: a repair is told what was sent, and what its request met", async () => {
  const told: unknown[] = [];
  const repair: Repair = {
    mend(failure, request, signed) {
      told.push(failure.status, request.headers["n"], signed.headers["n"]);
      return request;
    },
    failed: (failure) => void told.push(failure.status),
  };
  const { client } = setup([status(400), status(403)], { repairs: [repair] });
  await assertRejects(() => client.get(REQUEST, WANT), Error, "403");
  assertEquals(told, [400, undefined, "0", 403]);
});

Deno.test("RET-019: what fetch does not take is told, and not repeated", async () => {
  const { client, sent } = setup([null], {
    sign: (request) => ({ ...request, headers: { "no name": "1" } }),
  });
  await assertRejects(
    () => client.get(REQUEST, WANT),
    RemoteStoreError,
    "fetch does not take the request",
  );
  assertEquals(sent.length, 1);
});

Deno.test("SIO-005: an abort comes out as its reason, whatever fetch throws", async () => {
  const stop = new AbortController();
  const { client } = setup([() => {
    stop.abort("enough");
    throw new TypeError("aborted");
  }]);
  const wanted = { ...WANT, signal: stop.signal };
  const error = await client.change(REQUEST, wanted).catch((e) => e);
  assertEquals(error, "enough");
});

Deno.test("SIO-005: the real clock ends its wait with the abort", async () => {
  const stop = new AbortController();
  const client = new HttpClient(
    () => Promise.resolve(status(503)),
    { sign: (request) => request, toError: () => new Error("503") },
    new RetryPolicy(),
    { ...REAL_TIMING, random: () => 1 },
  );
  const sending = client.get(REQUEST, { ...WANT, signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 5);
  await assertRejects(() => sending, Error, "enough");
});

Deno.test("RET-001: whatever stops a repetition before it is sent, the doubt about the first try stays", async () => {
  for (const thrown of ["denied", undefined, null, { code: 1 }, new Error()]) {
    let signed = 0;
    const sign = (request: HttpRequest) => {
      if (++signed > 1) throw thrown;
      return request;
    };
    const { client, sent } = setup([null], { sign });
    const request = { ...REQUEST, method: "PUT" };
    const attempt = await client.change(request, WANT);
    assertEquals([attempt.outcome, sent.length], ["doubtful", 1]);
    assert(attempt.outcome === "doubtful");
    assertEquals<unknown>(attempt.error, thrown);
    await assertRejects(
      () => settle(attempt, null, undefined),
      BackendUnavailableError,
      "may have been made",
    );
  }
});

Deno.test("RET-001: what stops the first try comes as it was thrown", async () => {
  for (const thrown of ["denied", undefined, { code: 1 }]) {
    const sign = () => {
      throw thrown;
    };
    const { client } = setup([], { sign });
    const reason = await client.get(REQUEST, WANT).then(
      () => "answered",
      (reason) => reason,
    );
    assert(reason === thrown);
    const attempt = await client.change(REQUEST, WANT);
    assert(attempt.outcome === "refused");
    assertEquals<unknown>(attempt.error, thrown);
  }
});
