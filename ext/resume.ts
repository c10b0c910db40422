/**
 * Uploads that go on where they stopped: after a pause, a reload, a crash, a night without
 * network. What was sent is remembered by the digests of its parts, and all of them are
 * compared again before the upload goes on, so that two files are never mixed.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { pendingUploads, resumableUpload } from "@remote-store/core/ext/resume";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * // In a page: new Store({ backend: new IndexedDBBackend() }).
 * const tokens = new Store({ backend: new MemoryBackend() });
 * const file = new Blob([new Uint8Array(1000)]);
 * const options = { tokens, partSize: 100 };
 *
 * const pause = new AbortController();
 * await assertRejects(() =>
 *   resumableUpload(store, file, "big.bin", {
 *     ...options,
 *     signal: pause.signal,
 *     onProgress: ({ acknowledged }) => acknowledged > 500 && pause.abort(),
 *   })
 * );
 * for await (const { path, acknowledged } of pendingUploads(tokens)) {
 *   assertEquals([path, acknowledged > 500], ["big.bin", true]);
 * }
 * const { size, resumed } = await resumableUpload(store, file, "big.bin", options);
 * assertEquals([size, resumed], [1000, true]);
 * ```
 *
 * @module
 */
import {
  type CallOptions,
  InvalidArgumentError,
  type KnownOptions,
  METHOD_OPTIONS,
  type OpenUploadOptions,
  requireKnown,
  type StoreLike,
  withGrace,
  type WriteContent,
  type WriteResult,
} from "../mod.ts";
import { Network } from "./_resume/network.ts";
import {
  requireUploads,
  type RestartReason,
  type UploadProgress,
  type UploadStore,
} from "./_resume/job.ts";
import { type Outcome, Run } from "./_resume/run.ts";
import { Shelf, type TokenStore } from "./_resume/shelf.ts";
import {
  hashOf,
  openSource,
  type Source,
  type UploadSource,
  type Verify,
} from "./_resume/source.ts";
import {
  type KeptOptions,
  ownToken,
  type UploadToken,
} from "./_resume/token.ts";
import { inTurn } from "./_resume/turns.ts";

export type {
  RestartReason,
  UploadProgress,
  UploadStore,
} from "./_resume/job.ts";
export type { TokenStore } from "./_resume/shelf.ts";
export type { StoredSource, UploadSource, Verify } from "./_resume/source.ts";
export type {
  KeptOptions,
  KeptPart,
  MadeFile,
  UploadToken,
} from "./_resume/token.ts";

/** Options of {@linkcode resumableUpload}: those of a write, and how it goes on. */
export interface ResumableUploadOptions
  extends Omit<OpenUploadOptions, "size" | "id" | "signal"> {
  /**
   * Where tokens lie: any store that declares `CONDITIONAL_WRITE`, in a page one over
   * IndexedDB, or a child store of it. Without one, nothing outlives this call but
   * {@linkcode ResumableUpload.token}, which is the caller's to keep.
   */
  readonly tokens?: TokenStore | undefined;
  /** The token to go on with, where there are no `tokens`. */
  readonly token?: UploadToken | null | undefined;
  /**
   * What is read and hashed again before parts that are there are trusted: `"all"` of
   * them, `"sample"` (the first, the last and three others), or nothing, where the caller
   * vouches for the file and only its `"size"` is compared.
   *
   * @default {"all"}
   */
  readonly verify?: Verify | undefined;
  /**
   * How many parts are in flight at once. Each is held in memory, twice while it is sent.
   *
   * @default {4}
   */
  readonly concurrency?: number | undefined;
  /**
   * Whether to wait while the device is offline (`navigator.onLine`), for as long as it
   * takes; the retries of the backend are for a service that fails. `"fail"` leaves all to
   * those retries.
   *
   * @default {"wait"}
   */
  readonly whenOffline?: "wait" | "fail" | undefined;
  /** Called as it goes on. What it throws ends the call, and the upload stays. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  /**
   * Pauses: nothing new is begun, what is in flight has a second to end, and the call
   * rejects with `signal.reason`. The upload and its token stay.
   */
  readonly signal?: AbortSignal | undefined;
}

/** What an upload has done: a write, and how much of it was there before. */
export interface ResumedResult extends WriteResult {
  /** Whether parts of an earlier call were used. */
  readonly resumed: boolean;
  /** How many bytes those have. */
  readonly kept: number;
  /**
   * Why nothing was used of an upload that was there: the file is another one
   * (`"content"`, and that upload stays as it is), the `"options"` are others, the service
   * had it no longer (`"gone"`), its token was `"torn"`, or it is of a `"newer"` version of
   * this library, as another tab may run, and left alone. Else `null`.
   */
  readonly because: RestartReason | null;
}

