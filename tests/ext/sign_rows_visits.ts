/**
 * Pure: requests to a handler that no page of this library sends in that way or for that
 * visitor, by class, with what each gets.
 *
 * @module
 */
import type { SignHandlerOptions } from "../../ext/sign.ts";
import { request } from "./sign_asking.ts";
import { type Scene, SIGN_URL } from "./sign_fixture.ts";
import { HOME, opening, type Question, question } from "./sign_questions.ts";

/** A row: its class, what is done, and the refusal. */
export interface Visit {
  readonly kind: number;
  readonly name: string;
  /** How the handler is made, where that matters. */
  readonly handler?: Partial<SignHandlerOptions>;
  /** Sends what leads up to it, and returns the answer that refuses. */
  readonly visit: (scene: Scene) => Response | Promise<Response>;
  readonly status: number;
  /** What the answer says; nothing where it has no body. */
  readonly why: RegExp;
}

/** Returns the body of a request with one question. */
export const asking = (one: Question = question()) => ({
  v: 1,
  requests: [one],
});

/** Asks one question. */
export function send(
  sign: Scene["sign"],
  asked: Question,
  headers: Record<string, string> = {},
): Promise<Response> {
  return sign(request(asking(asked), headers));
}

// The visitors of sessions, as an application finds them.
const sessions = new Map<string, string>();
/** The root of whoever has a session. */
export const bySession: SignHandlerOptions["root"] = (asked) => {
  const user = sessions.get(asked.headers.get("cookie") ?? "");
  if (user === undefined) throw new Error("the session has ended");
  return `users/${user}`;
};

/** Makes a session and returns the header fields of its pages. */
export function sessionOf(user: string): Record<string, string> {
  const cookie = `session=${crypto.randomUUID()}`;
  sessions.set(cookie, user);
  return { cookie };
}

function streamed(text: string, times: number): ReadableStream<Uint8Array> {
  let left = times;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new TextEncoder().encode(text));
      else controller.close();
    },
  });
}

const without = (name: string, more: Record<string, string> = {}) => {
  const asked = request(asking(), more);
  asked.headers.delete(name);
  return asked;
};

const denying = (authorize: unknown): Partial<SignHandlerOptions> => ({
  authorize: authorize as SignHandlerOptions["authorize"],
  authorizeTimeout: 20,
});

const REFUSED = /Cannot read \\"a.txt\\": it is not allowed/;

