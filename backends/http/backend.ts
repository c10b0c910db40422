// This module is browser compatible.
import type {
  Backend,
  Entry,
  ListPage,
  ReadAnswer,
  ReadRequest,
  SignalRequest,
  WriteFacts,
} from "../../core/backend.ts";
import { type Capability, CapabilitySet } from "../../core/capability.ts";
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  InvalidArgumentError,
} from "../../core/errors.ts";
import type { ByteRange } from "../../core/options.ts";
import { RetryPolicy } from "../../core/retry.ts";
import { openBody } from "../_http/body.ts";
import { type Fetch, HttpClient } from "../_http/sending.ts";
import {
  formatRange,
  parseContentRange,
  parseLength,
} from "../_http/headers.ts";
import { REAL_TIMING } from "../_http/retry.ts";
import { toError } from "./failures.ts";
import {
  isEncoded,
  isFolderPage,
  keyOf,
  toBase,
  toEntry,
  urlOf,
} from "./wire.ts";

/** Options of {@linkcode HttpBackend}. */
export interface HttpOptions {
  /** The URL below which the files are. A slash at its end makes no difference. */
  readonly baseUrl: string;
  /** Fields to send with every request: `Authorization`, an API key. Never shown. */
  readonly headers?: HeadersInit | undefined;
  /**
   * Whether the server's byte ranges are used. Without, a range is cut out of the file.
   *
   * @default {true}
   */
  readonly ranges?: boolean | undefined;
  /**
   * The path that `ping` asks for, below the base. Many servers refuse their root.
   *
   * @default {""}
   */
  readonly pingPath?: string | undefined;
  /**
   * Whether cookies and client certificates are sent, as `fetch` has it.
   *
   * @default {"same-origin"}
   */
  readonly credentials?: "omit" | "same-origin" | "include" | undefined;
  /**
   * What happens to a redirect. Followed to another host it carries `headers` there, but
   * for `Authorization`.
   *
   * @default {"follow"}
   */
  readonly redirect?: "follow" | "error" | undefined;
  /**
   * How often a failed request is sent again.
   *
   * @default {new RetryPolicy()}
   */
  readonly retry?: RetryPolicy | undefined;
  /**
   * The function that sends.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: Fetch | undefined;
}

const EMPTY = new Uint8Array(0);

/** Decoded bytes have another length, and no ranges. */
const PLAIN = { "accept-encoding": "identity" } as const;

/** Statuses that mean that `HEAD` is not allowed, though `GET` may be. */
const HEAD_REFUSED: ReadonlySet<number> = new Set([401, 403, 405, 501]);

/** Statuses that are read here; the rest is an error, or sent again. */
const READ_HERE = [304, 401, 403, 404, 405, 410, 412, 416, 501];

const READ_ONLY: readonly Capability[] = ["read", "metadata", "lazy_read"];

/**
 * Reads files from a web server. Read-only, and without listings: HTTP has none. Not
 * terminal: there is nothing to close.
 */
export class HttpBackend implements Backend {
  /** The name in errors. */
  readonly name = "http" as const;
  /** What it can do. */
  readonly capabilities: ReadonlySet<Capability>;
  /** There are no folders to be seen. */
  readonly namespace = "flat" as const;
  /** Nothing is held open. */
  readonly closeIsTerminal = false as const;
  /** It deletes nothing. */
  readonly deleteTells = true as const;

  readonly #base: string;
  readonly #pingUrl: string;
  readonly #client: HttpClient;
  readonly #retry: RetryPolicy;
  #headRefused = false;

