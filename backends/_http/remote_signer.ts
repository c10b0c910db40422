// This module is browser compatible.
import {
  isRemoteStoreError,
  refuse,
  RemoteStoreError,
} from "../../core/errors.ts";
import type { PromisedUpload, UploadTicket } from "../../core/signing.ts";
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";
import { type RetryOptions, RetryPolicy } from "../../core/retry.ts";
import { type Fetch, HttpClient, type HttpService } from "./client.ts";
import { Gathering } from "./gathering.ts";
import { Grants } from "./grants.ts";
import {
  type Answered,
  ANSWERS,
  each,
  type HandlerAnswer,
  toError,
} from "./handler_answers.ts";
import { toLongBase64 } from "./hmac.ts";
import { REAL_TIMING } from "./retry.ts";
import {
  ofStatus,
  type RequestSigner,
  type SignedRequest,
  type SigningOptions,
  type UnsignedRequest,
  wordsOf,
} from "./signing.ts";

/** Options of {@linkcode remoteSigner}. */
export interface RemoteSignerOptions {
  /** Returns header fields for each question: a session's token, for one. */
  readonly headers?:
    | (() =>
      | Readonly<Record<string, string>>
      | Promise<Readonly<Record<string, string>>>)
    | undefined;
  /**
   * Whether cookies go along.
   *
   * @default {"same-origin"}
   */
  readonly credentials?: "include" | "omit" | "same-origin" | undefined;
  /**
   * How many requests are asked for in one question.
   *
   * @default {32}
   */
  readonly batch?: number | undefined;
  /**
   * For how many seconds the same read, look or list is not asked for again.
   *
   * @default {60}
   */
  readonly reuse?: number | undefined;
  /**
   * When a question is repeated. Its waits come before those of the backend.
   *
   * @default {six attempts, about six seconds}
   */
  readonly retry?: RetryPolicy | RetryOptions | undefined;
  /** What sends, in place of the global `fetch`. */
  readonly fetch?: Fetch | undefined;
}

/** What a handler says of its store. */
export interface RemoteDescription {
  /** The root that the page stays below: the `root` of its store. */
  readonly root: string;
  /** Who ends uploads in parts. */
  readonly complete: "page" | "here";
  /** What the page's backend needs to know: endpoint, bucket, region and so on. */
  readonly [name: string]: unknown;
}

/** A question, and what is known of its upload. */
interface Question {
  readonly request: UnsignedRequest;
  readonly ticket: string | undefined;
}

/**
 * Returns a signer that asks a handler of the application's: `signHandler` of `ext/sign`.
 * What is asked in one task goes as one question. A signature is used until it ends, and
 * all are dropped at the first refusal.
 *
 * @param url Where the handler is; relative ones are the page's.
 * @throws {InvalidArgumentError} If the URL is none, or an option is wrong.
 */
export function remoteSigner(
  url: string,
  options: RemoteSignerOptions = {},
): RequestSigner {
  const remote = new Remote(url, options);
  const signer: RequestSigner = (request, asked) => remote.sign(request, asked);
  return Object.assign(signer, { opensUploads: true });
}

/**
 * Asks a handler what its store is like: options for the page's backend, and the root.
 *
 * @throws {PermissionDeniedError} If the handler refuses.
 * @throws {BackendUnavailableError} If no answer came.
 */
