/**
 * Servers that hand out one file in many ways, and platforms that fetch from them: what a
 * length, a range or a tag is about differs with each.
 */
import { inRuntime } from "./runtime.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A file, plain and as gzip has it. */
export interface Forms {
  readonly plain: Bytes;
  readonly gzip: Bytes;
}

/** What a server is asked. */
interface Asked {
  readonly method: string;
  readonly headers: Headers;
  /** The codings that the request accepts: those that are named, or all. */
  readonly gzip: boolean;
}

/** Answers as one kind of server does. */
export type Server = (forms: Forms, asked: Asked) => Response;

const TAG = '"tag-of-the-file"';
const MODIFIED = "Sat, 21 Nov 2026 04:00:00 GMT";

/** Answers with bytes, by ranges where they are asked for and meant. */
function answer(
  bytes: Bytes,
  { method, headers }: Asked,
  fields: Record<string, string>,
  kind: { ranges?: boolean; length?: number | null; status?: number } = {},
): Response {
  const { ranges = true, length = bytes.byteLength, status = 206 } = kind;
  const all: Record<string, string> = {
    etag: TAG,
    "last-modified": MODIFIED,
    ...fields,
  };
  const ifMatch = headers.get("if-match");
  if (ifMatch !== null && (ifMatch !== all["etag"] || ifMatch[0] === "W")) {
    return new Response(null, { status: 412, headers: all });
  }
  const range = ranges
    ? headers.get("range") ?? headers.get("x-ms-range")
    : null;
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (from === undefined || to === undefined) {
    if (length !== null) all["content-length"] = `${length}`;
    return new Response(method === "HEAD" ? null : bytes, { headers: all });
  }
  const size = bytes.byteLength;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size : Math.min(size, Number(to) + 1);
  if (start >= size) {
    all["content-range"] = `bytes */${size}`;
    return new Response(null, { status: 416, headers: all });
  }
  all["content-range"] = `bytes ${start}-${end - 1}/${size}`;
  all["content-length"] = `${end - start}`;
  return new Response(bytes.slice(start, end), { status, headers: all });
}

const GZIP = { "content-encoding": "gzip" };
const WEAK = { etag: `W/${TAG}` };

/** Kinds of servers by what they do. */
export const SERVERS: Readonly<Record<string, Server>> = {
  plain: ({ plain }, asked) => answer(plain, asked, {}),
  "gzip on the fly": ({ plain, gzip }, asked) =>
    asked.gzip
      ? answer(gzip, asked, { ...GZIP, ...WEAK }, {
        ranges: false,
        length: null,
      })
      : answer(plain, asked, {}),
  "gzip on the fly, whatever is asked": ({ gzip }, asked) =>
    answer(gzip, asked, { ...GZIP, ...WEAK }, { ranges: false, length: null }),
  "a static file beside it": ({ plain, gzip }, asked) =>
    asked.gzip
      ? answer(gzip, asked, { ...GZIP, etag: '"tag-of-the-file-beside-it"' })
      : answer(plain, asked, {}),
  "a static file beside it, whatever is asked, as a weak version": (
    { gzip },
    asked,
  ) => answer(gzip, asked, { ...GZIP, ...WEAK }),
  "gzip stored": ({ gzip }, asked) => answer(gzip, asked, GZIP),
  "gzip stored, no lengths": ({ gzip }, asked) =>
    answer(gzip, asked, GZIP, { length: null }),
  "gzip stored, undone for who does not accept it": (
    { plain, gzip },
    asked,
  ) => {
    const stored = {
      "x-goog-stored-content-encoding": "gzip",
      "x-goog-stored-content-length": `${gzip.byteLength}`,
    };
    return asked.gzip
      ? answer(gzip, asked, { ...GZIP, ...stored })
      : answer(plain, asked, stored, { ranges: false, length: null });
  },
  "weak tags": ({ plain }, asked) => answer(plain, asked, WEAK),
  "no lengths": ({ plain }, asked) =>
    answer(plain, asked, {}, { length: null }),
  "lengths too long": ({ plain }, asked) =>
    answer(plain, asked, {}, { length: plain.byteLength + 7 }),
  "ranges ignored": ({ plain }, asked) =>
    answer(plain, asked, {}, { ranges: false }),
  "parts under 200": ({ plain }, asked) =>
    answer(plain, asked, {}, { status: 200 }),
  "all of it under 206": ({ plain }, asked) => {
    const whole = answer(plain, asked, {}, { ranges: false });
    const { headers } = asked;
    const isPart = headers.has("range") || headers.has("x-ms-range");
    if (whole.status !== 200 || !isPart) return whole;
    return new Response(whole.body, { status: 206, headers: whole.headers });
  },
};

