// This module is browser compatible.
import type { Backend, ContentHeaders } from "./backend.ts";
import { beginFile, type KeyCall } from "./boundary.ts";
import { ContentDigest } from "./digest.ts";
import { refuse } from "./errors.ts";
import { checkFlag, checkHeaders, checkMetadata } from "./gates.ts";
import { type KnownOptions, requireKnown } from "./known_options.ts";
import { Mount } from "./mount.ts";
import type { CallOptions } from "./options.ts";
import type { StoreLike } from "./store_like.ts";

/** What a signed request does: reads, looks, writes, writes by a form, deletes. */
export type PresignMethod = "GET" | "HEAD" | "PUT" | "POST" | "DELETE";

/** A range of sizes in bytes, both ends included. */
export interface LengthRange {
  /**
   * The fewest bytes.
   *
   * @default {0}
   */
  readonly min?: number | undefined;
  /** The most bytes. */
  readonly max: number;
}

/** What the answer to a signed read says of the file, in place of what is stored. */
export interface ResponseFields {
  /** `Content-Type`. */
  readonly contentType?: string | undefined;
  /** `Cache-Control`. */
  readonly cacheControl?: string | undefined;
  /** `Content-Disposition`. */
  readonly contentDisposition?: string | undefined;
  /** `Content-Encoding`. */
  readonly contentEncoding?: string | undefined;
  /** `Content-Language`. */
  readonly contentLanguage?: string | undefined;
}

/** Options of `presign`, the same on every service. What a method or a service has no place for is refused. */
export interface PresignOptions extends CallOptions {
  /**
   * What the request does. `"POST"` is a form that uploads one file, on S3 only.
   *
   * @default {"GET"}
   */
  readonly method?: PresignMethod | undefined;
  /**
   * How long the request is valid, in seconds: up to seven days.
   *
   * @default {900}
   */
  readonly expiresIn?: number | undefined;
  /**
   * For `PUT` and `POST`: whether an existing file is replaced. `false` needs a service
   * that honors it, and no `POST` does.
   *
   * @default {false}
   */
  readonly overwrite?: boolean | undefined;
  /** For `PUT` and `POST`: the `Content-Type` to store (RFC 9110 §8.3). */
  readonly contentType?: string | undefined;
  /** For `PUT` and `POST`: the `Cache-Control` to store (RFC 9111 §5.2). */
  readonly cacheControl?: string | undefined;
  /** For `PUT` and `POST`: the `Content-Disposition` to store (RFC 6266). */
  readonly contentDisposition?: string | undefined;
  /** For `PUT` and `POST`: the `Content-Encoding` that the content has (RFC 9110 §8.4). */
  readonly contentEncoding?: string | undefined;
  /** For `PUT` and `POST`: the `Content-Language` to store (RFC 9110 §8.5). */
  readonly contentLanguage?: string | undefined;
  /** For `PUT` and `POST`: user metadata to store, as `write` takes it. */
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  /**
   * The bytes of the content. For `PUT` the one number that is taken, for `POST` a range
   * too. A limit and nothing else, so it is refused where the service does not hold it.
   */
  readonly contentLength?: number | LengthRange | undefined;
  /** For `PUT`: the hash of the content, which the service compares. */
  readonly digest?: ContentDigest | undefined;
  /** For `GET`: what the answer says in place of what is stored. */
  readonly response?: ResponseFields | undefined;
}

/**
 * A limit that the service holds whoever sends the request to, by the option that asked
 * for it; `"create"` is `overwrite: false`.
 */
export type EnforcedLimit =
  | "create"
  | keyof ContentHeaders
  | "contentLength"
  | "digest"
  | "metadata"
  | "response";

/** A signed request: whoever has it may send it until it expires. A secret. Frozen. */
export interface PresignedRequest {
  /** Where to send it. */
  readonly url: string;
  /** The method. */
  readonly method: PresignMethod;
  /**
   * All header fields to send, by lower-case name. What `fetch` sets by itself, as
   * `Content-Length`, is not among them.
   */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Of a `POST`: the fields of the form (`multipart/form-data`), behind which the file
   * comes as the last one, `file`. Else `null`.
   */
  readonly fields: Readonly<Record<string, string>> | null;
  /** When it ends, by the service's clock. */
  readonly expires: Date;
  /**
   * Which of the limits that were asked for the service holds. Method, path and end hold
   * always; a limit that is missing here is up to whoever sends the request. Of S3's dialect
   * `generic` it is what the signature covers: right for each service that checks signatures
   * (AWS Signature Version 4), and for none that takes them unseen, as some servers for tests.
   */
  readonly enforced: readonly EnforcedLimit[];
}

