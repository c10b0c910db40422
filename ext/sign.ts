/**
 * The server's half of a store in a page without a secret: one handler that signs each of
 * its requests, or refuses to. The page's half is
 * `@remote-store/core/backends/s3-remote`.
 *
 * A security boundary. It never signs text: it understands a request as one of a closed list
 * of operations, builds it anew, and refuses unless the two are the same, byte for byte.
 * Nothing is allowed unless `authorize` allows it.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { S3Backend } from "@remote-store/core/backends/s3";
 * import { s3Signing } from "@remote-store/core/backends/s3-signing";
 * import { signHandler } from "@remote-store/core/ext/sign";
 * import { assertEquals } from "@std/assert";
 *
 * const sign = signHandler({
 *   store: new Store({
 *     backend: new S3Backend({
 *       bucket: "photos",
 *       region: "eu-central-1",
 *       credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
 *     }),
 *   }),
 *   signing: s3Signing,
 *   root: (request) => `users/${request.headers.get("x-user")}`,
 *   authorize: ({ operation, contentType, size }) =>
 *     operation === "write"
 *       ? contentType === "image/png" && size !== null && size <= 5_000_000
 *       : operation === "read",
 * });
 *
 * // export default { fetch: sign }, Deno.serve(sign), app.post("/sign", (c) => sign(c.req.raw))
 * const ask = (url: string) =>
 *   sign(
 *     new Request("https://app.example.com/sign", {
 *       method: "POST",
 *       headers: {
 *         "content-type": "application/json",
 *         "x-remote-store": "1",
 *         "x-user": "42",
 *       },
 *       body: JSON.stringify({
 *         v: 1,
 *         requests: [{ method: "GET", url, headers: {}, size: 0 }],
 *       }),
 *     }),
 *   ).then((answer) => answer.json());
 *
 * const host = "https://photos.s3.eu-central-1.amazonaws.com";
 * const { results: [own] } = await ask(`${host}/users/42/tom.jpg`);
 * assertEquals(own.url.includes("X-Amz-Signature="), true);
 * const { results: [other] } = await ask(`${host}/users/43/tom.jpg`);
 * assertEquals(other.error.code, "InvalidPath");
 * ```
 *
 * @module
 */
import {
  InvalidArgumentError,
  type KnownOptions,
  requireKnown,
  type StoreLike,
  type ToSigningService,
  type UnsignedFields,
} from "../mod.ts";
import { Desk, type DeskOptions } from "./_sign/desk.ts";
import { runErrand, type WrittenFile } from "./_sign/errands.ts";
import { heard } from "./_sign/hearing.ts";
import { readBatch, toText, VERSION } from "./_sign/questions.ts";
import { Refusal, toRefusal } from "./_sign/refusals.ts";
import { type Authorize, Rules } from "./_sign/rules.ts";
import { Tickets } from "./_sign/tickets.ts";
import { MARK, readBody, RUN, Visitors } from "./_sign/visitors.ts";

export type { WrittenFile } from "./_sign/errands.ts";
export type { Authorize, Grant, NarrowGrant } from "./_sign/rules.ts";

