// This module is browser compatible.
import {
  type AskedOperation,
  type KeyedOperation,
  normalizePath,
  type SigningCase,
  type SigningService,
  type SigningTerms,
} from "../../mod.ts";
import { toAsked } from "./paths.ts";
import type { Asked } from "./questions.ts";
import { Refusal, toOwnRefusal, toRefusal } from "./refusals.ts";
import { type NarrowGrant, type Rules, together } from "./rules.ts";
import { type Answer, sendOn, toAnswer } from "./sending.ts";
import type { Tickets, UploadFacts } from "./tickets.ts";
import {
  factsOf,
  narrowed,
  requireSource,
  requireStep,
  requireType,
  toWhole,
  within,
} from "./uploads.ts";

/** What holds for all requests to a handler. */
export interface DeskOptions {
  /** What signs. */
  readonly service: SigningService;
  /** What seals. */
  readonly tickets: Tickets;
  /** How long a signature is valid at most, in seconds. */
  readonly maxExpires: number;
  /** How long that of a part is. */
  readonly maxPartExpires: number;
  /** Who ends uploads. */
  readonly complete: "page" | "here";
  /** The clock. */
  readonly now: () => number;
}

/** The answer to one question. */
export interface Signed {
  /** The URL to send to. */
  readonly url?: string;
  /** All fields to send. */
  readonly headers?: Readonly<Record<string, string>>;
  /** When it ends. */
  readonly expires?: string;
  /** What the service holds the sender to. */
  readonly enforced?: readonly string[];
  /** The ticket of the upload. */
  readonly ticket?: string;
  /** What the handler itself sends on, if it is sent back to it. */
  readonly here?: string;
  /** What the service answered to what the handler has sent on at once. */
  readonly answer?: Answer;
  /** What the page will ask next, signed. */
  readonly along?: readonly Along[];
  /** Why there is no signature. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** A question that nobody has asked yet, and the answer to it. */
export interface Along extends Signed {
  /** The question. */
  readonly asked: Pick<Asked, "method" | "url" | "headers" | "size">;
}

/** A request that the handler is to send on. */
export interface Errand {
  readonly base: string;
  readonly question: Omit<Asked, "body" | "ticket">;
  /** The SHA-256 of the body in base64; `null` for none. */
  readonly hash: string | null;
  readonly terms: SigningTerms;
  readonly facts: UploadFacts | null;
}

/** Where one visitor's questions are answered. */
export class Desk {
  readonly #options: DeskOptions;
  readonly #rules: Rules;
  readonly #root: string;
  readonly #request: Pick<Request, "signal">;
  /** The root that the visitor stays below, as a key. */
  readonly base: string;