/** An upload on its way: the promise of its result. */
export interface ResumableUpload extends Promise<ResumedResult> {
  /** What is known of it by now; `null` before it is open, and for content of one request. */
  readonly token: UploadToken | null;
}

/** An upload that was begun and not finished. */
export interface PendingUpload extends UploadToken {
  /** How many bytes the service has acknowledged. */
  readonly acknowledged: number;
}

/** Options of {@linkcode discardUpload}. */
export interface DiscardUploadOptions extends CallOptions {
  /** Where the token lies; it is deleted there. */
  readonly tokens?: TokenStore | undefined;
}

const { size: _, id: __, ...WRITE } = METHOD_OPTIONS.openUpload;
/** What is in flight has a second to end, and what it goes through two more. */
const PATIENCE_MS = 3000;

const RESUMABLE: KnownOptions<ResumableUploadOptions> = {
  ...WRITE,
  tokens: "object",
  token: true,
  verify: "string",
  concurrency: "number",
  whenOffline: "string",
  onProgress: "function",
};
const DISCARD: KnownOptions<DiscardUploadOptions> = {
  ...METHOD_OPTIONS.call,
  tokens: "object",
};

/** Content up to this size, or to the part size that was asked for, is one write. */
const ONE_WRITE_BYTES = 8 * 1024 * 1024;

/**
 * Uploads a file in parts, and goes on with an upload of the same file to the same place
 * that was begun before. Needs `RESUMABLE_UPLOAD`. Content that fits into one part is one
 * write: there is nothing to resume, and no token.
 *
 * Before it goes on, every part that is there is read again and its SHA-256 compared
 * (see `verify`), and the service is asked which parts it has. One difference, and that
 * upload is left alone and a new one begun. Two tabs that upload to one place take turns
 * (Web Locks); where there are none, the one that comes last goes on, and the first waits
 * for it. A conflict that is found at the end leaves the upload where it is.
 *
 * What the service keeps of uploads that nobody goes on with costs money until
 * {@linkcode discardUpload} or a lifecycle rule of the bucket ends it.
 *
 * @param source A `Blob` or `File`, or a file of another store.
 * @throws {CapabilityNotSupportedError} If the store, or that of the tokens, cannot.
 * @throws {NotFoundError} If somebody discards it meanwhile.
 */
export function resumableUpload(
  store: UploadStore,
  source: UploadSource,
  path: string,
  options: ResumableUploadOptions = {},
): ResumableUpload {
  let run: Run | null = null;
  let isOver = false;
  const tell = (progress: UploadProgress) => {
    if (!isOver) options.onProgress?.(progress);
  };
  const upload = async (): Promise<ResumedResult> => {
    const began = Date.now();
    requireKnown("upload", path, options, RESUMABLE);
    requireUploads(store, path);
    const { path: to, ...place } = store.resolve(path);
    const checked = check(path, options);
    const { signal } = options;
    const file = await openSource(path, source, signal);
    const network = new Network(options.whenOffline !== "fail");
    try {
      if (file.size <= (options.partSize ?? ONE_WRITE_BYTES)) {
        const kept = keptOptions(options, file);
        const content = await contentOf(source, file);
        const result = await network.change(
          () => store.write(path, content, { ...kept, signal }),
          signal,
        );
        const { size: total } = file;
        tell({ checked: 0, acknowledged: total, sent: total, total });
        return toResult({ result, resumed: false, kept: 0, because: null });
      }
      const target = await targetOf(place);
      run = new Run({
        ...checked,
        store,
        path: to,
        target,
        source: file,
        options: keptOptions(options, file),
        network,
        tell,
        signal,
      });
      const { shelf } = checked;
      const go = run.go.bind(run, began);
      const turn = shelf === null ? go() : inTurn(target, go, signal);
      return toResult(await turn);
    } finally {
      network.release();
    }
  };
  const ended = withGrace(upload(), options?.signal, undefined, PATIENCE_MS)
    .finally(() => isOver = true);
  return Object.defineProperty(ended, "token", {
    get: () => run?.token ?? null,
  }) as ResumableUpload;
}

/**
 * Lists the uploads that were begun and not finished, to show them after a reload. A torn
 * token is left out; the next upload to its place deletes it. So is one that a newer
 * version of this library wrote; that one stays.
 */