/** Options of {@linkcode signHandler}. */
export interface SignHandlerOptions {
  /** The store whose credentials sign. Never given to the page. */
  readonly store: Pick<StoreLike, "unwrap" | "nativePath" | "getFileInfo">;
  /** What signs for its service: `s3Signing` or `azureSigning`. */
  readonly signing: ToSigningService;
  /**
   * The folder of the store that a visitor stays below: canonical, without a slash at either
   * end. `""` for all of it, which has to be written out. A function that throws, or returns
   * no path, refuses the request.
   */
  readonly root: string | ((request: Request) => string | Promise<string>);
  /**
   * Decides about each operation: once for a file, not once for a part, and once more before
   * it is completed. Only `true` and a {@linkcode NarrowGrant} allow.
   */
  readonly authorize: Authorize;
  /**
   * The origins of other sites whose pages may ask: `https://app.example.com`.
   *
   * @default {[]}, the handler's own origin only
   */
  readonly origins?: readonly string[] | undefined;
  /**
   * For how long a signature is valid at most, in seconds, up to 7 days.
   *
   * @default {900}
   */
  readonly maxExpires?: number | undefined;
  /**
   * For how long the signature of a part is, and the ticket of an upload, in seconds.
   *
   * @default {3600}
   */
  readonly maxPartExpires?: number | undefined;
  /**
   * The most questions in one request.
   *
   * @default {100}
   */
  readonly maxBatch?: number | undefined;
  /**
   * The most bytes of a request: the end of an upload of 50,000 blocks, as many as Azure
   * takes, has more than five megabytes.
   *
   * @default {8388608}
   */
  readonly maxBody?: number | undefined;
  /**
   * What the service does with header fields that are not signed. `"refused"`: it refuses
   * them, as AWS does. `"scoped"`: it takes them, and the credentials themselves may do no
   * more than the page. `"accepted"`: it takes them, which the application knows and takes.
   *
   * @default {"refused"} for the dialect `aws`; needed for every other one
   */
  readonly unsignedFields?: UnsignedFields | undefined;
  /**
   * Who ends uploads in parts. `"here"`: the handler opens, checks and completes them, so
   * that their size is what was allowed, and calls `onWritten`.
   *
   * @default {"page"}
   */
  readonly complete?: "page" | "here" | undefined;
  /**
   * Called for each file that was completed here, before the page learns of it, and for
   * each that the page says it has written and that is there. What it throws fails the
   * page's request, and takes nothing back.
   */
  readonly onWritten?:
    | ((file: WrittenFile, request: Request) => void | Promise<void>)
    | undefined;
  /**
   * Called with what `root`, `authorize` or `onWritten` throws, for a log: the page is told
   * that it is refused, and no more. A promise of its own is waited for; what it throws
   * itself changes nothing.
   */
  readonly onError?: ((error: unknown, request: Request) => void) | undefined;
  /**
   * The secret of tickets, at least 32 characters. Needed where the store's credentials
   * change, and where it has several keys.
   *
   * @default derived from the store's secret
   */
  readonly ticketKey?: string | undefined;
  /**
   * How long `authorize` may take, in milliseconds.
   *
   * @default {10000}
   */
  readonly authorizeTimeout?: number | undefined;
  /**
   * The time in milliseconds since 1970.
   *
   * @default {Date.now}
   */
  readonly now?: (() => number) | undefined;
}

/** Answers requests to sign. */
export type SignHandler = (request: Request) => Promise<Response>;

/**
 * Returns a handler that signs for pages, or refuses to.
 *
 * @throws {InvalidArgumentError} If an option is missing or wrong.
 * @throws {CapabilityNotSupportedError} If the store is over something that `signing` does not know.
 */
export function signHandler(options: SignHandlerOptions): SignHandler {
  const handler = new Handler(options);
  return (request) => handler.handle(request);
}

const KNOWN: KnownOptions<SignHandlerOptions> = {
  store: true,
  signing: true,
  root: true,
  authorize: "function",
  origins: true,
  maxExpires: "number",
  maxPartExpires: "number",
  maxBatch: "number",
  maxBody: "number",
  unsignedFields: "string",
  complete: "string",
  onWritten: "function",
  onError: "function",
  ticketKey: true,
  authorizeTimeout: "number",
  now: "function",
};

class Handler {
  readonly #options: SignHandlerOptions;
  readonly #desk: DeskOptions;
  readonly #visitors: Visitors;
  readonly #maxBatch: number;
  readonly #maxBody: number;

