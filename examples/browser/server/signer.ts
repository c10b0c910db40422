/**
 * The handler that signs for the page, in the server or in a Worker.
 *
 * @module
 */
import type {
  StoreLike,
  ToSigningService,
  UnsignedFields,
} from "@remote-store/core";
import {
  type Authorize,
  type SignHandler,
  signHandler,
} from "@remote-store/core/ext/sign";
import { MAX_SIZE, whyRefused } from "../rules.ts";

/** What is signed for. */
export interface SigningOptions {
  /** A store with credentials, which never leave the server. */
  readonly store: StoreLike;
  /** What signs for its service. */
  readonly signing: ToSigningService;
  /** What the service does with header fields that are not signed. */
  readonly unsignedFields?: UnsignedFields;
}

/** The name of the cookie that tells visitors apart. */
export const COOKIE = "visitor";

/** Returns who asks; `null` for somebody without a session. */
export function visitorOf(request: Request): string | null {
  const cookies = request.headers.get("cookie") ?? "";
  return /(?:^|; )visitor=([\da-f-]{36})(?:;|$)/.exec(cookies)?.[1] ?? null;
}

/** Everybody may do everything below the own folder, but for what the rules refuse. */
const authorize: Authorize = (asked) =>
  asked.operation !== "write" ||
  whyRefused(asked) === null && { maxSize: MAX_SIZE };

/** Returns the handler. `origins` are those of the page, where it is not the handler's. */
export function signerFor(
  { store, signing, unsignedFields }: SigningOptions,
  origins: readonly string[] = [],
): SignHandler {
  return signHandler({
    store,
    signing,
    unsignedFields,
    origins,
    root(request) {
      const visitor = visitorOf(request);
      if (visitor === null) throw new Error("no session");
      return `visitors/${visitor}`;
    },
    authorize,
    // So that the size of a file in parts is what was allowed, on Azure too.
    complete: "here",
  });
}
