// This module is browser compatible.
import { cross } from "../../core/boundary.ts";
import { CapabilityNotSupportedError } from "../../core/errors.ts";
import {
  beginPresign,
  type CheckedPresign,
  type PresignCall,
  type PresignedRequest,
  type PresignMethod,
  type PresignOptions,
  toPresigned,
} from "../../core/presigning.ts";
import type { StoreLike } from "../../core/store_like.ts";
import { accountNameOf, AzureBackend, containerOf } from "./backend.ts";
import type { Credential } from "./credentials.ts";
import { Presigner } from "./delegation.ts";
import type { SasOptions, SasResponseHeaders } from "./sas.ts";
import { toContentMd5 } from "./wire.ts";
import { storedFields } from "./writing.ts";

// A backend that never signs does not carry what signs, nor the key that it is given.
const PRESIGNERS = new WeakMap<AzureBackend, Presigner>();

/** Returns what makes signatures in a backend's name. */
export function presignerOf(backend: AzureBackend): Presigner {
  let presigner = PRESIGNERS.get(backend);
  if (presigner === undefined) {
    const container = containerOf(backend);
    presigner = new Presigner(container, accountNameOf(backend));
    PRESIGNERS.set(backend, presigner);
  }
  return presigner;
}

/**
 * Returns a request that lets whoever has it do one thing to one file for a while: for
 * `curl`, a mobile application or a page without this library. The file need not exist.
 * Signed with the account's key, without a request; or with a user delegation key that the
 * service gives to a bearer.
 *
 * A shared access signature (SAS) covers no header fields: what is to be stored with a file
 * is among the fields to send, and whoever sends them may change them. A `PUT` that creates
 * is held to that; one that may overwrite also permits blocks, metadata and tiers of that
 * file.
 *
 * @example A page may upload one image, which is new
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { AzureBackend, presign } from "@remote-store/core/backends/azure";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({
 *   backend: new AzureBackend({
 *     container: "photos",
 *     hns: false,
 *     connectionString: "UseDevelopmentStorage=true",
 *   }),
 * });
 * const { url, method, headers, enforced } = await presign(
 *   store.child("cats"),
 *   "tom.jpg",
 *   { method: "PUT", contentType: "image/jpeg" },
 * );
 * // await fetch(url, { method, headers, body: file });
 * assertEquals(new URL(url).pathname, "/devstoreaccount1/photos/cats/tom.jpg");
 * assertEquals(method, "PUT");
 * assertEquals(headers, {
 *   "x-ms-blob-type": "BlockBlob",
 *   "x-ms-blob-content-type": "image/jpeg",
 * });
 * assertEquals(enforced, ["create"]);
 * ```
 *
 * Through a signer it is what that signs: `contentLength` is told to it, and not held.
 *
 * @param store A store over an {@linkcode AzureBackend}.
 * @throws {CapabilityNotSupportedError} If the store is over something else, its credential cannot sign (a SAS, or none), or no SAS holds what is asked for: a length, a form, a digest other than MD5.
 * @throws {PermissionDeniedError} If the backend has a signer, and that refuses.
 * @throws {BackendUnavailableError} If the backend is closed.
 * @throws {InvalidPathError} If the path names the root, or no blob.
 * @throws {InvalidArgumentError} If an option is unknown or wrong, or means nothing to the method.
 */
export async function presign(
  store: Pick<StoreLike, "unwrap" | "nativePath">,
  path: string,
  options: PresignOptions = {},
): Promise<PresignedRequest> {
  const call = beginPresign(store, AzureBackend, path, options);
  requireHeld(call);
  const delegate = delegateOf(call.backend);
  return await cross(
    call,
    (signal) =>
      delegate === null
        ? signHere(call, signal)
        : signElsewhere(call, delegate, signal),
  );
}

type Delegate = NonNullable<Credential["presign"]>;

// What has another party sign; `null` where the secret is here.
function delegateOf(backend: AzureBackend): Delegate | null {
  const { credential } = containerOf(backend);
  return credential.presign?.bind(credential) ?? null;
}

async function signHere(
  { backend, key, asked }: PresignCall<AzureBackend>,
  signal: AbortSignal | undefined,
): Promise<PresignedRequest> {
  const { method, seconds, creates, response } = asked;
  const signed = await presignerOf(backend).presign(key, {
    permissions: PERMISSIONS[creates ? "create" : method],
    seconds,
    responseHeaders: given(response),
  }, signal);
  return toPresigned(
    asked,
    { ...signed, headers: fieldsOf(asked) },
    (limit) => limit === "create" || limit === "response",
  );
}

