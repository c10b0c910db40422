import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { s3Signing } from "../../backends/s3/signing.ts";
import { S3Backend } from "../../backends/s3/mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { signHandler, type SignHandlerOptions } from "../../ext/sign.ts";
import { Store } from "../../mod.ts";
import { ACCOUNT } from "../fakes/s3/service.ts";
import { scene, SIGN_URL } from "./sign_fixture.ts";
import {
  HOME,
  MALFORMED,
  opening,
  PLAN,
  type Question,
  question,
  ROWS,
} from "./sign_questions.ts";

/** Sends a question as a page's script does. */
function request(
  body: unknown,
  headers: Record<string, string> = {},
  init: RequestInit = {},
): Request {
  return new Request(SIGN_URL, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-remote-store": "1",
      origin: "https://app.example.com",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
}

interface Result {
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly ticket?: string;
  readonly here?: string;
  readonly expires?: string;
  readonly enforced?: string[];
  readonly error?: { code: string; message: string };
}

const RULES: SignHandlerOptions["authorize"] = (asked) => {
  if (asked.path.startsWith("secret/")) return asked.operation === "write";
  if (asked.path.startsWith("only-new/")) return asked.create;
  return true;
};

async function ask(
  questions: readonly Question[],
  handler: Partial<SignHandlerOptions> = {},
): Promise<Result[]> {
  const { sign } = scene({ handler: { authorize: RULES, ...handler } });
  const response = await sign(request({ v: 1, requests: questions }));
  assertEquals(response.status, 200);
  return (await response.json()).results;
}

Deno.test("SIGN-001 what this library does not ask is refused, each with its reason", async (t) => {
  const kinds = new Set<number>();
  for (const [kind, asked, why] of ROWS) {
    kinds.add(kind);
    const text = JSON.stringify(asked).slice(0, 120);
    await t.step(`${kind} ${text}`, async () => {
      const { sign, fake } = scene({ handler: { authorize: RULES } });
      const response = await sign(request({ v: 1, requests: [asked] }));
      const answer = await response.json();
      const error = answer.error ?? answer.results[0].error;
      assert(error !== undefined, "it was signed");
      assertMatch(error.message, why);
      assert(!JSON.stringify(answer).includes("X-Amz-"));
      assertEquals(fake.log, []);
    });
  }
  assert(kinds.size > 40, `${kinds.size}`);
});

Deno.test("SIGN-002 a request that is malformed is refused as a whole", async () => {
  const { sign } = scene();
  for (const [kind, body, why] of MALFORMED) {
    const response = await sign(request(body));
    assertEquals(response.status, 400, `${kind} ${JSON.stringify(body)}`);
    assertMatch((await response.json()).error.message, why);
  }
  for (const body of ["{", "", "\u0000", "[".repeat(100_000)]) {
    const response = await sign(request(body));
    assertEquals(response.status, 400);
    await response.body?.cancel();
  }
});

Deno.test("SIGN-003 each operation of the list is signed, for its path, on all its fields", async () => {
  const results = await ask([
    question({ headers: { range: "bytes=0-9", "if-match": '"a"' } }),
    question({ method: "HEAD", headers: { "x-amz-checksum-mode": "ENABLED" } }),
    question({
      url:
        "http://s3.test/bucket/?list-type=2&encoding-type=url&prefix=users%2F42%2Fa&delimiter=%2F&max-keys=10",
    }),
    question({ method: "PUT", size: 3 }),
    question({ method: "DELETE", headers: { "if-match": '"a"' } }),
    opening(),
  ]);
  assertEquals(results.map(({ error }) => error), Array(6).fill(undefined));
  const [get, head, list, put, remove, open] = results.map(({ url = "" }) =>
    new URL(url)
  );
  const signed = (url?: URL) => url?.searchParams.get("X-Amz-SignedHeaders");
  assertEquals(signed(get), "host;if-match;range");
  assertEquals(signed(head), "host");
  assertEquals(head?.searchParams.get("x-amz-checksum-mode"), "ENABLED");
  assertEquals(results[1]?.headers, {});
  assertEquals(list?.searchParams.get("prefix"), "users/42/a");
  // A size always, and a type: else the page could add one.
  assertEquals(signed(put), "content-length;content-type;host");
  assertEquals(results[3]?.headers, {
    "content-type": "application/octet-stream",
  });
  assertEquals(results[3]?.enforced, ["size", "type"]);
  assertEquals(signed(remove), "host;if-match");
  assertEquals(signed(open), "content-length;content-type;host");
});

Deno.test("SIGN-004 a batch is answered one by one, and says nothing of the others", async () => {
  const [own, other] = await ask([
    question(),
    question({ url: "http://s3.test/bucket/users/43/b.txt" }),
  ]);
  assert(own?.url?.includes("X-Amz-Signature"));
  assertEquals(other?.error?.code, "InvalidPath");
  assert(!other?.error?.message.includes("a.txt"));
});

Deno.test("SIGN-005 what is there and what is not are answered alike, and the service is not asked", async () => {
  const { sign, fake } = scene({ handler: { now: () => 0 } });
  fake.bucket.put("users/42/there", new Uint8Array(1), {});
  const shapes = [];
  for (const name of ["there", "gone!"]) {
    const url = `${HOME}/${encodeURIComponent(name).replace("!", "%21")}`;
    const response = await sign(request({
      v: 1,
      requests: ["GET", "HEAD", "DELETE"].map((method) =>
        question({ url, method })
      ),
    }));
    const { results } = await response.json();
    shapes.push(results.map((result: Result) => Object.keys(result)));
  }
  assertEquals(shapes[0], shapes[1]);
  assertEquals(fake.log, []);
});

Deno.test("SIGN-006 only a yes and a grant that narrows allow", async () => {
  const no: unknown[] = [
    false,
    null,
    undefined,
    "yes",
    1,
    {},
    [],
    { maxSize: "3" },
    { maxSize: 0 },
    { maxSize: 9, allowed: true },
    { contentType: "a\nb" },
    { metadata: { a: 1 } },
    () => true,
    Symbol("yes"),
  ];
  for (const answer of no) {
    for (
      const authorize of [() => answer, () => Promise.resolve(answer)]
    ) {
      // deno-lint-ignore no-explicit-any -- what an application may return
      const [result] = await ask([question()], { authorize: authorize as any });
      assertEquals(result?.error?.code, "PermissionDenied", String(answer));
    }
  }
  for (
    const authorize of [
      () => {
        throw new Error("the database at 10.0.0.1 is down");
      },
      () => Promise.reject(new Error("the database at 10.0.0.1 is down")),
    ]
  ) {
    const [result] = await ask([question()], { authorize });
    assertEquals(result?.error, {
      code: "PermissionDenied",
      message: 'Cannot read "a.txt": it is not allowed',
    });
  }
  const [late] = await ask([question()], {
    authorize: () => new Promise<boolean>(() => {}),
    authorizeTimeout: 5,
  });
  assertEquals(late?.error?.code, "BackendUnavailable");
});

Deno.test("SIGN-007 a grant narrows, and what it fixes is signed and sent back", async () => {
  const [result] = await ask([
    question({
      method: "PUT",
      size: 3,
      headers: { "content-type": "text/html", "x-amz-meta-a": "b" },
    }),
  ], {
    now: () => 0,
    authorize: () => ({
      maxSize: 3,
      expiresIn: 60,
      contentType: "text/plain",
      metadata: { owner: "42" },
    }),
  });
  assertEquals(result?.headers, {
    "content-type": "text/plain",
    "x-amz-meta-owner": "42",
  });
  assertEquals(result?.expires, "1970-01-01T00:01:00.000Z");
  const url = new URL(result?.url ?? "");
  assertEquals(url.searchParams.get("X-Amz-Expires"), "60");
  const [large] = await ask([question({ method: "PUT", size: 4 })], {
    authorize: () => ({ maxSize: 3 }),
  });
  assertEquals(large?.error?.code, "PermissionDenied");
  const [link] = await ask([question({ expiresIn: 604_800 })]);
  const seconds = new URL(link?.url ?? "").searchParams.get("X-Amz-Expires");
  assertEquals(seconds, "900");
});

Deno.test("SIGN-008 another site's page, a form and a link get nothing", async () => {
  const { sign } = scene({ handler: { origins: ["https://other.example"] } });
  const body = { v: 1, requests: [question()] };
  const status = async (asked: Request) => {
    const response = await sign(asked);
    const { headers } = response;
    assertEquals(headers.get("cache-control") ?? "no-store", "no-store");
    const text = await response.text();
    assert(response.ok || !text.includes("X-Amz-"));
    return response.status;
  };
  const without = (name: string, more: Record<string, string> = {}) => {
    const asked = request(body, more);
    asked.headers.delete(name);
    return asked;
  };
  assertEquals(await status(request(body)), 200);
  assertEquals(
    await status(request(body, { origin: "https://other.example" })),
    200,
  );
  assertEquals(
    await status(request(body, { origin: "https://evil.example" })),
    403,
  );
  assertEquals(await status(request(body, { origin: "null" })), 403);
  assertEquals(await status(without("x-remote-store")), 403);
  assertEquals(await status(without("origin", { cookie: "a=b" })), 403);
  assertEquals(
    await status(without("origin", { "sec-fetch-site": "cross-site" })),
    403,
  );
  assertEquals(
    await status(without("origin", { "sec-fetch-site": "same-site" })),
    403,
  );
  assertEquals(
    await status(
      without("origin", { cookie: "a=b", "sec-fetch-site": "same-origin" }),
    ),
    200,
  );
  for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
    assertEquals(await status(request(body, { "content-type": type })), 415);
  }
  assertEquals(
    await status(request(body, { "content-encoding": "gzip" })),
    415,
  );
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "PATCH"]) {
    assertEquals(await status(new Request(SIGN_URL, { method })), 405, method);
  }
  assertEquals(await status(request("x".repeat(2 ** 21 + 1))), 413);
});

