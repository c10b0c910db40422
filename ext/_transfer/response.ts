// This module is browser compatible.
import {
  type ByteRange,
  type FileInfo,
  isRemoteStoreError,
  type KnownOptions,
  type OpenFile,
  type OpenOptions,
  requireKnown,
  type StoreLike,
} from "../../mod.ts";
import { judge, names, rangeOf, soleTag } from "./conditions.ts";
import { statusOf } from "./status.ts";
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
  readonly headers?: HeadersInit | undefined;
}

const RESPONSE: KnownOptions<ResponseOptions> = {
  path: true,
  base: true,
  decode: true,
  index: true,
  cacheControl: true,
  typeOf: true,
  headers: true,
};

/** What a reader is told. Other statuses would hide a fault of the server's own. */
const TOLD: ReadonlySet<number> = new Set([403, 404, 412, 423, 503]);

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
  let file: OpenFile | null = null;
  try {
    const path = options.path ??
      pathOf(request.url, options.base, options.index);
    if (method === "HEAD") {
      const info = await store.getFileInfo(path, { signal });
      const described = plain({ info, body: null }, options);
      return await answer(headers, described, null, options);
    }
    const range = rangeOf(headers) ?? undefined;
    const ifNoneMatch = soleTag(headers);
    const open = async (range?: ByteRange) => {
      const opened = await openAs(
        store,
        path,
        { range, ifNoneMatch, signal },
        options,
      );
      if (opened.body !== null || ifNoneMatch === undefined) return opened;
      const info = tellsLittle(opened.info, options)
        ? await store.getFileInfo(path, { signal })
        : opened.info;
      // The store has compared; in a 304 some servers name another tag than they give.
      const etag = names(ifNoneMatch, info.etag, false)
        ? info.etag
        : ifNoneMatch;
      return plain({ info: { ...info, etag }, body: null }, options);
    };
    file = await open(range);
    let served = range ?? null;
    // Unknown sizes have no Content-Range; a failed If-Range asks for the whole.
    if (
      range !== undefined && file.body !== null &&
      (file.info.size === null || judge(headers, file.info) === "serve whole")
    ) {
      await file.body.cancel();
      file = await open();
      served = null;
    }
    return await answer(headers, file, served, options);
  } catch (error) {
    await file?.body?.cancel(error).catch(() => {});
    // Of a URL, a path that no file can have is just one without a file.
    const isNoPath = isRemoteStoreError(error) && error.code === "InvalidPath";
    const isOfUrl = isNoPath && options.path === undefined;
    const { base, index } = options;
    const folder = isOfUrl ? await folderOf(store, request, base, index) : null;
    if (folder !== null) return bare(308, { location: folder });
    const status = isNoPath ? 404 : statusOf(error);
    if (signal.aborted || status === null || !TOLD.has(status)) throw error;
    return bare(status);
  }
}

// A service's own 304 leaves out what the answer with the file says, and what this one has
// to say as well: Cache-Control (RFC 9110 §15.4.5).
function tellsLittle(info: FileInfo, { headers }: ResponseOptions): boolean {
  return info.size === null && info.extra["cacheControl"] === undefined &&
    !new Headers(headers).has("cache-control");
}

// What is to be decoded has a size that nobody knows yet: then the whole is asked for, and
// what is here of its stored form is dropped.
function plain(file: OpenFile, { decode }: ResponseOptions): OpenFile {
  const { info } = file;
  const encoding = info.extra["contentEncoding"];
  return decode && (encoding === "gzip" || encoding === "deflate")
    ? { ...file, info: { ...info, size: null } }
    : file;
}

type BytesToBytes = ReadableWritablePair<Uint8Array, Uint8Array>;

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
  const isWhole = range === undefined;
  try {
    return isWhole ? await content() : plain(await stored(), options);
  } catch (error) {
    const isCoded = isRemoteStoreError(error) &&
      error.code === "RemoteStoreError";
    if (!isCoded) throw error;
    return await (isWhole ? stored : content)();
  }
}

const DESCRIPTIONS = [
  "content-type",
  "content-length",
  "content-encoding",
  "content-disposition",
  "content-language",
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
    for (const name of DESCRIPTIONS) headers.delete(name);
    return respond(null, headers, 304);
  }
  const { size } = info;
  // The last bytes of nothing are nothing, which no 206 can say (RFC 9110 §14.1.2).
  const nothing = size === 0 && range !== null && "suffix" in range &&
    range.suffix > 0;
  if (range === null || size === null || nothing) {
    return respond(body, headers);
  }
  const start = "suffix" in range
    ? Math.max(0, size - range.suffix)
    : range.offset;
  const length = "suffix" in range ? range.suffix : range.length ?? size;
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
  const sized = body && ofLength(body, headers.get("content-length"));
  return new Response(sized as ReadableStream<Uint8Array<ArrayBuffer>>, init);
}

// Workers send no Content-Length with a stream, unless it is one of theirs that has it.
function ofLength(
  body: ReadableStream<Uint8Array>,
  length: string | null,
): ReadableStream<Uint8Array> {
  const { FixedLengthStream } = globalThis as {
    FixedLengthStream?: new (length: number) => BytesToBytes;
  };
  return FixedLengthStream === undefined || length === null
    ? body
    : body.pipeThrough(new FixedLengthStream(Number(length)));
}

/** The fields that a store keeps in `extra`. */
const EXTRA_FIELDS: Readonly<Record<string, string>> = {
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  contentLanguage: "content-language",
};

/** What services call a file that was stored without a type. */
const VAGUE_TYPES: ReadonlySet<string> = new Set([
  "application/octet-stream",
  "binary/octet-stream",
]);

/** Returns the header fields that describe a file. */
export function fieldsOf(
  info: FileInfo,
  options: Pick<ResponseOptions, "headers" | "cacheControl" | "typeOf"> = {},
): Headers {
  const { contentType, path } = info;
  const isVague = !contentType || VAGUE_TYPES.has(contentType);
  const headers = new Headers({
    "content-type": (isVague && options.typeOf?.(path)) || contentType ||
      "application/octet-stream",
    "x-content-type-options": "nosniff",
  });
  const { cacheControl } = options;
  if (cacheControl !== undefined) headers.set("cache-control", cacheControl);
  if (info.size !== null) {
    headers.set("content-length", String(info.size));
    headers.set("accept-ranges", "bytes");
  }
  if (info.etag !== null) headers.set("etag", info.etag);
  if (info.lastModified !== null) {
    headers.set("last-modified", info.lastModified.toUTCString());
  }
  for (const [key, name] of Object.entries(EXTRA_FIELDS)) {
    const value = info.extra[key];
    // Of unknown size is what a runtime has decoded on the way.
    const decoded = key === "contentEncoding" && info.size === null;
    if (typeof value === "string" && !decoded) headers.set(name, value);
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
