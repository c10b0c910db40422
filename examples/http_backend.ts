/**
 * A backend over HTTP, for a small service of files: `PUT`, `GET`, `HEAD` and `DELETE`
 * of `/files/<key>` with the conditions of RFC 9110, and `/list` as JSON. It is built
 * beside others in `docs/writing-a-backend.md`.
 *
 * @module
 */
import {
  type Backend,
  BackendUnavailableError,
  type Body,
  Capability,
  CapabilitySet,
  conditionFailed,
  containerNotFound,
  type DeleteRequest,
  type Entry,
  type FileEntry,
  type ListedFile,
  type ListPage,
  type ListRequest,
  PermissionDeniedError,
  PreconditionFailedError,
  type ReadAnswer,
  type ReadRequest,
  requireKnown,
  type SignalRequest,
  type WriteFacts,
  type WriteRequest,
} from "@remote-store/core";

/** Options of {@linkcode FilesBackend}. */
export interface FilesOptions {
  /** Where the service is: `https://files.example.com`. */
  readonly url: string;
  /** What sends. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** What the service tells of a file in a listing. */
interface Listed {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly time: number;
  readonly type: string | null;
}

const HEADERS = [
  ["cacheControl", "cache-control"],
  ["contentDisposition", "content-disposition"],
  ["contentEncoding", "content-encoding"],
  ["contentLanguage", "content-language"],
] as const;

/** Keeps files on a service. */
export class FilesBackend implements Backend {
  readonly name = "files";
  readonly capabilities: ReadonlySet<Capability> = new CapabilitySet([
    Capability.READ,
    Capability.WRITE,
    Capability.DELETE,
    Capability.LIST,
    Capability.METADATA,
    Capability.ATOMIC_WRITE,
    Capability.GLOB,
    Capability.USER_METADATA,
    Capability.CONDITIONAL_WRITE,
    Capability.CONDITIONAL_DELETE,
    Capability.SEEKABLE_READ,
    Capability.LAZY_READ,
    Capability.WRITE_RESULT_NATIVE,
  ]);
  readonly namespace = "flat";
  // The kernel refuses calls after a close, and ends those under way.
  readonly closeIsTerminal = true;
  readonly deleteTells = true;

  readonly #url: string;
  readonly #fetch: (url: string, init: RequestInit) => Promise<Response>;