Deno.test("SIGN-008 a browser's question is answered for the origins that are named", async () => {
  const { sign } = scene({ handler: { origins: ["https://other.example"] } });
  const preflight = (origin: string) =>
    sign(
      new Request(SIGN_URL, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type,x-remote-store",
        },
      }),
    );
  const yes = await preflight("https://other.example");
  assertEquals(yes.status, 204);
  assertEquals(
    yes.headers.get("access-control-allow-origin"),
    "https://other.example",
  );
  const no = await preflight("https://evil.example");
  assertEquals(no.status, 403);
  assertEquals(no.headers.get("access-control-allow-origin"), null);
});

Deno.test("SIGN-009 without a root nothing is signed, and all of the store has to be said", async () => {
  for (
    const root of [
      () => "users/../43",
      () => "/users/42",
      () => "users/42/",
      // deno-lint-ignore no-explicit-any -- what an application may return
      () => undefined as any,
      // deno-lint-ignore no-explicit-any -- the same
      () => null as any,
      () => Promise.reject(new Error("no session")),
    ]
  ) {
    const { sign } = scene({ handler: { root } });
    const response = await sign(request({ v: 1, requests: [question()] }));
    assertEquals(response.status, 403);
    assertEquals(
      (await response.json()).error.message,
      "Cannot sign: there is no root",
    );
  }
  const [all] = await ask(
    [question({ url: "http://s3.test/bucket/users/43/b.txt" })],
    { root: "" },
  );
  assert(all?.url !== undefined);
});

