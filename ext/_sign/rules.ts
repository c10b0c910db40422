// This module is browser compatible.
import type { AskedOperation } from "../../mod.ts";
import { denied, Refusal } from "./refusals.ts";

/** What the application allows beside a plain yes. It narrows what was asked for. */
export interface NarrowGrant {
  /** The most bytes of the whole file. Of a copy by one request nobody is told its size. */
  readonly maxSize?: number | undefined;
  /**
   * For how long the signature is valid, in seconds: of an upload that of each part, too, and
   * how long its parts are signed without asking the rules again.
   */
  readonly expiresIn?: number | undefined;
  /** The `Content-Type` to store, whatever was asked for. */
  readonly contentType?: string | undefined;
  /** The user metadata to store, whatever was asked for. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What `authorize` returns: all but `true` and a grant that narrows is a refusal. */
export type Grant = boolean | null | undefined | NarrowGrant;

/** Decides about one operation. */
export type Authorize = (
  asked: AskedOperation,
  request: Request,
) => Grant | Promise<Grant>;

/** The rules of the application, as they are asked for one request. */
export class Rules {
  readonly #authorize: Authorize;
  readonly #request: Request;
  readonly #patience: number;
  readonly #answers = new Map<string, Promise<NarrowGrant>>();

  /** @param patience How long an answer may take, in milliseconds. */
  constructor(authorize: Authorize, request: Request, patience: number) {
    this.#authorize = authorize;
    this.#request = request;
    this.#patience = patience;
  }

  /**
   * Returns what is allowed; asks once for the same in one request.
   *
   * @throws {Refusal} If it is not allowed.
   */
  async require(asked: AskedOperation): Promise<NarrowGrant> {
    if (asked.source === null) return await this.#once(asked);
    const read = await this.#once({
      ...asked,
      operation: "read",
      path: asked.source,
      source: null,
      create: false,
      ifMatch: null,
    });
    return together([await this.#once(asked), read]);
  }

  #once(asked: AskedOperation): Promise<NarrowGrant> {
    const name = JSON.stringify(asked);
    const known = this.#answers.get(name);
    if (known !== undefined) return known;
    const answer = this.#ask(Object.freeze(asked));
    this.#answers.set(name, answer);
    return answer;
  }

  async #ask(asked: AskedOperation): Promise<NarrowGrant> {
    const { operation, path, size } = asked;
    let given: Grant;
    try {
      given = await this.#inTime(this.#authorize(asked, this.#request));
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw denied(operation, path);
    }
    const grant = given === true ? {} : isGrant(given) ? given : null;
    if (grant === null) throw denied(operation, path);
    if (size !== null && size > (grant.maxSize ?? Infinity)) {
      throw denied(operation, path);
    }
    return grant;
  }

  async #inTime(answer: Grant | Promise<Grant>): Promise<Grant> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const why = "the rules gave no answer in time";
        reject(new Refusal("BackendUnavailable", `Cannot sign: ${why}`, 503));
      }, this.#patience);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * Returns the first of the grants that one signature is made by: it is valid no longer than
 * the shortest of them.
 */
export function together([first = {}, ...more]: NarrowGrant[]): NarrowGrant {
  return more.reduce(
    (all, { expiresIn = Infinity }) =>
      expiresIn < (all.expiresIn ?? Infinity) ? { ...all, expiresIn } : all,
    first,
  );
}

// An object that says nothing is more likely a mistake than a yes.
function isGrant(given: unknown): given is NarrowGrant {
  if (typeof given !== "object" || given === null) return false;
  const grant = given as Record<string, unknown>;
  const names = Object.keys(grant).filter((name) => grant[name] !== undefined);
  return names.length > 0 && names.every((name) => {
    const value = grant[name];
    switch (name) {
      case "maxSize":
      case "expiresIn":
        return Number.isSafeInteger(value) && (value as number) > 0;
      case "contentType":
        return typeof value === "string" &&
          /^[\x21-\x7e][\x20-\x7e]*$/.test(value);
      case "metadata":
        return typeof value === "object" && value !== null &&
          Object.values(value).every((text) => typeof text === "string");
      default:
        return false;
    }
  });
}
