/**
 * Files over HTTP, for Workers, Deno and whoever speaks `Request` and `Response`: `GET`
 * and `HEAD` with ranges and conditions, `PUT` of any length up to a limit without holding
 * it, with a hash on the way, `DELETE`, and folders as JSON.
 *
 * @module
 */
import {
  ContentDigest,
  InvalidArgumentError,
  isRemoteStoreError,
  pathName,
  type StoreLike,
  type WriteContent,
} from "@remote-store/core";
import { statusOf, toResponse } from "@remote-store/core/ext/transfer";
import { writeWithHash } from "@remote-store/core/ext/write";

/** How the files are served. */
export interface HandlerOptions {
  /** Where they are: `/files/`. */
  readonly base: string;
  /** The most bytes that a file may have. */
  readonly maxBytes: number;
  /** Who may change files: whoever sends `Authorization: Bearer` and this; nobody without. */
  readonly token: string | undefined;
}

/** The most entries of a folder in one answer. */
const MAX_ENTRIES = 1000;

/** Files come from users: in a browser they must not act as pages of this origin. */
const HEADERS = { "content-security-policy": "sandbox" };

const METHODS = "GET, HEAD, PUT, DELETE";

/** Answers a request. */
export async function handle(
  store: StoreLike,
  request: Request,
  options: HandlerOptions,
): Promise<Response> {
  const { method, url, signal } = request;
  const { base } = options;
  const { pathname } = new URL(url);
  if (!pathname.startsWith(base)) return refusal(404, "NotFound");
  try {
    if (method === "GET" || method === "HEAD") {
      if (!pathname.endsWith("/")) {
        return await toResponse(store, request, { base, headers: HEADERS });
      }
      return await list(store, decode(pathname, base), signal);
    }
    if (method !== "PUT" && method !== "DELETE") {
      return refusal(405, "MethodNotAllowed", { allow: METHODS });
    }
    if (!await mayChange(request, options.token)) {
      await request.body?.cancel();
      return refusal(401, "PermissionDenied", { "www-authenticate": "Bearer" });
    }
    if (!isUnderstood(request)) {
      await request.body?.cancel();
      return refusal(400, "InvalidArgument");
    }
    const path = decode(pathname, base);
    if (method === "PUT") return await put(store, path, request, options);
    const ifMatch = request.headers.get("if-match") ?? undefined;
    await store.delete(path, { ifMatch, signal });
    return new Response(null, { status: 204 });
  } catch (error) {
    return failure(error, signal);
  }
}

// What a client asks a change to depend on is never passed over. With a range (RFC 9110
// §14.5) what it sends is a part of the file, which would take the place of the whole.
function isUnderstood({ method, headers }: Request): boolean {
  const other = ["content-range", "if-unmodified-since"];
  const ifNoneMatch = headers.get("if-none-match");
  const isCreate = method === "PUT" && ifNoneMatch === "*" &&
    !headers.has("if-match");
  return !other.some((name) => headers.has(name)) &&
    (ifNoneMatch === null || isCreate);
}

function decode(pathname: string, base: string): string {
  return decodeURIComponent(pathname.slice(base.length));
}

/** Lists a folder: its files and folders, not what lies in these. */
async function list(
  store: StoreLike,
  path: string,
  signal: AbortSignal,
): Promise<Response> {
  const files = [];
  const folders = [];
  let truncated = false;
  for await (const entry of store.iterChildren(path, { signal })) {
    truncated = files.length + folders.length === MAX_ENTRIES;
    if (truncated) break;
    const { name } = entry;
    if (entry.kind === "folder") folders.push(name);
    else {
      const { size, etag, lastModified, contentType } = entry;
      files.push({ name, size, etag, lastModified, contentType });
    }
  }
  return Response.json({ files, folders, truncated }, {
    headers: { "cache-control": "no-store" },
  });
}

/**
 * Stores a file. `If-None-Match: *` creates only, `If-Match` replaces one version only: of
 * many who send it, one gets through. With `Repr-Digest` (RFC 9530) nothing is stored that
 * has another SHA-256.
 */
async function put(
  store: StoreLike,
  path: string,
  { headers, body, signal }: Request,
  { maxBytes }: HandlerOptions,
): Promise<Response> {
  const length = Number(headers.get("content-length") ?? NaN);
  if (length > maxBytes) {
    await body?.cancel();
    return refusal(413, "ContentTooLarge");
  }
  const ifMatch = headers.get("if-match") ?? undefined;
  const creates = headers.get("if-none-match") === "*";
  const content = body === null ? "" : contentOf(body, length);
  const { size, etag, digest } = await writeWithHash(store, path, content, {
    ...(ifMatch === undefined ? { overwrite: !creates } : { ifMatch }),
    contentType: headers.get("content-type") ?? undefined,
    contentEncoding: headers.get("content-encoding") ?? undefined,
    expected: digestOf(headers),
    maxSize: maxBytes,
    signal,
  });
  const name = pathName(path);
  return Response.json({ name, size, etag, sha256: digest?.value ?? null }, {
    status: creates ? 201 : 200,
    headers: etag === null ? {} : { etag },
  });
}

// With its length the content is stored in one step. It has the shape of a Blob, and no
// byte of it is read before it is wanted.
function contentOf(
  body: ReadableStream<Uint8Array>,
  length: number,
): WriteContent {
  return Number.isNaN(length)
    ? body
    : { size: length, type: "", stream: () => body } as Blob;
}

function digestOf(headers: Headers): ContentDigest | undefined {
  const field = headers.get("repr-digest");
  if (field === null) return undefined;
  const base64 = /(?:^|,)\s*sha-256=:([\w+/=]+):/.exec(field)?.[1];
  if (base64 !== undefined) return ContentDigest.fromBase64("sha256", base64);
  throw new InvalidArgumentError("Repr-Digest has no sha-256");
}

/** Returns whether a request has the token: by hashes, so that the time says nothing of it. */
export async function mayChange(
  { headers }: Request,
  token: string | undefined,
): Promise<boolean> {
  if (!token) return false;
  const hash = async (text: string) =>
    new Uint8Array(
      await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
    );
  const [given, wanted] = await Promise.all([
    hash(headers.get("authorization") ?? ""),
    hash(`Bearer ${token}`),
  ]);
  return given.every((byte, index) => byte === wanted[index]);
}

// What cannot be judged is the server's own fault, and thrown for its log.
function failure(error: unknown, signal: AbortSignal): Response {
  if (signal.aborted) throw error;
  if (error instanceof URIError || error instanceof InvalidArgumentError) {
    return refusal(400, "InvalidArgument");
  }
  const status = statusOf(error);
  if (!isRemoteStoreError(error) || status === null) throw error;
  // The service refuses this server, and nobody else.
  if (status === 403 || status === 500) throw error;
  return refusal(status, error.code);
}

function refusal(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ error: { code } }, { status, headers });
}
