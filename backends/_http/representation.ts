// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import { codingOf } from "../../core/decoding.ts";
import { RemoteStoreError } from "../../core/errors.ts";
import type { HeaderFields } from "./fields.ts";
import { etagOf, parseLength } from "./headers.ts";

/**
 * Which form of a file an answer's body is. A length, a position or a tag of one form is
 * never one of another (RFC 9110 §8.4, §8.6, §14).
 */
export interface Representation {
  /** The content coding that the file is stored with; `null` for none. */
  readonly stored: string | null;
  /** Whether a stored coding has been undone, so that the body is the content. */
  readonly decoded: boolean;
  /** Whether the lengths and positions that the answer tells are those of its body. */
  readonly exact: boolean;
  /** Whether nobody can tell which form the body will be. */
  readonly unsure: boolean;
  /** In which words to ask again, where this body is neither; `null` where it serves. */
  readonly again: Words | null;
}

/**
 * What a request says of codings. `stored`: none beside those that the file is stored with.
 * `own`: nothing, so that the runtime asks for what it undoes by itself. `gzip`: what makes
 * Google's service hand out a stored gzip file as it is.
 */
export type Words = "stored" | "own" | "gzip";

/** Returns the `Accept-Encoding` that says so (RFC 9110 §12.5.3); `null` for none. */
export function acceptEncoding(words: Words): string | null {
  return words === "own" ? null : words === "gzip" ? "gzip" : "identity";
}

/**
 * Whether `fetch` leaves bodies as they come where the request has an `Accept-Encoding`.
 * Deno does; Node, Bun, Workers and browsers undo what they can whatever was asked for.
 */
export function leavesBodies(): boolean {
  return globalThis.navigator?.userAgent?.startsWith("Deno/") ?? false;
}

/** What tells the forms apart beside the answer. */
export interface FormFacts {
  /** In which words was asked. */
  readonly words: Words;
  /** Whether the service's own tags are always strong, so that a weak one is a proxy's. */
  readonly strongTags: boolean;
  /** Whether the content is wanted, and not the stored bytes. */
  readonly decode: boolean;
  /** Whether bodies are left as they come: {@linkcode leavesBodies}. */
  readonly raw: boolean;
  /** Whether a coding may be hidden: {@linkcode isHidden}. */
  readonly hidden: boolean;
}

/** Returns which form an answer is. Of a HEAD: which its GET would be. */
export function formOf(
  headers: HeaderFields,
  facts: FormFacts,
): Representation {
  const { words, strongTags, decode, raw, hidden } = facts;
  // Asked in the runtime's own words, every runtime undoes what it asked for.
  const kept = raw && words !== "own";
  const coding = codingOf(headers.get("content-encoding"));
  const weak = headers.get("etag")?.startsWith("W/") ?? false;
  // A proxy has coded what is stored plain (RFC 9110 §8.8.1). Some runtimes take the coding
  // off the answer once it is undone.
  const onTheWay = strongTags && weak &&
    (coding !== null || words === "own" || hidden);
  if (onTheWay) return { ...CODED_ON_THE_WAY, again: kept ? "own" : null };
  if (coding === null) {
    const stored = codingOf(headers.get(GOOGLE_CODING));
    if (stored === null) return PLAIN;
    // The service has undone it, as nobody said that it may come as it is.
    const again = kept && !decode && words !== "gzip" ? "gzip" : null;
    return { ...PLAIN, stored, decoded: true, exact: false, again };
  }
  if (kept) return { ...PLAIN, stored: coding };
  const undone = isUndone(coding, raw);
  return undone === null
    ? { ...PLAIN, stored: coding, unsure: true }
    : { ...PLAIN, stored: coding, decoded: undone, exact: !undone };
}

/**
 * Returns whether `fetch` undoes these codings; `null` where that is another thing in other
 * versions of the runtime.
 */
function isUndone(codings: string, raw: boolean): boolean | null {
  const all = codings.split(", ");
  if (raw) return all.length === 1 && (codings === "gzip" || codings === "br");
  if (all.some((one) => ["zstd", "compress", "dcb", "dcz"].includes(one))) {
    return null;
  }
  return all.some((one) => ["gzip", "deflate", "br"].includes(one));
}

const PLAIN: Representation = {
  stored: null,
  decoded: false,
  exact: true,
  unsure: false,
  again: null,
};

const CODED_ON_THE_WAY: Representation = { ...PLAIN, exact: false };

/** What Google's service says of a file whose coding it has undone. */
const GOOGLE_CODING = "x-goog-stored-content-encoding";

/** What an answer tells of the stored form. */
export interface StoredForm {
  /** The tag that can hold. */
  readonly etag: string | null;
  /** The coding that is stored; `null` for none. */
  readonly coding: string | null;
  /** The number of stored bytes, where the answer is for all of them. */
  readonly size: number | null;
}

/**
 * Returns what an answer of a service tells of the stored form, whose tags are always
 * strong. `hidden` is whether a coding may be: {@linkcode isHidden}.
 */
export function storedForm(headers: HeaderFields, hidden = false): StoredForm {
  const told = etagOf(headers);
  const coding = codingOf(headers.get("content-encoding"));
  const onTheWay = (coding !== null || hidden) &&
    (told?.startsWith("W/") ?? false);
  const google = codingOf(headers.get(GOOGLE_CODING));
  const length = google !== null && coding === null
    ? headers.get("x-goog-stored-content-length")
    : onTheWay
    ? null
    : headers.get("content-length");
  return {
    etag: strongTag(told, true),
    coding: onTheWay ? null : coding ?? google,
    size: parseLength(length),
  };
}

/** Returns the entry of a file of which no more is wanted. */
export function bareEntry(
  etag: string | null,
  size: number | null,
): FileEntry {
  return {
    kind: "file",
    size,
    lastModified: null,
    etag,
    digest: null,
    contentType: null,
    metadata: null,
    extra: null,
  };
}

/** Returns the tag of the stored form where a proxy has weakened it (RFC 9110 §8.8.1). */
export function strongTag(
  etag: string | null,
  strongTags: boolean,
): string | null {
  return strongTags ? etag?.replace(/^W\//, "") ?? null : etag;
}

/** Returns the error for stored bytes that this runtime's `fetch` does not give. */
export function notAsStored(coding: string): RemoteStoreError {
  return new RemoteStoreError(
    `it is stored with the Content-Encoding ${coding}, which is undone on the way here, so its stored bytes cannot be read: read its content with decode: true`,
  );
}

/** Returns the error for a body of which nobody can tell whether it is decoded. */
export function unsure(coding: string): RemoteStoreError {
  return new RemoteStoreError(
    `it is stored with the Content-Encoding ${coding}, which some versions of this runtime undo and others do not, so it cannot be read`,
  );
}

/** Returns the error for positions that are those of another form. */
export function notInStored(): RemoteStoreError {
  return new RemoteStoreError(
    "the answer to a range is coded on the way, so its positions are not those of the file",
  );
}

/** Returns whether CORS rules may hide a coding: it is no field that every page may see. */
export function isHidden(
  { type, headers }: {
    readonly type?: string;
    readonly headers: HeaderFields;
  },
): boolean {
  return type === "cors" && !headers.has("content-encoding");
}

/** Returns the error for a part that has more bytes than it says. */
export function longer(bytes: number, length: number): RemoteStoreError {
  return new RemoteStoreError(
    `the answer to a range of ${length} bytes has ${bytes}, so it is coded on the way`,
  );
}