export async function describeRemote(
  url: string,
  options: RemoteSignerOptions & {
    /** Ends the question. */
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<RemoteDescription> {
  return await new Remote(url, options).describe(options.signal);
}

/**
 * Tells a handler of files that were written by single requests, which it does not see: it
 * looks at each, and calls the application's `onWritten`.
 *
 * @param paths The paths below the root.
 * @throws {NotFoundError} If one is not there.
 * @throws {PermissionDeniedError} If the handler refuses.
 */
export async function tellWritten(
  url: string,
  paths: readonly string[],
  options: RemoteSignerOptions & {
    /** Ends the question. */
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<void> {
  await new Remote(url, options).tell(paths, options.signal);
}

const KNOWN: KnownOptions<RemoteSignerOptions & { signal: unknown }> = {
  headers: "function",
  credentials: "string",
  batch: "number",
  reuse: "number",
  retry: true,
  fetch: "function",
  signal: true,
};

class Remote {
  readonly #url: string;
  readonly #options: RemoteSignerOptions;
  readonly #client: HttpClient;
  readonly #gathering: Gathering<Question, Answered>;
  readonly #grants: Grants;
  readonly #tickets = new WeakMap<PromisedUpload, UploadTicket>();
  readonly #reuses: boolean;
  #skew = 0;

  constructor(url: string, options: RemoteSignerOptions) {
    requireKnown("create a remote signer", null, options, KNOWN);
    const { batch = 32, reuse = 60, credentials = "same-origin" } = options;
    const { retry = RETRY, fetch } = options;
    const { location } = globalThis as { location?: { href?: string } };
    if (!URL.canParse(url, location?.href)) {
      refuse("create a remote signer", null, "its URL is none");
    }
    if (!(Number.isSafeInteger(batch) && batch >= 1 && batch <= 100)) {
      refuse("create a remote signer", null, `batch is ${batch}`);
    }
    if (!(reuse >= 0)) {
      refuse("create a remote signer", null, `reuse is ${reuse}`);
    }
    this.#url = new URL(url, location?.href).href;
    this.#options = options;
    this.#reuses = reuse > 0;
    this.#grants = new Grants(reuse * 1000);
    const service: HttpService = {
      sign: async (request) => ({
        ...request,
        headers: { ...request.headers, ...await this.#own() },
      }),
      toError: ({ status, text }) => ofStatus(status, wordsOf(text)),
    };
    const policy = new RetryPolicy(retry);
    this.#client = new HttpClient(fetch, service, policy, REAL_TIMING, {
      credentials,
    });
    this.#gathering = new Gathering(
      batch,
      (asks, signal) => this.#ask(asks, signal),
    );
  }

  async sign(
    request: UnsignedRequest,
    { ahead, refresh, signal, ticket }: SigningOptions,
  ): Promise<SignedRequest> {
    const name = this.#grants.nameOf(request);
    if (refresh) this.#grants.clear();
    const known = this.#grants.take(name);
    if (known !== null) return known;
    const box = ticket ?? this.#boxOf(request);
    const answer = this.#gathering.ask(name, question(request, box), signal);
    for (const later of ahead) this.#askAlong(later, box);
    const answered = await answer;
    const signed = await this.#take(request, answered, box);
    const isLasting = this.#reuses && request.plan === undefined &&
      (request.method === "GET" || request.method === "HEAD");
    if (isLasting) this.#keep(name, answered, signed, true);
    return signed;
  }

  async describe(signal: AbortSignal | undefined): Promise<RemoteDescription> {
    const told = await this.#client.get({
      method: "GET",
      url: this.#url,
      headers: { [MARK]: "1" },
      body: null,
    }, { answers: ANSWERS, signal });
    if (typeof told.root === "string") return told as RemoteDescription;
    throw new RemoteStoreError("the signer tells no root");
  }

  async tell(
    written: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const answer = await this.#post({ v: 1, written }, signal);
    for (const { error } of each(answer.written, written)) {
      if (error) throw toError(error);
    }
  }

  #askAlong(request: UnsignedRequest, box: UploadTicket): void {
    const name = this.#grants.nameOf(request);
    if (this.#grants.has(name) || this.#gathering.isOpen(name)) return;
    this.#gathering.along(name, question(request, box)).then(
      async (answered) => {
        const signed = await this.#take(request, answered, box);
        this.#keep(name, answered, signed, false);
      },
    ).catch(() => {
      // Whoever needs it asks for it, and learns why not.
    });
  }

  // Of who brings no place for it: what belongs together has the same promise.
  #boxOf({ plan }: UnsignedRequest): UploadTicket {
    if (plan === undefined) return { text: null };
    let box = this.#tickets.get(plan);
    if (box === undefined) this.#tickets.set(plan, box = { text: null });
    return box;
  }

  async #take(
    request: UnsignedRequest,
    { url, headers, ticket, here, answer, along = [], error }: Answered,
    box: UploadTicket,
  ): Promise<SignedRequest> {
    if (error) throw toError(error);
    const { plan } = request;
    if (ticket !== undefined) box.text = ticket;
    if (answer) {
      for (const one of along) await this.#takeAlong(one, plan, box);
      const response = new Response(answer.body, answer);
      return { url: request.url, headers: {}, response };
    }
    if (typeof url === "string" && typeof headers === "object") {
      return { url, headers };
    }
    if (typeof here !== "string") {
      throw new RemoteStoreError("the signer gave no request");
    }
    const { credentials = "same-origin" } = this.#options;
    return {
      url: this.#url,
      headers: { ...await this.#own(), [MARK]: "1", [RUN]: here },
      credentials,
    };
  }

  async #takeAlong(
    { asked, ...answered }: Answered & { readonly asked: UnsignedRequest },
    plan: PromisedUpload | undefined,
    box: UploadTicket,
  ): Promise<void> {
    if (answered.error !== undefined) return;
    const request = { ...asked, plan };
    const name = this.#grants.nameOf(request);
    const signed = await this.#take(request, answered, box);
    this.#keep(name, answered, signed, false);
  }

  #keep(
    name: string,
    { expires = "" }: Answered,
    signed: SignedRequest,
    isLasting: boolean,
  ): void {
    const left = Date.parse(expires) - this.#skew - Date.now();
    this.#grants.keep(name, signed, left, isLasting);
  }

  // What a handler cannot read, or all of it together, must not fail what was asked along.
  async #ask(
    questions: readonly Question[],
    signal: AbortSignal,
  ): Promise<readonly Answered[]> {
    try {
      return await this.#askAll(questions, signal);
    } catch (error) {
      const isRefused = isRemoteStoreError(error) &&
        error.code === "RemoteStoreError";
      if (!isRefused || questions.length === 1) throw error;
      const alone = questions.map((one) =>
        this.#ask([one], signal).catch((error) => [{ error }])
      );
      return (await Promise.all(alone)).flat();
    }
  }

  async #askAll(
    questions: readonly Question[],
    signal: AbortSignal,
  ): Promise<readonly Answered[]> {
    const requests = questions.map(({ request, ticket }) => {
      const { body, ...rest } = request;
      return {
        ...rest,
        ...body === undefined ? {} : { body: toLongBase64(body) },
        ...ticket === undefined ? {} : { ticket },
      };
    });
    // From before the question: the answer's way must not lengthen a grant.
    const begun = Date.now();
    const { results, now = "" } = await this.#post({ v: 1, requests }, signal);
    // What is left of a grant is told by the handler's clock, and counted by this one.
    const told = Date.parse(now);
    if (!Number.isNaN(told)) this.#skew = told - begun;
    return each(results, questions);
  }

  async #post(
    body: unknown,
    signal: AbortSignal | undefined,
  ): Promise<HandlerAnswer> {
    return await this.#client.get({
      method: "POST",
      url: this.#url,
      headers: { "content-type": "application/json", [MARK]: "1" },
      body: new TextEncoder().encode(JSON.stringify(body)),
    }, { answers: ANSWERS, signal });
  }

  async #own(): Promise<Readonly<Record<string, string>>> {
    return await this.#options.headers?.() ?? {};
  }
}

const MARK = "x-remote-store";
const RUN = "x-remote-store-run";

const RETRY = /* @__PURE__ */ new RetryPolicy({
  attempts: 6,
  minDelay: 500,
  maxDelay: 5000,
});

function question(request: UnsignedRequest, { text }: UploadTicket): Question {
  return { request, ticket: text ?? undefined };
}
