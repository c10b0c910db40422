// This module is browser compatible.
import { BackendUnavailableError } from "../../core/errors.ts";

/**
 * Returns the error for a request that got no answer: whom it asked, and what the platform
 * says underneath.
 */
export function unreachable(
  cause: unknown,
  url: string,
): BackendUnavailableError {
  const said = innermost(cause);
  const why = said === "" ? "" : `: ${said}`;
  return new BackendUnavailableError(
    `no answer came from ${originOf(url)}${why}${hint(url)}`,
    { cause },
  );
}

/** How deep causes are looked into. */
const MAX_DEPTH = 8;

function innermost(cause: unknown): string {
  let said = "";
  let at = cause;
  for (let depth = 0; at instanceof Error && depth < MAX_DEPTH; depth++) {
    if (at.message.trim() !== "") said = at.message.trim();
    at = at.cause;
  }
  return said;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "the service";
}

// A browser shows a refusal by CORS rules and a dead network alike, on purpose.
function hint(url: string): string {
  const { location } = globalThis as { location?: { origin?: string } };
  const here = location?.origin ?? "null";
  return here === "null" || here === originOf(url)
    ? ""
    : ", or its CORS rules keep the answer from this page";
}

/** Returns the error for an answer that is none. */
export function notAnAnswer(
  what: string,
  cause?: unknown,
): BackendUnavailableError {
  return new BackendUnavailableError(
    `the service answered with ${what}, which is no answer to the request`,
    { cause },
  );
}