async function signElsewhere(
  { backend, key, asked }: PresignCall<AzureBackend>,
  delegate: Delegate,
  signal: AbortSignal | undefined,
): Promise<PresignedRequest> {
  const { method, seconds, creates, length } = asked;
  const fields = fieldsOf(asked);
  const { url, headers } = await delegate({
    method,
    url: containerOf(backend).url(key),
    // By it the party knows that nothing is to be replaced.
    headers: creates ? { ...fields, "if-none-match": "*" } : fields,
    size: length?.max ?? null,
    expiresIn: seconds,
  }, signal);
  const sas = URL.canParse(url) ? new URL(url).searchParams : null;
  const ends = Date.parse(sas?.get("se") ?? "");
  const expires = Number.isNaN(ends) ? Date.now() + seconds * 1000 : ends;
  return toPresigned(
    asked,
    { url, headers, expires },
    (limit) => limit === "create" && sas?.get("sp") === PERMISSIONS.create,
  );
}

const PERMISSIONS = {
  GET: "r",
  HEAD: "r",
  PUT: "cw",
  POST: "",
  DELETE: "d",
  create: "c",
} as const satisfies Readonly<Record<PresignMethod | "create", string>>;

function requireHeld(call: PresignCall<AzureBackend>): void {
  const { asked, backend, mount, path } = call;
  const { method, length, digest, response } = asked;
  const isHere = delegateOf(backend) === null;
  const why = method === "POST"
    ? "Azure takes no forms"
    // Another party may decide by it.
    : length !== null && isHere
    ? "Azure holds no contentLength"
    : !isHere && Object.values(response).some((value) => value !== null)
    ? "a signer signs no response fields"
    : digest !== null && !backend.checks.has(digest.algorithm)
    ? `Azure checks no ${digest.algorithm} digests`
    : null;
  if (why === null) return;
  throw mount.error(CapabilityNotSupportedError, call.action, path, why);
}

/** Returns what has to be sent. */
function fieldsOf(asked: CheckedPresign): Record<string, string> {
  if (asked.method !== "PUT") return {};
  return {
    "x-ms-blob-type": "BlockBlob",
    ...storedFields(asked),
    ...asked.digest === null
      ? {}
      : { "content-md5": toContentMd5(asked.digest) },
  };
}

function given(response: CheckedPresign["response"]): SasResponseHeaders {
  const entries = Object.entries(response).filter(([, value]) =>
    value !== null
  );
  return Object.fromEntries(entries);
}

/** What a signed URL is for. */
export interface SignedUrlRequest extends
  Omit<
    SasOptions,
    "accountName" | "container" | "key" | "permissions" | "expires"
  > {
  /** How long it is valid, in seconds. */
  readonly seconds: number;
  /** The method, which permissions follow from where none are named. */
  readonly method: string;
  /** Letters of what is permitted, as {@linkcode SasOptions} has them. */
  readonly permissions?: string | undefined;
  /** Ends the request for a delegation key, where one is needed. */
  readonly signal?: AbortSignal | undefined;
}

/** What signs a URL, and says for which service. */
export interface UrlSigner {
  /** The backend's name. */
  readonly name: string;
  /** Returns a URL with a signature for one blob. */
  signUrl(key: string, request: SignedUrlRequest): Promise<string>;
}

/**
 * Returns what signs URLs in a backend's name: for `diagnoseCors` of `ext/cors`, and for
 * permissions, addresses and starts that {@linkcode presign} has no option for.
 */
export function urlSigner(backend: AzureBackend): UrlSigner {
  return {
    name: backend.name,
    async signUrl(key, { method, signal, ...request }) {
      // Who signs for any service gives what a SAS does not hold, too.
      type Given = SignedUrlRequest & { query?: unknown; headers?: unknown };
      const {
        permissions = permissionsOf(method),
        query: _,
        headers: __,
        ...rest
      } = request as Given;
      const sas = { ...rest, permissions };
      const { url } = await presignerOf(backend).presign(key, sas, signal);
      return url;
    },
  };
}

function permissionsOf(method: string): string {
  return Object.hasOwn(PERMISSIONS, method)
    ? PERMISSIONS[method as PresignMethod]
    : "";
}