  /**
   * Creates a backend; sends nothing.
   *
   * @throws {InvalidArgumentError} If the base is no URL that paths can be put behind, or a field is none.
   */
  constructor(options: HttpOptions) {
    const { baseUrl, ranges = true, pingPath = "" } = options ?? {};
    this.#base = toBase(baseUrl);
    this.#pingUrl = urlOf(this.#base, pingPath);
    this.#retry = options.retry ?? new RetryPolicy();
    this.capabilities = new CapabilitySet(
      ranges ? [...READ_ONLY, "seekable_read"] : READ_ONLY,
    );
    const fields = toFields(options.headers);
    const { redirect = "follow", credentials = "same-origin" } = options;
    // Looked up late, so that what replaces the global fetch is used.
    const fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
    this.#client = new HttpClient(
      (url, init) => fetch(url, { ...init, redirect, credentials }),
      {
        sign: (request) => ({
          ...request,
          headers: { ...fields, ...request.headers },
        }),
        toError: ({ status }) => toError(status),
      },
      this.#retry,
      REAL_TIMING,
    );
  }

  /** Asks by `HEAD`, and by a `GET` of one byte where that is refused. */
  async stat(key: string, request: SignalRequest): Promise<Entry> {
    const url = urlOf(this.#base, key);
    const response = await this.#look(url, request.signal);
    await response.body?.cancel();
    if (isAbsent(response, url)) return null;
    if (response.ok || response.status === 416) return toEntry(response);
    throw toError(response.status);
  }

  /** Starts reading a file. */
  async read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    const url = urlOf(this.#base, key);
    const { range, ifNoneMatch, signal } = request;
    const response = await this.#get(url, request);
    const { status, body } = response;
    try {
      if (status === 304 && ifNoneMatch !== null) {
        const entry = toEntry(response);
        const etag = entry.etag ?? ifNoneMatch;
        const same = { ...entry, etag };
        return { entry: same, offset: 0, length: null, body: null };
      }
      if (isAbsent(response, url)) {
        await body?.cancel();
        return null;
      }
      if (status === 416) {
        await body?.cancel();
        return await this.#beyondEnd(key, signal);
      }
      if (!response.ok) throw toError(status);
      if (isEncoded(response.headers)) {
        await body?.cancel();
        return await this.#readDecoded(url, request);
      }
      if (status !== 206) {
        const length = status === 204 ? 0 : null;
        return await this.#answer(url, response, { offset: 0, length }, signal);
      }
      if (range === null) throw toError(status);
      const part = partOf(response.headers, range);
      return await this.#answer(url, response, part, signal);
    } catch (error) {
      await body?.cancel().catch(() => {});
      throw error;
    }
  }

  /** Refused: read-only. */
  write(): Promise<WriteFacts> {
    return Promise.reject(readOnly("write"));
  }

  /** Refused: read-only. */
  delete(): Promise<boolean> {
    return Promise.reject(readOnly("delete"));
  }

  /** Refused: HTTP has no listings. */
  list(): Promise<ListPage> {
    return Promise.reject(readOnly("list"));
  }

  /** Asks for the base URL, or for what `pingPath` names. */
  async ping(request: SignalRequest): Promise<void> {
    const response = await this.#look(this.#pingUrl, request.signal);
    await response.body?.cancel();
    if (!response.ok) throw toError(response.status);
  }

  /** Does nothing: there is nothing to close. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Returns the URL of a key. */
  nativePath(key: string): string {
    return urlOf(this.#base, key);
  }

  /** Returns the key of a URL. */
  toKey(nativePath: string): string {
    return keyOf(this.#base, nativePath);
  }

  /** Returns the URL and the method. */
  describe(key: string): Readonly<Record<string, unknown>> {
    return { url: urlOf(this.#base, key), method: "GET" };
  }

  async #look(
    url: string,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    if (this.#headRefused) return await this.#probe(url, signal);
    const head = await this.#send("HEAD", url, PLAIN, signal);
    if (!HEAD_REFUSED.has(head.status) || isAbsent(head, url)) return head;
    const probe = await this.#probe(url, signal);
    // Refused in both ways it is the file, and not the method.
    this.#headRefused = !HEAD_REFUSED.has(probe.status);
    return probe;
  }

  #probe(url: string, signal: AbortSignal | undefined): Promise<Response> {
    return this.#send("GET", url, { ...PLAIN, range: "bytes=0-0" }, signal);
  }

  async #get(url: string, request: ReadRequest): Promise<Response> {
    const headers: Record<string, string> = { ...PLAIN };
    const { range, ifMatch, ifNoneMatch, signal } = request;
    if (range !== null) headers["range"] = formatRange(range);
    if (ifMatch !== null) headers["if-match"] = ifMatch;
    if (ifNoneMatch !== null) headers["if-none-match"] = ifNoneMatch;
    return await this.#send("GET", url, headers, signal);
  }

  // The server encodes what it was asked not to. Asked by the runtime in its own words,
  // the answer is one that the runtime decodes; not all of them decode otherwise.
  async #readDecoded(
    url: string,
    { ifMatch, signal }: ReadRequest,
  ): Promise<ReadAnswer> {
    const headers: Record<string, string> = {};
    if (ifMatch !== null) headers["if-match"] = ifMatch;
    const response = await this.#send("GET", url, headers, signal);
    if (!response.ok) {
      await response.body?.cancel();
      throw toError(response.status);
    }
    // Both lengths are those of the encoded bytes.
    const entry = { ...toEntry(response), size: null };
    return { entry, offset: 0, length: null, body: response.body ?? EMPTY };
  }

  async #send(
    method: string,
    url: string,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const request = { method, url, headers, body: null };
    const options = { signal, accept: READ_HERE };
    return (await this.#client.send(request, options)).response;
  }

  async #answer(
    url: string,
    response: Response,
    part: Part,
    signal: AbortSignal | undefined,
  ): Promise<ReadAnswer> {
    const entry = toEntry(response);
    const { offset } = part;
    const length = part.length ??
      parseLength(response.headers.get("content-length"));
    const body = await openBody(response, {
      offset,
      length,
      etag: entry.etag,
      tries: this.#retry.attempts,
      reopen: (start, end) =>
        this.#get(url, {
          range: { offset: start, length: end - start + 1 },
          ifMatch: entry.etag,
          ifNoneMatch: null,
          signal,
        }),
    }, signal);
    return { entry, offset, length, body };
  }

  // 416 does not say which file it is about.
  async #beyondEnd(
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<ReadAnswer | null> {
    const entry = await this.stat(key, { signal });
    if (entry?.kind !== "file") return null;
    return { entry, offset: entry.size ?? 0, length: 0, body: EMPTY };
  }
}

