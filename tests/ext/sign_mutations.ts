/**
 * Questions that begin as this library asks them and end otherwise, and a reader of signed
 * requests that shares nothing with the handler.
 *
 * @module
 */
import fc from "fast-check";
import { formatDelete } from "../../backends/s3/deleting.ts";
import { createHash } from "node:crypto";
import { FakeS3 } from "../fakes/s3/service.ts";
import { scene, SIGN_URL } from "./sign_fixture.ts";
import {
  BUCKET,
  HOME,
  opening,
  PLAN,
  type Question,
  question,
} from "./sign_questions.ts";

const PIECES = [
  "..",
  ".",
  "/",
  "//",
  "%2e%2e",
  "%2E",
  "%2F",
  "%5C",
  "\\",
  "#",
  "?",
  "&",
  "=",
  "+",
  "%00",
  "%0a",
  "users",
  "42",
  "43",
  "bucket",
  "other",
  "@evil.test",
  ":80",
  ";",
  "%25",
  "%",
  "ä",
  "\u2215",
  "\ud83d",
  "prefix=",
  "list-type=2",
  "uploadId=A",
  "partNumber=1",
  "versionId=1",
  "acl",
  "tagging=",
  "delete=",
  "x-amz-copy-source",
  "X-Amz-Signature=0",
  "response-content-type=text%2Fhtml",
  "a",
  "A",
  " ",
] as const;

const LIST = `${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F42%2F`;

function bulk(keys: readonly string[]): Question {
  const bytes = formatDelete(keys);
  return question({
    method: "POST",
    url: `${BUCKET}/?delete=`,
    headers: {
      "content-type": "application/xml",
      "x-amz-checksum-sha256": createHash("sha256").update(bytes).digest(
        "base64",
      ),
    },
    size: bytes.byteLength,
    body: btoa(String.fromCharCode(...bytes)),
  });
}

const SEEDS: readonly Question[] = [
  question(),
  question({ method: "HEAD", headers: { "x-amz-checksum-mode": "ENABLED" } }),
  question({
    method: "PUT",
    size: 3,
    headers: { "content-type": "text/plain" },
  }),
  question({ method: "DELETE" }),
  question({ url: `${HOME}/a%20b/%C3%A4.txt` }),
  question({ url: LIST }),
  question({ url: `${LIST}a&delimiter=%2F&max-keys=10&continuation-token=x` }),
  question({ url: `${LIST}a&max-keys=10&start-after=x` }),
  question({
    method: "PUT",
    headers: { "x-amz-copy-source": "/bucket/users/42/b.txt" },
  }),
  question({ method: "HEAD", url: `${BUCKET}/` }),
  opening(),
  opening({ plan: { ...PLAN, source: "/bucket/users/42/b.txt" } }),
  bulk(["users/42/a", "users/42/b"]),
];

const piece = fc.constantFrom(...PIECES);

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(6),
  insert: fc.oneof(piece, fc.string({ maxLength: 3, unit: "binary" })),
});

function edited(
  text: string,
  edits: readonly { at: number; remove: number; insert: string }[],
) {
  let out = text;
  for (const { at, remove, insert } of edits) {
    const start = Math.floor(at * (out.length + 1));
    out = out.slice(0, start) + insert + out.slice(start + remove);
  }
  return out;
}

// Most parts stay as they are: else nothing is signed, and nothing is tried.
const edits = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 2, arbitrary: fc.array(edit, { minLength: 1, maxLength: 3 }) },
);

function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary },
  );
}

/** Questions, changed at up to three places in each of their parts. */
export const QUESTIONS: fc.Arbitrary<Question> = fc.record({
  seed: fc.constantFrom(...SEEDS),
  method: rarely(
    fc.constantFrom("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"),
  ),
  url: edits,
  name: edits,
  value: edits,
  key: edits,
  field: rarely(
    fc.tuple(
      fc.constantFrom(
        "range",
        "if-match",
        "x-amz-acl",
        "x-amz-copy-source",
        "content-type",
        "x-amz-meta-a",
        "host",
        "__proto__",
      ),
      fc.oneof(
        piece,
        fc.constant("/bucket/users/43/a"),
        fc.string({ maxLength: 8 }),
      ),
    ),
  ),
  size: rarely(fc.nat(9)),
}).map(({ seed, method, url, name, value, key, field, size }) => {
  const headers = Object.entries(seed["headers"] as Record<string, string>)
    .map((
      [of, text],
    ): [string, string] => [edited(of, name.slice(0, 1)), edited(text, value)]);
  if (field !== null) headers.push(field);
  const plan = seed["plan"] as Partial<typeof PLAN> | undefined;
  const source = plan?.source ?? null;
  const copies = source === null
    ? {}
    : { plan: { ...plan, source: edited(source, key) } };
  const isBulk = seed["body"] !== undefined && key.length > 0;
  return {
    ...isBulk ? bulk(["users/42/a", edited("users/42/b", key)]) : seed,
    ...method === null ? {} : { method },
    ...copies,
    url: edited(seed["url"] as string, url),
    ...isBulk ? {} : { headers: Object.fromEntries(headers) },
    ...size === null ? {} : { size },
  };
});