/** Which servers may tell a length that is not that of the stored form. */
export const ODD = /gzip|static|too long/;

/** Which server has a form beside the stored one, with a strong tag of its own. */
export const BESIDE = /^a static file beside it$/;

/** Which server says of no part where it lies. */
export const PLACELESS = /under 206$/;

/** Which servers store the file as gzip. */
export const STORES_GZIP = /^gzip stored/;

/** How a runtime's `fetch` treats codings. */
export interface Platform {
  /** The name that it gives itself. */
  readonly userAgent: string;
  /** Whether it sets `Accept-Encoding` itself, whatever is given. */
  readonly forbids: boolean;
  /** Whether it shows a page only the fields that every page may see, and the tag. */
  readonly hides: boolean;
  /** Whether it does not even show the tag. */
  readonly hidesTag?: boolean;
}

/** The platforms there are. */
export const PLATFORMS: Readonly<Record<string, Platform>> = {
  Deno: { userAgent: "Deno/2.9.5", forbids: false, hides: false },
  Node: { userAgent: "Node.js/24", forbids: false, hides: false },
  "a browser": { userAgent: "Mozilla/5.0", forbids: true, hides: false },
  "a page of another origin": {
    userAgent: "Mozilla/5.0",
    forbids: true,
    hides: true,
  },
  "a page of another origin that sees no tag": {
    userAgent: "Mozilla/5.0",
    forbids: true,
    hides: true,
    hidesTag: true,
  },
};

const VISIBLE = ["content-length", "content-type", "last-modified", "etag"];

/** Returns a `fetch` of a platform; bodies break off as `cuts` says, in turn. */
export function fetchOf(
  server: Server,
  forms: Forms,
  platform: Platform,
  cuts: readonly (number | null)[],
): typeof fetch {
  let bodies = 0;
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    const own = platform.forbids || !headers.has("accept-encoding");
    // Browsers ask for no coding where they ask for a part (Fetch, HTTP-network-or-cache).
    const part = platform.forbids && headers.has("range");
    const accepted = part
      ? "identity"
      : own
      ? "gzip"
      : headers.get("accept-encoding") ?? "";
    const gzip = accepted.includes("gzip");
    void input;
    const { method = "GET" } = init;
    const sent = server(forms, { method, headers, gzip });
    let bytes: Bytes = new Uint8Array(await sent.arrayBuffer());
    const cut = bytes.byteLength > 0 ? cuts[bodies++] ?? null : null;
    const fields = new Headers(sent.headers);
    const coded = fields.has("content-encoding") && bytes.byteLength > 0;
    const undoes = own || !platform.userAgent.startsWith("Deno/");
    if (coded && undoes) {
      const isPart = fields.has("content-range");
      const undone = isPart && bytes.byteLength < forms.gzip.byteLength
        ? null
        : await gunzip(bytes);
      // A part of coded bytes is none that can be undone.
      if (undone === null) throw new TypeError("decoding failed");
      bytes = undone;
    }
    if (platform.hides) {
      for (const name of [...fields.keys()]) {
        if (!VISIBLE.includes(name)) fields.delete(name);
      }
      if (platform.hidesTag) fields.delete("etag");
    }
    const body = method === "HEAD" || sent.body === null
      ? null
      : bodyOf(bytes, cut);
    const { status } = sent;
    const response = new Response(body, { status, headers: fields });
    const type = platform.hides ? "cors" : "basic";
    Object.defineProperty(response, "type", { value: type });
    return response;
  };
}

async function gunzip(bytes: Bytes): Promise<Bytes | null> {
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null;
  }
}

function bodyOf(bytes: Bytes, cut: number | null): ReadableStream<Uint8Array> {
  const end = cut === null ? bytes.byteLength : cut % bytes.byteLength;
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < end) {
        const next = Math.min(at + 1000, end);
        controller.enqueue(bytes.slice(at, next));
        at = next;
      } else if (cut === null) controller.close();
      else controller.error(new TypeError("connection reset"));
    },
  }, { highWaterMark: 0 });
}

/** Runs `work` as on a platform. */
export const on = <T>({ userAgent }: Platform, work: () => Promise<T>) =>
  inRuntime(userAgent, work);