Deno.test("SIGN-010 a handler that could not hold what it says is not made", () => {
  const backend = new S3Backend({
    bucket: "bucket",
    endpoint: "http://s3.test",
    dialect: "aws",
    credentials: ACCOUNT,
  });
  const store = new Store({ backend });
  const base = { store, signing: s3Signing, root: "", authorize: () => true };
  signHandler(base);
  const wrong: Partial<Record<keyof SignHandlerOptions, unknown>>[] = [
    { root: undefined },
    { authorize: undefined },
    { signing: undefined },
    { complete: "there" },
    { maxExpires: 0 },
    { maxExpires: 700_000 },
    { maxBatch: 1.5 },
    { ticketKey: "short" },
    { unsignedFields: "maybe" },
  ];
  for (const change of wrong) {
    assertThrows(
      () => signHandler({ ...base, ...change } as SignHandlerOptions),
      TypeError,
      undefined,
      JSON.stringify(change),
    );
  }
  const over = (options: Record<string, unknown>, dialect = "aws") =>
    signHandler({
      ...base,
      store: new Store({
        backend: new S3Backend({
          bucket: "bucket",
          endpoint: "http://s3.test",
          dialect: dialect as "aws",
          ...options,
        }),
      }),
    });
  assertThrows(
    () => over({ credentials: ACCOUNT }, "ceph"),
    TypeError,
    "unsignedFields",
  );
  assertThrows(
    () => over({ credentials: () => Promise.resolve(ACCOUNT) }),
    TypeError,
    "ticketKey",
  );
  assertThrows(
    () => over({ credentials: "anonymous" }),
    Error,
    "no credentials",
  );
  assertThrows(
    () =>
      over({
        credentials: ACCOUNT,
        headers: { "x-amz-server-side-encryption-customer-key": "a2V5" },
      }),
    TypeError,
    "customer",
  );
  assertThrows(
    () =>
      signHandler({
        ...base,
        store: new Store({ backend: new MemoryBackend() }),
      }),
    Error,
  );
});