export async function* pendingUploads(
  tokens: TokenStore,
  options: CallOptions = {},
): AsyncIterable<PendingUpload> {
  requireKnown("list the uploads", null, options, METHOD_OPTIONS.call);
  const shelf = new Shelf(tokens);
  const { signal } = options;
  for await (const name of shelf.names(null, signal)) {
    const kept = await shelf.read(name, signal);
    if (kept === null || typeof kept === "string") continue;
    const { token } = kept;
    if (token.state !== "open") continue;
    const acknowledged = token.parts.reduce((sum, { size }) => sum + size, 0);
    yield { ...token, acknowledged };
  }
}

/**
 * Throws an upload away: its parts at the service, then its token. One that is gone is no
 * error. Whoever is at it stops with {@linkcode NotFoundError}.
 *
 * @param store The store that it was begun with, or one over the same place.
 * @throws {InvalidArgumentError} If the token belongs to another place.
 */
export async function discardUpload(
  store: Pick<StoreLike, "openUpload" | "resolve">,
  token: UploadToken,
  options: DiscardUploadOptions = {},
): Promise<void> {
  const own = ownToken(token);
  if (typeof own === "string") {
    throw new InvalidArgumentError(
      "Cannot discard an upload: its token is torn, or none of this version",
    );
  }
  await withGrace(discard(store, own, options), options?.signal);
}

async function discard(
  store: Pick<StoreLike, "openUpload" | "resolve">,
  { path, id, size, partSize, target, key, options: promised }: UploadToken,
  options: DiscardUploadOptions,
): Promise<void> {
  requireKnown("discard the upload of", path, options, DISCARD);
  const { path: _, ...place } = store.resolve(path);
  if (await targetOf(place) !== target) {
    throw new InvalidArgumentError(
      `Cannot discard the upload of ${
        JSON.stringify(path)
      }: its token is for another place`,
    );
  }
  const { tokens, signal } = options;
  const shelf = tokens === undefined ? null : new Shelf(tokens);
  // Whoever is at it has to see that it is not merely gone.
  await shelf?.mark(key, "discarded", signal);
  const asked = { ...promised, size, partSize, id, signal };
  const upload = await store.openUpload(path, asked);
  await upload.discard({ signal });
  await shelf?.delete(key);
}

function check(path: string, options: ResumableUploadOptions) {
  const { tokens, token = null, verify = "all", concurrency = 4 } = options;
  const { partSize, whenOffline = "wait", onProgress } = options;
  const wrong = tokens !== undefined && token !== null
    ? "it has tokens and a token"
    : !["all", "sample", "size"].includes(verify)
    ? `verify is ${JSON.stringify(verify)}`
    : !["wait", "fail"].includes(whenOffline)
    ? `whenOffline is ${JSON.stringify(whenOffline)}`
    : !(Number.isSafeInteger(concurrency) && concurrency > 0)
    ? `concurrency is ${String(concurrency)}`
    : partSize !== undefined &&
        !(Number.isSafeInteger(partSize) && partSize > 0)
    ? `partSize is ${String(partSize)}`
    : onProgress !== undefined && typeof onProgress !== "function"
    ? "onProgress is no function"
    : typeof token !== "object"
    ? `token is of type ${typeof token}`
    : null;
  if (wrong !== null) {
    throw new InvalidArgumentError(
      `Cannot upload ${JSON.stringify(path)}: ${wrong}`,
    );
  }
  const shelf = tokens === undefined ? null : new Shelf(tokens);
  const own = token === null ? null : ownToken(token);
  return { shelf, token: own, verify, concurrency, partSize };
}

function keptOptions(
  options: ResumableUploadOptions,
  { type }: Source,
): KeptOptions {
  const { tokens: _, token: __, verify: ___, ...rest } = options;
  const { concurrency: _4, whenOffline: _5, onProgress: _6, ...more } = rest;
  const { partSize: _7, signal: _8, ...write } = more;
  const { contentType = type || undefined } = write;
  const all = Object.entries({ ...write, contentType });
  // As JSON gives them back.
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

async function contentOf(
  source: UploadSource,
  file: Source,
): Promise<WriteContent> {
  return source instanceof Blob
    ? source
    : await file.slice(0, file.size).arrayBuffer();
}

async function targetOf(place: object): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(place));
  return (await hashOf(text)).value.slice(0, 32);
}

function toResult({ result, ...facts }: Outcome): ResumedResult {
  return Object.freeze({ ...result, ...facts });
}
