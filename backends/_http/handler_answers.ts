// This module is browser compatible.
import {
  AlreadyExistsError,
  BackendUnavailableError,
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
  NotFoundError,
  PermissionDeniedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import type { UnsignedRequest } from "./signing.ts";

/** What a handler answers to a request. Who answers may be another, so that nothing is sure. */
export interface HandlerAnswer {
  /** The root of its store. */
  readonly root?: unknown;
  /** Its time. */
  readonly now?: string;
  /** What it answers to each question. */
  readonly results?: readonly Answered[];
  /** What it says of each file that was written. */
  readonly written?: readonly Pick<Answered, "error">[];
}

/** What a handler answers to one question. */
export interface Answered {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expires?: string;
  readonly ticket?: string;
  readonly here?: string;
  readonly answer?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly along?: readonly (Answered & { readonly asked: UnsignedRequest })[];
  readonly error?: { readonly code: string; readonly message: string };
}

const isObject = (given: unknown): boolean =>
  typeof given === "object" && given !== null;

/** The readers of what a handler answers. */
export const ANSWERS = {
  // Who is signed out may be sent to a page to sign in, and its HTML has this status too.
  200: async (response: Response): Promise<HandlerAnswer> => {
    const told = await response.json().catch(() => null);
    if (isObject(told)) return told;
    const type = response.headers.get("content-type");
    throw new BackendUnavailableError(
      `the signer's answer is no whole JSON (${type})`,
    );
  },
};

/**
 * Returns what is answered to each of several.
 *
 * @throws {RemoteStoreError} If that is not so.
 */
export function each<T>(
  answers: readonly T[] | undefined,
  { length }: readonly unknown[],
): readonly T[] {
  const isWhole = Array.isArray(answers) && answers.length === length &&
    answers.every((one) => isObject(one));
  if (isWhole) return answers;
  throw new RemoteStoreError("the signer did not answer each question");
}

/** Returns the error for what a handler refuses. */
export function toError(
  { code, message }: { readonly code: string; readonly message: string },
): Error {
  const why = `the signer refuses: ${message}`;
  switch (code) {
    case "PermissionDenied":
      return new PermissionDeniedError(why);
    case "InvalidPath":
      return new InvalidPathError(why);
    case "InvalidArgument":
      return new InvalidArgumentError(why);
    case "CapabilityNotSupported":
      return new CapabilityNotSupportedError(why);
    case "AlreadyExists":
      return new AlreadyExistsError(why);
    case "NotFound":
      return new NotFoundError(why);
    case "BackendUnavailable":
      return new BackendUnavailableError(why);
    default:
      return new RemoteStoreError(why);
  }
}
