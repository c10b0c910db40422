// This module is browser compatible.
import { InvalidArgumentError } from "../../core/errors.ts";
import { untilAborted } from "../../core/signal.ts";
import type { HttpRequest } from "../_http/client.ts";
import {
  fromBase64,
  type HmacKey,
  hmacSha256,
  toHmacKey,
} from "../_http/hmac.ts";
import {
  askSigner,
  type RequestSigner,
  type SignableRequest,
  type SignedRequest,
  toSigned,
  type UnsignedRequest,
} from "../_http/signing.ts";
import { invalid } from "./endpoint.ts";
import {
  formatSasDate,
  SAS_VERSION,
  type SasFields,
  type SasSubject,
  signServiceSas,
} from "./sas.ts";
import { SharedKeySignatures } from "./shared_key.ts";

/** What a provider of secrets is told. */
export interface SecretRequest {
  /** The blob's key; `null` for what is about the container or the account. */
  readonly key: string | null;
  /** What it is for: a SAS has to permit no more. */
  readonly operation: "read" | "list" | "create" | "write" | "delete" | "other";
  /** Whether the service has refused the last one: a cached secret will not do. */
  readonly refresh: boolean;
  /** Ends the wait. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Returns a bearer token or a SAS. Called for every request, so it should keep what it
 * has until that is about to expire.
 */
export type SecretProvider = (
  request: SecretRequest,
) => string | Promise<string>;

/** How an account can be accessed: one of these, or none for public containers. */
export interface CredentialOptions {
  /** The account's key, base64. */
  readonly accountKey?: string | null | undefined;
  /** A shared access signature, or who makes one. */
  readonly sasToken?: string | SecretProvider | null | undefined;
  /** Who gets bearer tokens for `https://storage.azure.com/.default`. */
  readonly token?: SecretProvider | null | undefined;
  /** Who signs each request in place of a secret. */
  readonly signer?: RequestSigner | null | undefined;
}

/** The source of a copy, as the service is to fetch it. */
export interface CopySource {
  /** Its URL, with a signature where one is needed. A secret then. */
  readonly url: string;
  /** What goes into `x-ms-copy-source-authorization`; `null` for nothing. */
  readonly authorization: string | null;
}

/** A request before it has its proof, which goes into fields that are its own. */
export interface Unsigned extends SignableRequest {
  /** Header fields by lower-case name. */
  readonly headers: Record<string, string>;
}

/** One way of access. Secrets stay in private fields. */
export interface Credential {
  /** Whether a refused secret can be replaced. */
  readonly renewable: boolean;
  /** Whether it is for the account, and no part of it. */
  readonly isWhole: boolean;
  /** Whether it is another one for each blob, so that it is told which it is for. */
  readonly isTold?: boolean;
  /** Whether another party signs, by rules of its own. */
  readonly isDelegated?: boolean;
  /** Returns the request with its proof. */
  sign(
    request: Unsigned,
    asked: SecretRequest,
  ): HttpRequest | Promise<HttpRequest>;
  /** Returns a blob of this account as the source of a copy. */
  source(
    blob: {
      readonly url: string;
      readonly container: string;
      readonly key: string;
      /** Whether its tags are to be read, too. */
      readonly tagged: boolean;
      /** The service's time: what signs by it is not past before it arrives. */
      readonly now: number;
    },
    signal: AbortSignal | undefined,
  ): Promise<CopySource>;
  /** Returns a SAS signed with the account's key. Where it is missing, there is no key. */
  signSas?(subject: SasSubject, fields: SasFields): string;
  /** Asks another party for a request that is handed on. Where it is missing, there is none. */
  presign?(
    request: UnsignedRequest,
    signal: AbortSignal | undefined,
  ): Promise<SignedRequest>;
  /** Returns a key for another purpose. Where it is missing, there is no secret that lasts. */
  deriveKey?(purpose: string): Uint8Array<ArrayBuffer>;
}

/**
 * Returns the one credential that the options name.
 *
 * @throws {InvalidArgumentError} If there are several, or a secret has no possible form.
 */
export function toCredential(
  options: CredentialOptions,
  accountName: string | null,
): Credential {
  const { accountKey, sasToken, token, signer } = options;
  const given = [accountKey, sasToken, token, signer].filter((x) => x != null);
  if (given.length > 1) {
    throw invalid(
      "only one of accountKey, sasToken, token, signer can be used",
    );
  }
  if (accountKey != null) {
    if (accountName === null) throw invalid("accountKey needs accountName");
    return new SharedKey(accountName, accountKey);
  }
  if (sasToken != null) return new Sas(sasToken);
  if (token != null) return new Bearer(token);
  if (signer != null) return new Delegated(signer);
  return ANONYMOUS;
}

/** Minutes that the service has to begin a copy. */
const SOURCE_MINUTES = 60;

class SharedKey implements Credential {
  readonly renewable = false;
  readonly isWhole = true;
  readonly #accountName: string;
  readonly #key: HmacKey;
  readonly #signatures: SharedKeySignatures;

