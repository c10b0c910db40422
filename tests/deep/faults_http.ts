/**
 * A web server, for schedules: read-only for stores, but its files change.
 *
 * @module
 */
import { HttpBackend } from "../../backends/http/mod.ts";
import { RetryPolicy, Store } from "../../mod.ts";
import { cutAnswer, type Fault, networkFaults } from "../conformance/faults.ts";
import type { Held } from "./faults_history.ts";
import { httpLine, type World } from "./faults_world.ts";

/** A body that breaks off with an error: where no length is told, nothing else can be noticed. */
const cutLoudly: Fault = {
  ...cutAnswer,
  weight: 6,
  async happen({ send, cut, random, exchange }) {
    const response = await send();
    const at = random(MAX_CUT);
    exchange.note = `after ${at} bytes`;
    return response.body === null ? response : cut(response, at, false);
  },
};

const MAX_CUT = 300;

const FAULTS = networkFaults.map((fault) =>
  fault === cutAnswer ? cutLoudly : fault
);

/** How a server answers. */
interface Manners {
  /** Whether ranges are served. */
  readonly ranges: boolean;
  /** Whether lengths are told, or bodies come in chunks. */
  readonly lengths: boolean;
  readonly tags: "strong" | "weak" | "none";
  /** Whether parts have their tag too, as they have to (RFC 9110 §15.3.7). */
  readonly partTags: boolean;
  /** Whether `If-Match` is honoured. */
  readonly conditions: boolean;
}

/** Returns a web server as a seed has it. */
export function httpWorld(random: (limit: number) => number): World {
  const manners: Manners = {
    ranges: random(4) > 0,
    lengths: random(4) > 0,
    tags: (["strong", "strong", "weak", "none"] as const)[random(4)] ?? "none",
    partTags: random(4) > 0,
    conditions: random(4) > 0,
  };
  const files = new Map<string, Held>();
  let count = 0;
  const tagOf = () =>
    manners.tags === "none"
      ? null
      : `${manners.tags === "weak" ? "W/" : ""}"v${++count}"`;
  return {
    ground: {
      files: ["a", "b", "d/a"],
      folders: [],
      sizes: [8, 200, 600],
      streams: [0, 200, 600],
      kinds: { read: 24, info: 6, exists: 6 },
    },
    traits: {
      flat: true,
      tellsSize: manners.lengths,
      tellsTag: manners.partTags,
      isDraft: () => false,
    },
    fetch: (url, init) => Promise.resolve(answer(files, url, init, manners)),
    look: () => files,
    put(key, bytes) {
      const etag = tagOf();
      files.set(key, { etag, bytes, token: {} });
    },
    remove: (key) => void files.delete(key),
    connect(options) {
      const line = httpLine(options, FAULTS);
      const store = new Store({
        backend: new HttpBackend({
          baseUrl: "https://files.example/data/",
          ranges: random(4) > 0,
          retry: new RetryPolicy({
            attempts: random(3) + 2,
            minDelay: 100,
            maxDelay: 5000,
          }),
          fetch: line.fetch,
        }),
      });
      return { line, store };
    },
  };
}

function answer(
  files: ReadonlyMap<string, Held>,
  url: string,
  init: RequestInit,
  { ranges, lengths, partTags, conditions }: Manners,
): Response {
  const key = decodeURIComponent(new URL(url).pathname).replace("/data/", "");
  const file = files.get(key);
  if (file === undefined) return new Response("no such file", { status: 404 });
  const asked = new Headers(init.headers);
  const { etag, bytes } = file;
  const match = asked.get("if-match");
  // Strong comparison: a weak tag never matches (RFC 9110 §13.1.1).
  if (
    conditions && match !== null && (match !== etag || match.startsWith("W/"))
  ) {
    return new Response(null, { status: 412 });
  }
  const headers: Record<string, string> = {
    "content-type": "application/octet-stream",
    ...etag === null ? {} : { etag },
    ...ranges ? { "accept-ranges": "bytes" } : {},
  };
  const size = bytes.byteLength;
  const range = ranges && init.method !== "HEAD"
    ? windowOf(asked.get("range"), size)
    : null;
  if (range === "none") {
    headers["content-range"] = `bytes */${size}`;
    return new Response(null, { status: 416, headers });
  }
  const [from, to] = range ?? [0, size];
  if (range !== null && !partTags) delete headers["etag"];
  if (range !== null) {
    headers["content-range"] = `bytes ${from}-${to - 1}/${size}`;
  }
  if (lengths) headers["content-length"] = `${to - from}`;
  const body = init.method === "HEAD" ? null : bytes.slice(from, to);
  const status = range === null ? 200 : 206;
  return new Response(body, { status, headers });
}

function windowOf(
  range: string | null,
  size: number,
): [number, number] | "none" | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ??
    [];
  if (first === "" && last === "") return null;
  if (first === "") {
    const count = Math.min(Number(last), size);
    return count === 0 ? "none" : [size - count, size];
  }
  const from = Number(first);
  if (from >= size) return "none";
  return [from, last === "" ? size : Math.min(Number(last) + 1, size)];
}