  constructor(options: SignHandlerOptions) {
    requireKnown("create a signing handler", null, options, KNOWN);
    const { store, signing, root, authorize } = options;
    if (typeof signing !== "function") refuse("signing is missing");
    if (typeof root !== "string" && typeof root !== "function") {
      refuse('root is missing; for all of the store it is ""');
    }
    if (typeof authorize !== "function") refuse("authorize is missing");
    const { complete = "page", maxExpires = 900, now = Date.now } = options;
    if (complete !== "page" && complete !== "here") {
      refuse(`complete is ${JSON.stringify(complete)}`);
    }
    const { maxPartExpires = 3600, maxBatch = 100, maxBody = 2 ** 23 } =
      options;
    const WEEK = 7 * 24 * 60 * 60;
    requireWhole("maxExpires", maxExpires, WEEK);
    requireWhole("maxPartExpires", maxPartExpires, WEEK);
    requireWhole("maxBatch", maxBatch, 10_000);
    requireWhole("maxBody", maxBody, 2 ** 30);
    requireWhole(
      "authorizeTimeout",
      options.authorizeTimeout ?? 1,
      2 ** 31 - 1,
    );
    const { unsignedFields } = options;
    const service = signing(store, { unsignedFields });
    const tickets = new Tickets(
      ticketKey(options.ticketKey, service.deriveKey("remote-store tickets 1")),
      store.nativePath(""),
      now,
    );
    const { onWritten, onError } = options;
    this.#options = {
      ...options,
      root: heard(root, onError),
      authorize: heard(authorize, onError),
      onWritten: heard(onWritten, onError),
    };
    this.#desk = {
      service,
      tickets,
      maxExpires,
      maxPartExpires,
      complete,
      now,
    };
    this.#visitors = new Visitors(options.origins ?? []);
    this.#maxBatch = maxBatch;
    this.#maxBody = maxBody;
  }

  async handle(request: Request): Promise<Response> {
    if (request.method === "OPTIONS") return this.#visitors.preflight(request);
    let answer: Response;
    try {
      answer = await this.#answer(request);
    } catch (error) {
      const { code, message, status } = toRefusal(error);
      answer = Response.json({ v: [VERSION], error: { code, message } }, {
        status,
      });
    }
    const { headers } = answer;
    const fields = Object.entries(this.#visitors.fields(request, headers));
    for (const [name, value] of fields) headers.set(name, value);
    return answer;
  }

  async #answer(request: Request): Promise<Response> {
    const run = request.headers.get(RUN);
    if (run === null && request.method !== "POST") {
      // A link, a prefetch, a form: no client of this library.
      const isAsking = request.method === "GET" && request.headers.has(MARK);
      if (!isAsking) throw unknownMethod();
      this.#visitors.require(request);
      const desk = await this.#open(request);
      const { service, complete } = this.#desk;
      const told = { ...service.describe(), root: desk.base, complete };
      return Response.json({ v: VERSION, ...told });
    }
    this.#visitors.require(request);
    const type = request.headers.get("content-type") ?? "";
    if (
      run === null && !/^application\/json(?:; ?charset=utf-8)?$/i.test(type)
    ) {
      throw new Refusal("InvalidArgument", "Cannot sign: it is no JSON", 415);
    }
    const body = await readBody(request, this.#maxBody);
    const batch = run === null
      ? readBatch(toText(body), this.#maxBatch)
      : { questions: [], written: [] };
    const desk = await this.#open(request);
    if (run !== null) {
      return await runErrand(run, request, body, desk, {
        ...this.#desk,
        onWritten: async (file) =>
          await this.#options.onWritten?.(file, request),
      });
    }
    const results = await Promise.all(
      batch.questions.map((one) => desk.answer(one)),
    );
    const written = await Promise.all(
      batch.written.map((path) => this.#look(path, desk, request)),
    );
    const now = new Date(this.#desk.now()).toISOString();
    return Response.json({ v: VERSION, now, results, written });
  }

  async #open(request: Request): Promise<Desk> {
    const { root, authorize, authorizeTimeout = 10_000 } = this.#options;
    const rules = new Rules(authorize, request, authorizeTimeout);
    let given: unknown = root;
    try {
      if (typeof root === "function") given = await root(request);
    } catch {
      given = null;
    }
    return new Desk(this.#desk, rules, given, request);
  }

  // A PUT goes past the handler, so that the page tells of it, and is not believed.
  async #look(path: string, desk: Desk, request: Request): Promise<unknown> {
    try {
      const { store } = this.#options;
      const info = await store.getFileInfo(await desk.requireLook(path));
      const { size, etag, extra } = info;
      const versionId = extra["versionId"];
      await this.#tell({
        path,
        size,
        etag,
        versionId: typeof versionId === "string" ? versionId : null,
      }, request);
      return { path, size, etag };
    } catch (error) {
      const { code, message } = toRefusal(error);
      return { error: { code, message } };
    }
  }

  async #tell(file: WrittenFile, request: Request): Promise<void> {
    try {
      await this.#options.onWritten?.(file, request);
    } catch {
      // A file that it misses is another one than the page's.
      throw new Refusal("RemoteStoreError", "the handler failed", 500);
    }
  }
}

function ticketKey(
  given: string | undefined,
  derived: Uint8Array<ArrayBuffer> | null,
): Uint8Array<ArrayBuffer> {
  if (given !== undefined) {
    if (typeof given === "string" && given.length >= 32) {
      return new TextEncoder().encode(given);
    }
    refuse("ticketKey has fewer than 32 characters");
  }
  if (derived !== null) return derived;
  refuse("ticketKey is needed, as the store's credentials do not last");
}

function unknownMethod(): Refusal {
  return new Refusal("InvalidArgument", "Cannot sign: it takes POST", 405);
}

function requireWhole(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  refuse(`${name} is ${value}, a whole number from 1 to ${most} is needed`);
}

function refuse(why: string): never {
  throw new InvalidArgumentError(`Cannot create a signing handler: ${why}`);
}
