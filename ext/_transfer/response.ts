// This module is browser compatible.
import {
  type ByteRange,
  type FileInfo,
  type KnownOptions,
  type OpenFile,
  type OpenOptions,
  requireKnown,
  type StoreLike,
} from "../../mod.ts";
import { carriedOf } from "./carried.ts";
import { judge, names, rangeOf, soleTag } from "./conditions.ts";
import { codeOf, statusOf } from "./status.ts";
import { folderOf, pathOf } from "./urls.ts";

/** Options of {@linkcode toResponse}. */
export interface ResponseOptions {
  /**
   * The file's path.
   *
   * @default {the path of the URL, without `base`, decoded}
   */
  readonly path?: string | undefined;
  /**
   * What the URL's path starts with: `/files/`. Another URL is answered with 404.
   *
   * @default {"/"}
   */
  readonly base?: string | undefined;
  /**
   * Whether a file that is stored with `Content-Encoding: gzip` or `deflate` is decoded
   * on the way, and served whole, of unknown size. For a Service Worker: browsers decode
   * what comes from the network, and not what comes from it.
   *
   * @default {false}
   */
  readonly decode?: boolean | undefined;
  /**
   * The file of a folder, as `index.html`: what a URL with a slash at its end is answered
   * with. One without is sent there (308), where the folder has that file.
   *
   * @default {none: such a URL names no file}
   */
  readonly index?: string | undefined;
  /**
   * The `Cache-Control` of files that have none of their own.
   *
   * @default {none}
   */
  readonly cacheControl?: string | undefined;
  /**
   * Tells the type of a path for files that were stored without one, or with one that says
   * nothing: `contentTypeOf` of `./ext/content-type`. Not for files of strangers: a page of
   * theirs would be one of yours.
   *
   * @default {application/octet-stream}
   */
  readonly typeOf?: ((path: string) => string | null) | undefined;
  /** Fields to add to an answer that carries a file, or to put in place of its own. */
  readonly headers?:
    | Headers
    | Record<string, string>
    | [string, string][]
    | undefined;
}

const RESPONSE: KnownOptions<ResponseOptions> = {
  path: true,
  base: true,
  decode: "boolean",
  index: "string",
  cacheControl: "string",
  typeOf: "function",
  headers: "object",
};

/** What a reader is told. Other statuses would hide a fault of the server's own. */
const TOLD: readonly (number | null)[] = [403, 404, 412, 423, 503];

/**
 * Answers a request for a file: `GET` and `HEAD`, one range, conditions, with the
 * file's own type, ETag and date, and `nosniff`. One request to the store, and a second
 * one where a range cannot be served after all (an `If-Range` fails, or nobody knows the
 * size), or where the service says of an unchanged file too little for a 304: its
 * `Cache-Control`. What the store refuses becomes a status without details; an abort is
 * thrown.
 *
 * A URL that ends with a slash names no file, or the folder's `index`; one with an empty
 * part names none. `If-Range` holds by
 * the ETag only: a date does not tell two versions of one second apart (RFC 9110
 * §8.8.2.2). Where the size is known, `Content-Length` is sent, in Workers too.
 *
 * @example A handler for Deno.serve, Workers, or a Service Worker's `fetch` event
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { toResponse } from "@remote-store/core/ext/transfer";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "Hello", { contentType: "text/plain" });
 * const serve = (request: Request) => toResponse(store, request, { base: "/files/" });
 *
 * const response = await serve(
 *   new Request("https://example.com/files/a.txt", { headers: { range: "bytes=1-3" } }),
 * );
 * assertEquals([response.status, await response.text()], [206, "ell"]);
 * ```
 */
export async function toResponse(
  store: Pick<StoreLike, "open" | "getFileInfo">,
  request: Request,
  options: ResponseOptions = {},
): Promise<Response> {
  const { method, headers, signal } = request;
  requireKnown("serve", options?.path ?? null, options, RESPONSE);
  if (method !== "GET" && method !== "HEAD") {
    return bare(405, { allow: "GET, HEAD" });
  }
  const { base, index } = options;
  let file: OpenFile | null = null;
  try {
    const path = options.path ??
      pathOf(new URL(request.url).pathname, base, index);
    const look = () => store.getFileInfo(path, { signal });
    const isHead = method === "HEAD";
    const ifNoneMatch = soleTag(headers);
    let range = isHead ? null : rangeOf(headers);
    const open = async (): Promise<OpenFile> => {
      const asked = { range: range ?? undefined, ifNoneMatch, signal };
      let { info, body } = isHead
        ? { info: await look(), body: null }
        : await openAs(store, path, asked, options);
      if (!isHead && body === null && ifNoneMatch !== undefined) {
        // A service's own 304 leaves out what the answer with the file says, and what this
        // one has to say as well: Cache-Control (RFC 9110 §15.4.5).
        const tellsLittle = info.size === null &&
          info.extra["cacheControl"] === undefined &&
          !new Headers(options.headers).has("cache-control");
        if (tellsLittle) info = await look();
        // The store has compared; in a 304 some servers name another tag than they give.
        if (!names(ifNoneMatch, info.etag, false)) {
          info = { ...info, etag: ifNoneMatch };
        }
      }
      // What is to be decoded has a size that nobody knows yet: then the whole is asked for,
      // and what is here of its stored form is dropped.
      const encoding = info.extra["contentEncoding"];
      if (options.decode && (encoding === "gzip" || encoding === "deflate")) {
        info = { ...info, size: null };
      }
      return { info, body };
    };
    file = await open();
    // Unknown sizes have no Content-Range; a failed If-Range asks for the whole.
    if (
      range !== null && file.body !== null &&
      (file.info.size === null || judge(headers, file.info) === "serve whole")
    ) {
      await file.body.cancel();
      range = null;
      file = await open();
    }
    return await answer(headers, file, range, options);
  } catch (error) {
    await file?.body?.cancel(error).catch(() => {});
    // Of a URL, a path that no file can have is just one without a file.
    const isNoPath = codeOf(error) === "InvalidPath";
    const isOfUrl = isNoPath && options.path === undefined;
    const folder = isOfUrl ? await folderOf(store, request, base, index) : null;
    if (folder !== null) return bare(308, { location: folder });
    const status = isNoPath ? 404 : statusOf(error);
    if (signal.aborted || !TOLD.includes(status)) throw error;
    return bare(status as number);
  }
}