const DECODER = new TextDecoder("utf-8", { fatal: true });

function decoded(text: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "%") {
      bytes.push(parseInt(text.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(...new TextEncoder().encode(text[at]));
  }
  return DECODER.decode(Uint8Array.from(bytes));
}

/** A request that was signed. */
interface Sent {
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** Returns what is wrong with a request that was signed, as whoever sends it reads it; `null` where nothing is. */
export function outside(
  asked: Question,
  { url: signed, headers }: Sent,
): string | null {
  const url = new URL(signed);
  if (url.host !== "s3.test" || url.protocol !== "http:") return "the host";
  if (url.hash !== "" || url.username !== "") return "a part of the URL";
  if (!signed.startsWith(url.origin + url.pathname)) return "another path";
  const path = decoded(url.pathname);
  const source = headers["x-amz-copy-source"];
  if (source !== undefined && !isInside(decoded(source))) return "the source";
  if (
    Object.keys(headers).some((name) =>
      /^x-amz-(?!meta-|copy-source|checksum|date|content-sha256)/.test(name)
    )
  ) {
    return "a field";
  }
  if (path !== "/bucket/") return isInside(path) ? null : "the path";
  if (asked["method"] === "HEAD") return null;
  if (asked["method"] === "GET") {
    const prefixes = url.searchParams.getAll("prefix");
    const isOne = prefixes.length === 1 && prefixes[0]!.startsWith("users/42/");
    return isOne ? null : "the prefix";
  }
  const body = atob(String(asked["body"]));
  const keys = [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) =>
    key!
  );
  const isAll = keys.length > 0 &&
    keys.every((key) =>
      key.startsWith("users/42/") && !/(?:^|\/)\.\.?(?:\/|$)/.test(key)
    );
  return isAll ? null : "a key";
}

function isInside(path: string): boolean {
  return path.startsWith("/bucket/users/42/") &&
    path.length > "/bucket/users/42/".length &&
    !path.split("/").some((part) => part === "." || part === "..");
}

/** Asks so many changed questions, and returns how many were signed and what was wrong with them. */
export async function askMutated(
  runs: number,
  seed: number,
): Promise<{ signed: number; wrong: string[]; untyped: string[] }> {
  const fake = new FakeS3();
  fake.bucket.put("users/42/b.txt", new Uint8Array(1), {});
  // What the handler sends on, it has signed as well.
  const sent: Sent[] = [];
  const fetch = (url: string, init: RequestInit) => {
    sent.push({ url, headers: Object.fromEntries(new Headers(init.headers)) });
    return fake.fetch(url, init);
  };
  const { sign } = scene({ fake, server: { fetch } });
  const questions = fc.sample(QUESTIONS, { numRuns: runs, seed });
  const wrong: string[] = [];
  const untyped: string[] = [];
  let signed = 0;
  for (const asked of questions) {
    const response = await sign(
      new Request(SIGN_URL, {
        method: "POST",
        headers: { "content-type": "application/json", "x-remote-store": "1" },
        body: JSON.stringify({ v: 1, requests: [asked] }),
      }),
    );
    const answer = await response.json();
    const error = answer.error ?? answer.results[0].error;
    if (error !== undefined) {
      const isTyped = ["InvalidArgument", "InvalidPath", "NotFound"].includes(
        error.code,
      );
      if (!isTyped) untyped.push(JSON.stringify([asked, error]));
      continue;
    }
    signed++;
    const { answer: opened, ...result } = answer.results[0];
    const given: Sent[] = opened === undefined ? [result] : result.along ?? [];
    for (const one of given) {
      const why = outside(asked, one);
      if (why !== null) wrong.push(`${why}: ${JSON.stringify(asked)}`);
    }
  }
  for (const one of sent) {
    const why = outside(question(), one);
    if (why !== null) wrong.push(`${why}: ${one.url}`);
  }
  return { signed, wrong, untyped };
}