function isAbsent(response: Response, url: string): boolean {
  return response.status === 404 || response.status === 410 ||
    isFolderPage(response, url);
}

function toFields(headers: HeadersInit | undefined): Record<string, string> {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    // What the platform says quotes the value, which may be a secret.
    throw new InvalidArgumentError(
      "Cannot create an HttpBackend: its headers hold a name or value that is none",
    );
  }
}

/** Where an answer's bytes lie in the file. */
interface Part {
  readonly offset: number;
  /** How many they have to be; `null` for as many as the answer says. */
  readonly length: number | null;
}

function partOf(headers: Headers, range: ByteRange): Part {
  const sent = parseContentRange(headers.get("content-range"));
  if (sent === null) return { offset: startOf(headers, range), length: null };
  const { start, end, size } = sent;
  if (size === null) return { offset: start, length: null };
  const wanted = "suffix" in range || range.length === undefined
    ? size
    : Math.min(range.offset + range.length, size);
  // Of less than was asked for, the rest is asked for too.
  return { offset: start, length: Math.max(wanted, end + 1) - start };
}

// CORS may hide Content-Range; then the server is taken at its status.
function startOf(headers: Headers, range: ByteRange): number {
  const several = /^multipart\//i.test(headers.get("content-type") ?? "");
  if (!several && !("suffix" in range)) return range.offset;
  throw new BackendUnavailableError(
    several
      ? "the server answered with several ranges instead of one"
      : "the answer to a range hides its Content-Range, which CORS rules must expose",
  );
}

function readOnly(capability: Capability): CapabilityNotSupportedError {
  return new CapabilityNotSupportedError("the backend is read-only", {
    capability,
  });
}