/** The options of a signed request, checked and complete. */
export interface CheckedPresign {
  /** The method. */
  readonly method: PresignMethod;
  /** How long it is valid, in seconds. */
  readonly seconds: number;
  /** Whether it writes, and may replace nothing. */
  readonly creates: boolean;
  /** The header fields to store. */
  readonly headers: ContentHeaders;
  /** User metadata; `null` for none. */
  readonly metadata: Readonly<Record<string, string>> | null;
  /** The sizes that are taken; `null` for any. */
  readonly length: Required<LengthRange> | null;
  /** The hash that the service compares; `null` for none. */
  readonly digest: ContentDigest | null;
  /** What the answer says in place of what is stored. */
  readonly response: ContentHeaders;
}

/** A call for a signed request: the backend, the key there, and what is asked for. */
export interface PresignCall<B> extends KeyCall {
  readonly backend: B;
  readonly asked: CheckedPresign;
}

/** The longest that S3 accepts, and a key that Azure gives to a bearer lasts. */
export const MAX_PRESIGN_SECONDS: number = 7 * 24 * 60 * 60;

const METHODS: readonly unknown[] = ["GET", "HEAD", "PUT", "POST", "DELETE"];

const LENGTH: KnownOptions<LengthRange> = { min: "number", max: "number" };
const RESPONSE: KnownOptions<ResponseFields> = {
  contentType: "string",
  cacheControl: "string",
  contentDisposition: "string",
  contentEncoding: "string",
  contentLanguage: "string",
};
// Written out: a spread would stay in bundles in which nobody presigns.
const KNOWN: KnownOptions<PresignOptions> = {
  contentType: "string",
  cacheControl: "string",
  contentDisposition: "string",
  contentEncoding: "string",
  contentLanguage: "string",
  signal: true,
  method: "string",
  expiresIn: "number",
  overwrite: "boolean",
  metadata: "object",
  contentLength: true,
  digest: true,
  response: "object",
};

const WRITES: readonly PresignMethod[] = ["PUT", "POST"];

/** The methods that an option means something to; to all where it is not here. */
const METHODS_OF: {
  readonly [K in keyof PresignOptions]?: readonly PresignMethod[];
} = {
  overwrite: WRITES,
  contentType: WRITES,
  cacheControl: WRITES,
  contentDisposition: WRITES,
  contentEncoding: WRITES,
  contentLanguage: WRITES,
  metadata: WRITES,
  contentLength: WRITES,
  digest: ["PUT"],
  response: ["GET"],
};

const ACTION = "presign";

/**
 * Begins a call of `presign`: finds the backend, and checks path and options before
 * anything is asked.
 *
 * @throws {CapabilityNotSupportedError} If the store is over another backend, or that cannot sign.
 * @throws {BackendUnavailableError} If the backend is closed.
 * @throws {InvalidPathError} If the path names the root, or no file.
 * @throws {InvalidArgumentError} If an option is unknown or wrong, or means nothing to the method.
 */
export function beginPresign<B extends Backend>(
  store: Pick<StoreLike, "unwrap" | "nativePath">,
  type: abstract new (...args: never[]) => B,
  path: string,
  options: PresignOptions,
): PresignCall<B> {
  const backend = store.unwrap(type);
  const root = backend.toKey(store.nativePath(""));
  const mount = new Mount(backend, root, false);
  const begun = beginFile(mount, ACTION, path, options, KNOWN);
  const asked = checkPresign(begun.path, options);
  mount.require("presign", ACTION, begun.path);
  // A proxy may have paths of its own.
  const key = backend.toKey(store.nativePath(path));
  return { ...begun, key, backend, asked };
}