/** Classes 58 to 67, as far as they are no question of their own. */
export const VISITS: readonly Visit[] = [
  ...([
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["JSON that says it is text", { "content-type": "text/plain" }, 415],
    ["a foreign origin", { origin: "https://evil.example" }, 403],
    ["the origin of a sandbox", { origin: "null" }, 403],
  ] as const).map(([name, headers, status]): Visit => ({
    kind: 58,
    name,
    visit: ({ sign }) => sign(request(asking(), headers)),
    status,
    why: /it is no JSON|the origin is another/,
  })),
  ...([
    ["cookies without an origin", { cookie: "a=b" }],
    ["another site's page", { "sec-fetch-site": "cross-site" }],
    ["a page of the same site", { "sec-fetch-site": "same-site" }],
  ] as const).map(([name, headers]): Visit => ({
    kind: 58,
    name,
    visit: ({ sign }) => sign(without("origin", headers)),
    status: 403,
    why: /cookies and no origin|from another site/,
  })),
  {
    kind: 58,
    name: "the field that no form sends is missing",
    visit: ({ sign }) => sign(without("x-remote-store")),
    status: 403,
    why: /the field x-remote-store is missing/,
  },
  ...([
    ["throws", () => {
      throw new Error("the database is down");
    }],
    ["rejects", () => Promise.reject(new Error("the database is down"))],
    ["returns a text", () => "yes"],
    ["returns a number", () => 1],
    ["returns an object that says nothing", () => ({})],
    ["returns a function", () => () => true],
    ["returns nothing", () => undefined],
  ] as const).map(([name, authorize]): Visit => ({
    kind: 60,
    name: `authorize ${name}`,
    handler: denying(authorize),
    visit: ({ sign }) => send(sign, question()),
    status: 200,
    why: REFUSED,
  })),
  {
    kind: 60,
    name: "authorize hangs",
    handler: denying(() => new Promise(() => {})),
    visit: ({ sign }) => send(sign, question()),
    status: 200,
    why: /the rules gave no answer in time/,
  },
  {
    kind: 61,
    name: "one of a batch is refused, and tells nothing of the others",
    async visit({ sign }) {
      const answer = await sign(request({
        v: 1,
        requests: [
          question({ url: `${HOME}/private.txt` }),
          question({ url: "http://s3.test/bucket/users/43/a" }),
        ],
      }));
      const { results: [own, other] } = await answer.json();
      const told = JSON.stringify(other);
      return own.url !== undefined && !told.includes("private")
        ? Response.json(other)
        : Response.json({ own, other }, { status: 500 });
    },
    status: 200,
    why: /it names no file below the root/,
  },
  {
    kind: 62,
    name: "what is there and what is not are refused in the same words",
    handler: denying(() => false),
    async visit({ sign, fake }) {
      const answers = new Set<string>();
      for (const isThere of [false, true]) {
        if (isThere) fake.bucket.put("users/42/a.txt", new Uint8Array(1), {});
        const answer = await send(sign, question());
        answers.add(JSON.stringify((await answer.json()).results));
      }
      const [one = ""] = answers;
      return new Response(one, { status: answers.size === 1 ? 200 : 500 });
    },
    status: 200,
    why: REFUSED,
  },
  {
    kind: 63,
    name: "a question of a session that has ended is sent again",
    handler: { root: bySession },
    async visit({ sign }) {
      const headers = sessionOf("42");
      const first = await send(sign, question(), headers);
      await first.body?.cancel();
      sessions.delete(headers["cookie"]!);
      return await send(sign, question(), headers);
    },
    status: 403,
    why: /there is no root/,
  },
  {
    kind: 63,
    name: "another visitor's question is sent by one's own session",
    handler: { root: bySession },
    visit: ({ sign }) => send(sign, question(), sessionOf("43")),
    status: 200,
    why: /it names no file below the root/,
  },
  {
    kind: 66,
    name: "a plain GET, as a link or a prefetch sends it",
    visit: ({ sign }) => sign(new Request(SIGN_URL)),
    status: 405,
    why: /it takes POST/,
  },
  ...["HEAD", "PUT", "PATCH", "DELETE"].map((method): Visit => ({
    kind: 66,
    name: method,
    visit: ({ sign }) =>
      sign(
        new Request(SIGN_URL, { method, headers: { "x-remote-store": "1" } }),
      ),
    status: 405,
    why: /it takes POST/,
  })),
  ...["/../a.txt", "/a.css", "/%2e%2e/admin", "//users/43/a.txt"].map((
    suffix,
  ): Visit => ({
    kind: 66,
    name: `the path ends with ${suffix}, and what is asked for lies outside`,
    visit: ({ sign }) =>
      sign(
        new Request(
          SIGN_URL + suffix,
          request(asking(question({ url: "http://s3.test/bucket/a.txt" }))),
        ),
      ),
    status: 200,
    why: /it names no file below the root/,
  })),
  ...([
    ["a body that is no JSON", "requests=1", 400],
    ["an empty body", "", 400],
    ["a body that is no UTF-8", new Uint8Array([0xff, 0xfe]), 400],
    ["half of a body", '{"v":1,"requests":[', 400],
    ["a body of megabytes", " ".repeat(2 ** 23 + 1), 413],
  ] as const).map(([name, body, status]): Visit => ({
    kind: 66,
    name,
    visit: ({ sign }) => sign(request("", {}, { body })),
    status,
    why: /is no JSON|is no UTF-8|more than 8388608 bytes/,
  })),
  {
    kind: 66,
    name: "a body of megabytes in chunks, whose length nobody says",
    visit: ({ sign }) =>
      sign(request("", {}, { body: streamed(" ".repeat(65_536), 129) })),
    status: 413,
    why: /more than 8388608 bytes/,
  },
  ...["gzip", "deflate", "br"].map((coding): Visit => ({
    kind: 66,
    name: `a body that is ${coding}`,
    visit: ({ sign }) =>
      sign(request(asking(), { "content-encoding": coding })),
    status: 415,
    why: /the body is coded/,
  })),
  {
    kind: 67,
    name: "the root is none",
    handler: { root: () => undefined as unknown as string },
    visit: ({ sign }) => send(sign, question()),
    status: 403,
    why: /there is no root/,
  },
];

/** Class 65: requests whose answers nobody may keep, as they hold signatures or tell of the store. */
export const ANSWERS:
  readonly (readonly [name: string, asked: () => Request])[] = [
    ["signatures", () => request(asking())],
    ["an opened upload", () => request(asking(opening()))],
    [
      "a refusal",
      () => request(asking(question({ url: "http://s3.test/bucket/a" }))),
    ],
    ["a malformed question", () => request("{")],
    [
      "the description",
      () => new Request(SIGN_URL, { headers: { "x-remote-store": "1" } }),
    ],
    [
      "the description, by a name that caches know",
      () =>
        new Request(`${SIGN_URL}/a.css`, {
          headers: { "x-remote-store": "1" },
        }),
    ],
    ["a link", () => new Request(SIGN_URL)],
    [
      "a foreign origin",
      () => request(asking(), { origin: "https://evil.example" }),
    ],
    ["a foreign origin's preflight", () =>
      new Request(SIGN_URL, {
        method: "OPTIONS",
        headers: { origin: "https://evil.example" },
      })],
    [
      "an errand that is none",
      () => request(asking(), { "x-remote-store-run": "a.b" }),
    ],
  ];
