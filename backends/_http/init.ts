// This module is browser compatible.
import { acceptEncoding, type Words } from "./representation.ts";
import { isOnce, sendOnce } from "./sending_once.ts";
import { asksBlobs, streamedBytes } from "./streamed_bytes.ts";

/** A request as it goes out. */
export interface Outgoing {
  /** The method, in capitals. */
  readonly method: string;
  /** The whole URL, percent-encoded as it goes out. */
  readonly url: string;
  /** Header fields by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The content. Bytes and not a stream: no runtime sends a stream's length everywhere. */
  readonly body: Payload | null;
  /**
   * In which words codings are asked for. Outside of every signature, as proxies write
   * the field anew.
   *
   * @default {"stored"}
   */
  readonly words?: Words;
  /** Whether cookies go along, for this request alone. */
  readonly credentials?: "include" | "omit" | "same-origin";
  /** The answer, where somebody has sent it already. */
  readonly response?: Response;
}

/** Bytes from so many on are worth a `Blob` where that is the faster body. */
const BLOB_BYTES = 64 * 1024;

/** From so many on, to send them from where they lie costs less than copies do. */
const STREAMED_BYTES = 512 * 1024;

/**
 * Whether a `Blob` is the better body. Chromium hands bytes to its network process by a
 * pipe and a `Blob` by name; elsewhere it brings nothing, and in Deno it costs memory.
 */
export function sendsBlobs(): boolean {
  return /Chrom(?:e|ium)\//.test(globalThis.navigator?.userAgent ?? "");
}

/**
 * Whether slices of this `Blob` are better bodies than what is read of it. Chromium sends
 * them by name, and Bun from where they lie, where whoever reads gets copies. But there a
 * slice of a file shrinks with the file, and nobody hears of it: so only what lies in memory
 * counts, of which Bun's `stat` has nothing to tell. No other runtime's Blobs have one.
 */
export function sendsSlices(
  blob: Blob & { stat?(): Promise<unknown> | undefined },
): boolean {
  if (sendsBlobs()) return true;
  // A class upon it may give anything.
  if (!blob.stat || blob.stream !== Blob.prototype.stream) return false;
  const told = blob.stat();
  told?.catch(() => {});
  return told === undefined;
}

/** The content of a request: bytes, or a slice of a `Blob`. */
export type Payload = Uint8Array<ArrayBuffer> | Blob;

/** Returns how many bytes a payload has. */
export function sizeOf(payload: Payload): number {
  return payload instanceof Blob ? payload.size : payload.byteLength;
}

/** Returns the bytes of a payload. */
export async function bytesOf(
  payload: Payload,
): Promise<Uint8Array<ArrayBuffer>> {
  return payload instanceof Blob
    ? new Uint8Array(await payload.arrayBuffer())
    : payload;
}

function bodyOf(payload: Payload | null): Payload | null {
  // The type of a Blob becomes a Content-Type that nobody has signed (Fetch §5.2). A slice
  // has none, but in Bun, which keeps it.
  if (payload instanceof Blob) {
    const slice = payload.type ? payload.slice() : payload;
    return slice.type ? new Blob([slice], { type: "" }) : slice;
  }
  if (payload === null || payload.byteLength < BLOB_BYTES) return payload;
  if (sendsBlobs()) return new Blob([payload]);
  const streams = payload.byteLength >= STREAMED_BYTES && asksBlobs();
  return streams ? streamedBytes(payload) : payload;
}

/** What a service wants of `fetch`. */
export interface FetchFields {
  /** Whether redirections are followed. Default `manual`: a signature is for one host. */
  readonly redirect?: "error" | "follow" | "manual";
  /** Whether cookies go along. */
  readonly credentials?: "include" | "omit" | "same-origin";
}

/** Returns what `fetch` is given beside the URL. */
export function toInit(
  request: Outgoing,
  signal: AbortSignal | undefined,
  fields: FetchFields = {},
  words: Words = request.words ?? "stored",
): RequestInit {
  const { method } = request;
  const body = bodyOf(request.body);
  const cacheable = method === "GET" || method === "HEAD";
  const accept = cacheable ? acceptEncoding(words) : null;
  const headers = accept === null
    ? request.headers
    : { ...request.headers, "accept-encoding": accept };
  const init: RequestInit = { method, headers, body, signal: signal ?? null };
  if (!cacheable && isOnce(method, request.headers)) {
    sendOnce(init, request.body);
  }
  const { redirect = "manual", credentials = request.credentials } = fields;
  if (takes("redirect", redirect)) init.redirect = redirect;
  if (credentials !== undefined && takes("credentials", credentials)) {
    init.credentials = credentials;
  }
  // A browser's cache serves stale bytes after a write, and its revalidation breaks
  // signatures. With other methods it only makes Chromium ask for each permission again.
  if (cacheable && takes("cache", "no-store")) init.cache = "no-store";
  return init;
}

/** Returns whether `fetch` refuses these arguments themselves, so that nothing was sent. */
export function isRefusedByFetch(url: string, init: RequestInit): boolean {
  try {
    // Its signal may be aborted by now, and its body used.
    new Request(url, { ...init, signal: null, body: null });
    return false;
  } catch {
    return true;
  }
}

const taken = new Map<string, boolean>();

// Workers throw at fields and values that they do not have, by their compatibility date.
function takes(name: keyof RequestInit, value: string): boolean {
  // No value is one of two fields.
  const known = taken.get(value);
  if (known !== undefined) return known;
  let takes = true;
  try {
    new Request("http://localhost/", { [name]: value });
  } catch {
    takes = false;
  }
  taken.set(value, takes);
  return takes;
}