/** Checks all options but for their names. */
function checkPresign(path: string, options: PresignOptions): CheckedPresign {
  const { method = "GET", expiresIn = 900 } = options;
  if (!METHODS.includes(method)) {
    wrong(
      path,
      `method is ${JSON.stringify(method)}, one of ${METHODS.join(", ")}`,
    );
  }
  const isLife = Number.isSafeInteger(expiresIn) && expiresIn >= 1 &&
    expiresIn <= MAX_PRESIGN_SECONDS;
  if (!isLife) {
    wrong(
      path,
      `expiresIn is ${expiresIn}, a whole number of seconds from 1 to ${MAX_PRESIGN_SECONDS}`,
    );
  }
  for (const name in METHODS_OF) {
    const option = name as keyof PresignOptions;
    const methods = METHODS_OF[option];
    const given = options[option] ?? undefined;
    if (given === undefined || methods?.includes(method)) continue;
    refuse(
      ACTION,
      path,
      `${name} is for ${methods?.join(" and ")}, and the method is ${method}`,
    );
  }
  const overwrite = checkFlag(ACTION, path, "overwrite", options.overwrite);
  const { response = {} } = options;
  requireKnown(ACTION, path, response, RESPONSE, "response");
  return {
    method,
    seconds: expiresIn,
    creates: WRITES.includes(method) && !overwrite,
    headers: checkHeaders(ACTION, path, options),
    metadata: checkMetadata(ACTION, path, options.metadata),
    length: checkLength(path, method, options.contentLength),
    digest: checkDigest(path, options.digest),
    response: checkHeaders(ACTION, path, response, "response."),
  };
}

function checkLength(
  path: string,
  method: PresignMethod,
  given: unknown,
): Required<LengthRange> | null {
  if (given === undefined) return null;
  if (typeof given !== "object" || given === null) {
    requireWhole(path, "contentLength", given);
    return { min: given, max: given };
  }
  requireKnown(ACTION, path, given, LENGTH, "contentLength");
  const { min = 0, max } = given as Partial<LengthRange>;
  requireWhole(path, "contentLength.min", min);
  requireWhole(path, "contentLength.max", max);
  if (min > max) {
    refuse(
      ACTION,
      path,
      `contentLength is from ${min} to ${max}, which is empty`,
    );
  }
  if (method === "PUT" && min !== max) {
    refuse(
      ACTION,
      path,
      "contentLength is a range, which is for POST, and the method is PUT",
    );
  }
  return { min, max };
}

function requireWhole(
  path: string,
  name: string,
  value: unknown,
): asserts value is number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return;
  wrong(path, `${name} is ${String(value)}, a whole number of bytes from 0`);
}

function checkDigest(path: string, given: unknown): ContentDigest | null {
  if (given === undefined) return null;
  const { algorithm, value } = Object(given) as Partial<ContentDigest>;
  if (typeof algorithm === "string" && typeof value === "string") {
    return new ContentDigest(algorithm, value);
  }
  const kind = given === null ? "null" : `of type ${typeof given}`;
  wrong(path, `digest is ${kind}, a ContentDigest`);
}

function wrong(path: string, why: string): never {
  refuse(ACTION, path, `${why} is needed`);
}

/**
 * Returns the result.
 *
 * @param expires In milliseconds since 1970.
 * @param holds Whether the service holds a limit that was asked for.
 */
export function toPresigned(
  asked: CheckedPresign,
  { url, headers, fields = null, expires }: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly fields?: Readonly<Record<string, string>> | null;
    readonly expires: number;
  },
  holds: (limit: EnforcedLimit) => boolean,
): PresignedRequest {
  return Object.freeze({
    url,
    method: asked.method,
    headers: Object.freeze({ ...headers }),
    fields: fields === null ? null : Object.freeze({ ...fields }),
    expires: new Date(expires),
    enforced: Object.freeze(limitsOf(asked).filter(holds)),
  });
}

/** Returns the limits that were asked for. */
function limitsOf(asked: CheckedPresign): EnforcedLimit[] {
  const { creates, headers, length, digest, metadata, response } = asked;
  const names = Object.keys(headers) as (keyof ContentHeaders)[];
  const isChanged = names.some((name) => response[name] !== null);
  return [
    ...creates ? ["create" as const] : [],
    ...names.filter((name) => headers[name] !== null),
    ...length !== null ? ["contentLength" as const] : [],
    ...digest !== null ? ["digest" as const] : [],
    ...metadata !== null ? ["metadata" as const] : [],
    ...isChanged ? ["response" as const] : [],
  ];
}