const MIB = 2 ** 20;

Deno.test("SIGN-011 a ticket admits the size that was allowed, each part of its own, and no more", async () => {
  const { sign } = scene();
  const send = async (asked: Question): Promise<Result> => {
    const response = await sign(request({ v: 1, requests: [asked] }));
    return (await response.json()).results[0];
  };
  const plan = { ...PLAN, size: 50 * MIB };
  const { ticket } = await send(opening({ plan }));
  const part = (number: number, size: number, more: Question = {}) =>
    send(question({
      method: "PUT",
      url: `${HOME}/big.bin?partNumber=${number}&uploadId=ABC`,
      size,
      ticket,
      ...more,
    }));
  for (let number = 1; number <= 6; number++) {
    assert((await part(number, 8 * MIB)).url, `${number}`);
  }
  assert((await part(7, 2 * MIB)).url);
  // 51 MiB: a longer last part, an eighth one, a longer one in the middle.
  for (
    const [number, size] of [
      [7, 3 * MIB],
      [8, 1 * MIB],
      [3, 9 * MIB],
      [7, 8 * MIB],
      [1, 1],
      [1, 0],
    ] as const
  ) {
    const { error } = await part(number, size);
    assertEquals(error?.code, "InvalidArgument", `${number} ${size}`);
  }
  const other = await part(1, 8 * MIB, {
    url: `${HOME}/other.bin?partNumber=1&uploadId=ABC`,
  });
  assertMatch(other.error?.message ?? "", /another file/);
  // Every bit, one at a time: a sample in the content, all of the seal.
  const text = ticket ?? "";
  const positions = Array.from({ length: text.length }, (_, at) => at)
    .filter((at) => at % 7 === 0 || at > text.length - 44);
  for (const at of positions) {
    for (const char of ["A", "B", "-"]) {
      if (text[at] === char) continue;
      const { error } = await part(1, 8 * MIB, {
        ticket: text.slice(0, at) + char + text.slice(at + 1),
      });
      assertMatch(error?.message ?? "", /the ticket is none/, `${at}`);
    }
  }
});

Deno.test("SIGN-011 a ticket is good for one root, one deployment and one time", async () => {
  let now = Date.now();
  let user = "users/42";
  let allowed = true;
  const asked: string[] = [];
  const { sign } = scene({
    handler: {
      now: () => now,
      root: () => user,
      authorize: ({ operation, path, size }) => {
        asked.push(`${operation} ${path} ${size}`);
        return allowed;
      },
    },
  });
  const send = async (question: Question, by = sign): Promise<Result> => {
    const response = await by(request({ v: 1, requests: [question] }));
    return (await response.json()).results[0];
  };
  const { ticket } = await send(opening());
  const part = question({
    method: "PUT",
    url: `${HOME}/big.bin?partNumber=1&uploadId=ABC`,
    size: 8 * MIB,
    ticket,
  });
  assert((await send(part)).url);
  assertEquals(asked.length, 1);
  const elsewhere = scene({
    handler: { ticketKey: "another deployment has another key" },
  });
  assertMatch(
    (await send(part, elsewhere.sign)).error?.message ?? "",
    /ticket/,
  );
  user = "users/43";
  assertEquals((await send(part)).error?.code, "InvalidPath");
  user = "users";
  assertMatch((await send(part)).error?.message ?? "", /another file/);
  user = "users/42";
  // Over: the rules are asked again, and the page gets another one.
  now += 3_600_000;
  const renewed = await send(part);
  assert(renewed.url && renewed.ticket && renewed.ticket !== ticket);
  assertEquals(asked.length, 2);
  allowed = false;
  assertEquals((await send(part)).error?.code, "PermissionDenied");
  assert((await send({ ...part, ticket: renewed.ticket })).url);
});