/**
 * Opens a file as it is stored or as its content, by `decode`. Not every runtime gives the
 * stored form, nor knows every coding: then it is the other one.
 */
async function openAs(
  store: Pick<StoreLike, "open">,
  path: string,
  asked: Omit<OpenOptions, "missingOk">,
  options: ResponseOptions,
): Promise<OpenFile> {
  if (!options.decode) return await store.open(path, asked);
  const { range, ...whole } = asked;
  const content = () => store.open(path, { ...whole, decode: true });
  const stored = () => store.open(path, asked);
  // Positions are of stored bytes, and most files that are asked for in parts are not coded.
  const [first, other] = range ? [stored, content] : [content, stored];
  try {
    return await first();
  } catch (error) {
    if (codeOf(error) !== "RemoteStoreError") throw error;
    return await other();
  }
}

/** The fields about what is sent, by what follows `content-`. */
const DESCRIPTIONS = [
  "type",
  "length",
  "encoding",
  "disposition",
  "language",
] as const;

async function answer(
  conditions: Headers,
  file: OpenFile,
  range: ByteRange | null,
  options: ResponseOptions,
): Promise<Response> {
  const { info, body } = file;
  const headers = fieldsOf(info, options);
  const verdict = judge(conditions, info);
  if (typeof verdict === "number") {
    await body?.cancel();
    if (verdict === 412) return bare(412);
    // A cache would put them in the place of what it has, and a service's own 304
    // tells little (RFC 9110 §15.4.5).
    for (const name of DESCRIPTIONS) headers.delete(`content-${name}`);
    return respond(null, headers, 304);
  }
  const { size } = info;
  if (range === null || size === null) return respond(body, headers);
  const { offset = 0, length = size, suffix } = range as {
    readonly offset?: number;
    readonly length?: number;
    readonly suffix?: number;
  };
  // The last bytes of nothing are nothing, which no 206 can say (RFC 9110 §14.1.2).
  if (size === 0 && suffix) return respond(body, headers);
  const start = suffix === undefined ? offset : Math.max(0, size - suffix);
  const end = Math.min(start + length, size);
  if (start >= end) {
    await body?.cancel();
    return bare(416, { "content-range": `bytes */${size}` });
  }
  headers.set("content-range", `bytes ${start}-${end - 1}/${size}`);
  headers.set("content-length", String(end - start));
  return respond(body, headers, 206);
}

/** Returns an answer with a file's bytes as they are stored. */
export function respond(
  body: ReadableStream<Uint8Array> | null,
  headers: Headers,
  status = 200,
): Response {
  // Workers encode a body to fit its Content-Encoding, and this one fits already.
  const init: ResponseInit & { readonly encodeBody: "manual" } = {
    status,
    headers,
    encodeBody: "manual",
  };
  // They send no Content-Length with a stream, unless it is one of theirs that has it.
  const { FixedLengthStream } = globalThis as {
    FixedLengthStream?: new (
      length: number,
    ) => ReadableWritablePair<Uint8Array, Uint8Array>;
  };
  const length = headers.get("content-length");
  const sized = FixedLengthStream && body && length !== null
    ? body.pipeThrough(new FixedLengthStream(Number(length)))
    : body;
  return new Response(sized as ReadableStream<Uint8Array<ArrayBuffer>>, init);
}

/** What services call a file that was stored without a type, or nothing. */
const VAGUE_TYPE_REGEXP = /^(?:(?:application|binary)\/octet-stream)?$/;

/** Returns the header fields that describe a file. */
export function fieldsOf(
  info: FileInfo,
  options: Pick<ResponseOptions, "headers" | "cacheControl" | "typeOf"> = {},
): Headers {
  const { contentType, etag, lastModified, path, size } = info;
  const isVague = VAGUE_TYPE_REGEXP.test(contentType ?? "");
  // Of unknown size is what is decoded on the way. A strong tag is that of one form of a
  // file (RFC 9110 §8.8.3.3), and this is another one.
  const isDecoded = size === null &&
    typeof info.extra["contentEncoding"] === "string";
  const described = Object.entries({
    xContentTypeOptions: "nosniff",
    cacheControl: options.cacheControl,
    ...carriedOf(info),
    contentType: (isVague && options.typeOf?.(path)) || contentType ||
      "application/octet-stream",
    contentLength: size?.toString(),
    acceptRanges: size === null ? size : "bytes",
    etag: isDecoded ? etag?.replace(/^(?:W\/)?/, "W/") : etag,
    lastModified: lastModified?.toUTCString(),
  });
  const headers = new Headers();
  for (const [name, value] of described) {
    if (typeof value === "string") {
      headers.set(name.replace(/[A-Z]/g, "-$&"), value);
    }
  }
  new Headers(options.headers).forEach((value, name) =>
    headers.set(name, value)
  );
  return headers;
}

function bare(status: number, fields: Record<string, string> = {}): Response {
  const headers = { "x-content-type-options": "nosniff", ...fields };
  return new Response(null, { status, headers });
}