  /**
   * @param request What is aborted where nobody waits for what is sent on from here.
   * @throws {Refusal} If the root is none.
   */
  constructor(
    options: DeskOptions,
    rules: Rules,
    root: unknown,
    request: Pick<Request, "signal">,
  ) {
    this.#options = options;
    this.#rules = rules;
    this.#request = request;
    this.#root = requireRoot(root);
    this.base = options.service.keyOf(this.#root);
  }

  /** Answers a question, or says why not. */
  async answer(asked: Asked): Promise<Signed> {
    try {
      return await this.#sign(asked);
    } catch (error) {
      const { code, message } = toRefusal(error);
      return { error: { code, message } };
    }
  }

  /**
   * Returns the path of the store for one below the root, if it may be looked at.
   *
   * @throws {Refusal} If not.
   */
  async requireLook(path: string): Promise<string> {
    const key = this.base === "" ? path : `${this.base}/${path}`;
    await this.#rules.require(toAsked({ ...LOOK, key }, this.base));
    return this.#root === "" ? path : `${this.#root}/${path}`;
  }

  /** Returns what an operation asks for, by paths. */
  askedOf(understood: SigningCase): AskedOperation[] {
    return understood.operations.map((one) => toAsked(one, this.base));
  }

  async #sign(asked: Asked): Promise<Signed> {
    const { service, complete, tickets } = this.#options;
    const understood = await readOwn(service, asked);
    const { upload } = understood;
    // All paths before the first rule: what is outside is nobody's business.
    const operations = this.askedOf(understood);
    const [facts, grant, ticket] = upload === null
      ? [null, await this.#allow(operations), undefined]
      : await this.#allowStep(asked, understood, operations);
    const terms = this.#termsOf(asked, understood, grant);
    // Counted from before it is signed, and a second less: services date by whole ones.
    const begun = this.#options.now() - 1000;
    const endOf = (seconds: number) =>
      new Date(begun + seconds * 1000).toISOString();
    const isHere = understood.onlyHere ||
      (complete === "here" && upload !== null && upload.step !== "part");
    const told = ticket === undefined ? {} : { ticket };
    if (upload?.step === "open") {
      return { ...await this.#sendOpening(understood, terms, ticket), ...told };
    }
    if (isHere) {
      const { body, ticket: _, ...question } = asked;
      const hash = body === null ? null : await hashOf(body);
      const errand: Errand = { base: this.base, question, hash, terms, facts };
      const here = await tickets.seal("errand", errand, terms.seconds);
      return { here, expires: endOf(terms.seconds), ...told };
    }
    const { seconds = terms.seconds, ...signed } = await understood.sign(terms);
    return { ...signed, expires: endOf(seconds), ...told };
  }

  // It stores nothing, so that a lost answer is no more than an upload that is never ended.
  async #sendOpening(
    understood: SigningCase,
    terms: SigningTerms,
    ticket = "",
  ): Promise<Signed> {
    const response = await sendOn(understood, terms, this.#request.signal);
    const answer = await toAnswer(response);
    if (!response.ok) return { answer };
    const along = understood.partsOf(answer.body).map(
      async (question): Promise<Along> => {
        const { method, url, headers, size } = question;
        const signed = await this.answer({ ...question, ticket });
        return { asked: { method, url, headers, size }, ...signed };
      },
    );
    return { answer, along: await Promise.all(along) };
  }

  async #allow(operations: readonly AskedOperation[]): Promise<NarrowGrant> {
    const grants = await Promise.all(
      operations.map((one) => this.#rules.require(one)),
    );
    return together(grants);
  }

  // Once a file: parts go by what its ticket says.
  async #allowStep(
    asked: Asked,
    understood: SigningCase,
    operations: readonly AskedOperation[],
  ): Promise<[UploadFacts, NarrowGrant, string | undefined]> {
    const { upload, operations: [keyed] } = understood;
    const [operation] = operations;
    if (asked.expiresIn !== null) {
      throw new Refusal("InvalidArgument", "Cannot sign a link to an upload");
    }
    if (upload === null || keyed === undefined || operation === undefined) {
      throw new Error("an upload is about one file");
    }
    const { base } = this;
    const isFirst = upload.opens && asked.ticket === null;
    if (upload.step === "open" || isFirst) {
      const grant = await this.#rules.require(operation);
      const facts = factsOf(base, keyed.key, operation, asked.plan, grant);
      if (isFirst) requireStep(facts, base, keyed.key, upload);
      return [facts, within(facts, grant), await this.#seal(facts)];
    }
    const opened = asked.ticket === null
      ? null
      : await this.#options.tickets.open<UploadFacts>("upload", asked.ticket);
    if (opened === null) {
      throw new Refusal("InvalidArgument", "Cannot sign: the ticket is none");
    }
    const { isOver } = opened;
    let { facts } = opened;
    let grant: NarrowGrant = {};
    if (upload.stores) requireType(facts, operation);
    if (isOver || upload.step === "complete") {
      const said = upload.stores ? operation : facts.asked;
      grant = await this.#rules.require(toWhole(facts, said));
      facts = narrowed(facts, grant);
    }
    requireStep(facts, base, keyed.key, upload);
    requireSource(facts, upload, operation);
    const ticket = isOver ? await this.#seal(facts) : undefined;
    return [facts, within(facts, grant), ticket];
  }

  #seal(facts: UploadFacts): Promise<string> {
    const { tickets, maxPartExpires } = this.#options;
    const seconds = Math.min(maxPartExpires, facts.expiresIn ?? Infinity);
    return tickets.seal("upload", facts, seconds);
  }

  #termsOf(
    asked: Asked,
    { upload }: SigningCase,
    { expiresIn, contentType, metadata }: NarrowGrant,
  ): SigningTerms {
    const { maxExpires, maxPartExpires } = this.#options;
    const most = upload?.step === "part" ? maxPartExpires : maxExpires;
    const wanted = asked.expiresIn === 0 ? 1 : asked.expiresIn;
    const seconds = Math.min(most, expiresIn ?? most, wanted ?? most);
    return {
      seconds,
      ...contentType === undefined ? {} : { contentType },
      ...metadata === undefined ? {} : { metadata },
    };
  }
}

// What the asker has said wrong is told, as it says nothing else; whatever fails behind it
// may be the application's.
async function readOwn(
  service: SigningService,
  asked: Asked,
): Promise<SigningCase> {
  try {
    return await service.read(asked);
  } catch (error) {
    throw toOwnRefusal(error);
  }
}

const LOOK: Omit<KeyedOperation, "key"> = {
  operation: "head",
  sourceKey: null,
  size: null,
  create: false,
  ifMatch: null,
  contentType: null,
  cacheControl: null,
  contentDisposition: null,
  contentEncoding: null,
  contentLanguage: null,
  metadata: null,
  digest: null,
};

function requireRoot(root: unknown): string {
  if (root === "") return root;
  try {
    if (typeof root === "string" && normalizePath(root) === root) return root;
  } catch {
    // The same as another spelling: what the application gives is a mistake.
  }
  throw new Refusal("PermissionDenied", "Cannot sign: there is no root", 403);
}

/** Returns the SHA-256 of a body in base64. */
export async function hashOf(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", body);
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