  /** Creates a backend; it asks nobody. */
  constructor(options: FilesOptions) {
    const known = { url: true, fetch: true } as const;
    requireKnown("create a FilesBackend", null, options, known);
    this.#url = options.url.replace(/\/$/, "");
    // In a Worker the global one may not be called as a method.
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, init));
  }

  async stat(key: string, { signal }: SignalRequest): Promise<Entry> {
    const response = await this.#send("HEAD", key, {}, signal);
    return response.status === 404 ? null : toEntry(response.headers, "head");
  }

  async read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    const { range, ifMatch, ifNoneMatch, signal } = request;
    if (range !== null && isEmpty(range)) {
      // HTTP has no way to ask for nothing.
      const entry = await this.stat(key, { signal });
      if (entry?.kind !== "file") return null;
      return { entry, offset: 0, length: 0, body: new Uint8Array() };
    }
    const response = await this.#send("GET", key, {
      ...(ifMatch === null ? {} : { "if-match": ifMatch }),
      ...(ifNoneMatch === null ? {} : { "if-none-match": ifNoneMatch }),
      ...(range === null ? {} : { range: toRange(range) }),
    }, signal);
    const { status, headers, body } = response;
    if (status === 404) return null;
    const entry = toEntry(headers, "head");
    if (status === 304) return { entry, offset: 0, length: 0, body: null };
    // 416: the range lies behind the end.
    if (status === 416) {
      return {
        entry,
        offset: entry.size ?? 0,
        length: 0,
        body: new Uint8Array(),
      };
    }
    const [, from] = /^bytes (\d+)-/.exec(headers.get("content-range") ?? "") ??
      [];
    const length = headers.get("content-length");
    return {
      entry,
      offset: status === 206 ? Number(from) : 0,
      length: length === null ? null : Number(length),
      body: body ?? new Uint8Array(),
    };
  }

  async write(
    key: string,
    body: Body,
    { condition, headers, metadata, signal }: WriteRequest,
  ): Promise<WriteFacts> {
    const fields: Record<string, string> = {
      // Without one, some clients send a type of their own.
      "content-type": headers.contentType ?? "application/octet-stream",
      "x-has-type": String(headers.contentType !== null),
    };
    for (const [option, field] of HEADERS) {
      if (headers[option] !== null) fields[field] = headers[option];
    }
    // A field has ASCII only.
    if (metadata !== null) {
      fields["x-meta"] = encodeURIComponent(JSON.stringify(metadata));
    }
    if (condition.ifMatch !== null) fields["if-match"] = condition.ifMatch;
    else if (!condition.overwrite) fields["if-none-match"] = "*";
    // The service commits when the body has ended, and not before: all or nothing.
    const content = body.kind === "bytes" ? body.bytes : body.stream;
    const response = await this.#send("PUT", key, fields, signal, content)
      .catch((error) => {
        if (!(error instanceof PreconditionFailedError)) throw error;
        // Which condition it was, the kernel tells its caller in its own words.
        throw conditionFailed(condition);
      });
    const entry = toEntry(response.headers, "put");
    return {
      etag: entry.etag,
      lastModified: entry.lastModified,
      versionId: null,
      digest: null,
    };
  }

  async delete(
    key: string,
    { ifMatch, signal }: DeleteRequest,
  ): Promise<boolean> {
    const fields = ifMatch === null ? {} : { "if-match": ifMatch };
    const { status } = await this.#send("DELETE", key, fields, signal);
    return status !== 404;
  }

  async list(
    prefix: string,
    { shallow, cursor, limit, signal }: ListRequest,
  ): Promise<ListPage> {
    const query = new URLSearchParams({ prefix });
    if (shallow) query.set("shallow", "1");
    if (typeof cursor === "string") query.set("after", cursor);
    if (limit !== null) query.set("limit", String(limit));
    const url = `${this.#url}/list?${query}`;
    const response = await this.#ask(url, { method: "GET", signal });
    const { files, folders, next } = await response.json();
    return {
      files: files.map((it: Listed): ListedFile => ({
        kind: "file",
        key: it.key,
        size: it.size,
        etag: it.etag,
        lastModified: it.time,
        digest: null,
        contentType: it.type,
        metadata: null,
        extra: null,
      })),
      folders,
      cursor: next,
    };
  }

  async ping({ signal }: SignalRequest): Promise<void> {
    await this.list("", {
      shallow: true,
      cursor: null,
      limit: 1,
      maxDepth: null,
      signal,
    });
  }

  /** Nothing was opened: connections are the platform's. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  nativePath(key: string): string {
    return `files/${key}`;
  }

  toKey(nativePath: string): string {
    return nativePath.replace(/^files\//, "");
  }

  /** Asks about one file. What comes back is an answer; everything else is thrown. */
  async #send(
    method: string,
    key: string,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
    body?: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  ): Promise<Response> {
    const path = key.split("/").map(encodeURIComponent).join("/");
    return await this.#ask(`${this.#url}/files/${path}`, {
      method,
      headers,
      signal,
      ...(body === undefined ? {} : { body: body as BodyInit }),
      // Streams are sent while they come.
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    });
  }

  async #ask(
    url: string,
    init: Omit<RequestInit, "signal"> & { signal: AbortSignal | undefined },
  ): Promise<Response> {
    const { signal, ...rest } = init;
    let response: Response;
    try {
      response = await this.#fetch(url, { ...rest, signal: signal ?? null });
    } catch (error) {
      // An abort is the caller's, and passes as it is.
      if (signal?.aborted || !(error instanceof TypeError)) throw error;
      throw new BackendUnavailableError(undefined, { cause: error });
    }
    const { status } = response;
    if (response.ok || status === 304 || status === 416) return response;
    // Whoever leaves a body unread holds a connection.
    await response.body?.cancel();
    if (status === 404 && response.headers.has("x-no-file")) return response;
    switch (status) {
      case 401:
      case 403:
        throw new PermissionDeniedError();
      case 404:
        // Absence of a file is said as such; of anything else, the service is not there.
        throw containerNotFound("the service has no files");
      case 412:
        throw new PreconditionFailedError();
      default:
        throw new BackendUnavailableError(`the service answered ${status}`);
    }
  }
}

function isEmpty(range: NonNullable<ReadRequest["range"]>): boolean {
  return "suffix" in range ? range.suffix === 0 : range.length === 0;
}

function toRange(range: NonNullable<ReadRequest["range"]>): string {
  if ("suffix" in range) return `bytes=-${range.suffix}`;
  const { offset, length } = range;
  return `bytes=${offset}-${length === undefined ? "" : offset + length - 1}`;
}

/** What the fields of an answer say of its file. */
function toEntry(headers: Headers, of: "head" | "put"): FileEntry {
  const size = headers.get("x-size");
  const time = headers.get("x-time");
  const meta = headers.get("x-meta");
  const extra = HEADERS.map(([option, field]) => [option, headers.get(field)])
    .filter(([, value]) => value !== null);
  return {
    kind: "file",
    size: size === null ? null : Number(size),
    lastModified: time === null ? null : Number(time),
    etag: headers.get("etag"),
    digest: null,
    contentType: of === "head" && headers.get("x-has-type") === "true"
      ? headers.get("content-type")
      : null,
    metadata: meta === null ? null : JSON.parse(decodeURIComponent(meta)),
    extra: Object.fromEntries(extra),
  };
}
