/**
 * What a shared access signature permits, as the service's documentation lists it. The
 * signature itself is not checked: real services do that in tests of their own.
 *
 * @module
 */
import { type Paths, Refusal } from "./account.ts";
import type { Asked } from "./service.ts";

/** Refuses a request that its signature does not permit. */
export function requirePermission(
  asked: Asked,
  paths: Paths | undefined,
): void {
  const { method, query, path } = asked;
  const permitted = query.get("sp");
  if (permitted === null) return;
  const ends = query.get("se");
  if (ends !== null && !(Date.now() < Date.parse(ends))) {
    throw new Refusal(403, "AuthenticationFailed");
  }
  if (query.get("sr") === "b" && query.get("restype") !== null) {
    throw new Refusal(403, "AuthorizationResourceTypeMismatch");
  }
  const needed = lettersFor(method, query);
  if (![...needed].some((letter) => permitted.includes(letter))) {
    throw new Refusal(403, "AuthorizationPermissionMismatch");
  }
  const replaces = method === "PUT" && paths?.nodes.has(path);
  if (replaces && !permitted.includes("w")) {
    throw new Refusal(403, "UnauthorizedBlobOverwrite");
  }
}

function lettersFor(method: string, query: URLSearchParams): string {
  const comp = query.get("comp");
  if (comp === "list") return "l";
  if (comp === "tags") return "t";
  if (method === "GET" || method === "HEAD") return "r";
  if (method === "DELETE") return "d";
  // With this version of signatures, creating is Put Blob and Copy Blob.
  return comp === null ? "cw" : "w";
}

const OVERRIDES = {
  rscc: "cache-control",
  rscd: "content-disposition",
  rsce: "content-encoding",
  rscl: "content-language",
  rsct: "content-type",
} as const;

/** Returns the fields that a signature puts in the place of those that are stored. */
export function overridden(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    Object.entries(OVERRIDES).flatMap(([name, field]) => {
      const value = query.get(name);
      return value === null ? [] : [[field, value]];
    }),
  );
}