  constructor(accountName: string, secret: unknown) {
    const bytes = typeof secret === "string" ? fromBase64(secret) : null;
    if (bytes === null || bytes.byteLength === 0) {
      throw invalid("accountKey is no base64");
    }
    this.#accountName = accountName;
    this.#key = toHmacKey(bytes);
    this.#signatures = new SharedKeySignatures(accountName, this.#key);
  }

  sign(request: Unsigned): HttpRequest {
    request.headers["authorization"] = this.#signatures.sign(request);
    return request;
  }

  // The service takes the account's own key for the source of an asynchronous copy
  // only, a signature for both forms.
  source(
    { url, container, key, tagged, now }: {
      url: string;
      container: string;
      key: string;
      tagged: boolean;
      now: number;
    },
  ): Promise<CopySource> {
    const sas = this.signSas(
      { accountName: this.#accountName, container, key },
      {
        sv: SAS_VERSION,
        spr: url.startsWith("http:") ? "https,http" : "https",
        se: formatSasDate(new Date(now + SOURCE_MINUTES * 60_000)),
        sr: "b",
        sp: tagged ? "rt" : "r",
      },
    );
    return Promise.resolve({ url: `${url}?${sas}`, authorization: null });
  }

  signSas(subject: SasSubject, fields: SasFields): string {
    return signServiceSas(subject, fields, this.#key);
  }

  deriveKey(purpose: string): Uint8Array<ArrayBuffer> {
    return hmacSha256(this.#key, purpose);
  }
}

class Sas implements Credential {
  readonly isTold = true;
  readonly renewable: boolean;
  readonly isWhole = false;
  readonly #token: string | SecretProvider;

  constructor(token: unknown) {
    if (typeof token !== "string" && typeof token !== "function") {
      throw invalid("sasToken is neither a string nor a function");
    }
    this.renewable = typeof token === "function";
    this.#token = token as string | SecretProvider;
  }

  async sign(request: Unsigned, asked: SecretRequest): Promise<HttpRequest> {
    return { ...request, url: await this.#append(request.url, asked) };
  }

  async source(
    { url, key }: { url: string; key: string },
    signal: AbortSignal | undefined,
  ): Promise<CopySource> {
    const asked = { key, operation: "read", refresh: false, signal } as const;
    return { url: await this.#append(url, asked), authorization: null };
  }

  async #append(url: string, asked: SecretRequest): Promise<string> {
    const token = await getSecret(this.#token, asked);
    const query = token.replace(/^\?/, "");
    return `${url}${url.includes("?") ? "&" : "?"}${query}`;
  }
}

class Bearer implements Credential {
  readonly isTold = true;
  readonly renewable = true;
  readonly isWhole = true;
  readonly #provider: SecretProvider;

  constructor(provider: unknown) {
    if (typeof provider !== "function") throw invalid("token is no function");
    this.#provider = provider as SecretProvider;
  }

  async sign(request: Unsigned, asked: SecretRequest): Promise<HttpRequest> {
    request.headers["authorization"] = await this.#header(asked);
    return request;
  }

  async source(
    { url, key }: { url: string; key: string },
    signal: AbortSignal | undefined,
  ): Promise<CopySource> {
    const asked = { key, operation: "read", refresh: false, signal } as const;
    return { url, authorization: await this.#header(asked) };
  }

  async #header(asked: SecretRequest): Promise<string> {
    return `Bearer ${await getSecret(this.#provider, asked)}`;
  }
}

/** Asks another party for each request, and holds no secret. */
class Delegated implements Credential {
  readonly renewable = true;
  readonly isWhole = false;
  readonly isDelegated = true;
  readonly #signer: RequestSigner;

  constructor(signer: unknown) {
    if (typeof signer !== "function") throw invalid("signer is no function");
    this.#signer = signer as RequestSigner;
  }

  async sign(
    request: Unsigned,
    { refresh, signal }: SecretRequest,
  ): Promise<HttpRequest> {
    // A shared access signature has dates of its own; the same question has one spelling.
    const { "x-ms-date": _, ...headers } = request.headers;
    const question = { ...request, headers };
    return await askSigner(this.#signer, question, refresh, signal);
  }

  async presign(
    request: UnsignedRequest,
    signal: AbortSignal | undefined,
  ): Promise<SignedRequest> {
    const options = { ahead: [], refresh: false, signal };
    return await toSigned(this.#signer, request, options);
  }

  // The party adds the proof, where it signs the copy.
  source({ url }: { url: string }): Promise<CopySource> {
    return Promise.resolve({ url, authorization: null });
  }
}

const ANONYMOUS: Credential = {
  renewable: false,
  isWhole: false,
  sign: (request) => request,
  source: ({ url }) => Promise.resolve({ url, authorization: null }),
};

async function getSecret(
  secret: string | SecretProvider,
  asked: SecretRequest,
): Promise<string> {
  const got = typeof secret === "string"
    ? secret
    : await untilAborted(Promise.resolve(secret(asked)), asked.signal);
  if (typeof got === "string" && got.trim() !== "") return got.trim();
  throw new InvalidArgumentError(
    "Cannot sign a request: the provider gave no text",
  );
}
