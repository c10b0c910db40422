// This module is browser compatible.
import type { RetryPolicy } from "../../core/retry.ts";
import {
  type Fetch,
  HttpClient,
  type HttpFailure,
  type HttpRequest,
  readFailure,
  type SendOptions,
  type Sent,
} from "../_http/sending.ts";
import { REAL_TIMING, type Timing } from "../_http/retry.ts";
import type { CopySource, Credential } from "./credentials.ts";
import type { Endpoint } from "./endpoint.ts";
import type { SasOptions } from "./sas.ts";
import { AzureService } from "./service.ts";
import { toError } from "./failures.ts";
import { encodeKey, requireKey, toQuery } from "./wire.ts";

/** A query's fields; `null` for one that is left out. */
export type Query = Readonly<Record<string, string | number | null>>;

/** What a request has beside its URL. */
export interface Recipe extends SendOptions {
  /** Header fields by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The content. */
  readonly body?: Uint8Array<ArrayBuffer> | null;
}

/** How a container is reached. */
export interface ContainerOptions {
  /** Its name. */
  readonly name: string;
  /** Where the account answers. */
  readonly endpoint: Endpoint;
  /** How it is accessed. */
  readonly credential: Credential;
  /** The `fetch` to use. */
  readonly fetch: Fetch | undefined;
  /** When requests are repeated. */
  readonly retry: RetryPolicy;
  /** The clock. */
  readonly timing?: Timing | undefined;
}

/** A container: its URLs, and the sending of requests. */
export class Container {
  /** Its name. */
  readonly name: string;
  /** The blob endpoint's URL. */
  readonly blobUrl: string;
  readonly #dfsUrl: string;
  readonly #credential: Credential;
  readonly #client: HttpClient;
  readonly #service: AzureService;
  readonly #timing: Timing;

  constructor(options: ContainerOptions) {
    const { endpoint, credential, fetch, retry } = options;
    this.name = options.name;
    this.blobUrl = endpoint.blobUrl;
    this.#dfsUrl = endpoint.dfsUrl;
    this.#credential = credential;
    this.#timing = options.timing ?? REAL_TIMING;
    this.#service = new AzureService(credential, this.#timing);
    this.#client = new HttpClient(fetch, this.#service, retry, this.#timing);
  }

  /** Whether access is to the whole account; a SAS may be for blobs only. */
  get isWhole(): boolean {
    return this.#credential.isWhole;
  }

  /** Returns the URL of a blob. */
  url(key: string, query: Query = {}): string {
    const path = encodeKey(requireKey(key));
    return `${this.blobUrl}/${this.name}/${path}${toQuery(query)}`;
  }

  /** Returns the URL of a path on the Data Lake endpoint. */
  dfsUrl(key: string, query: Query = {}): string {
    const path = encodeKey(requireKey(key));
    return `${this.#dfsUrl}/${this.name}/${path}${toQuery(query)}`;
  }

  /** Returns the container's own URL. */
  ownUrl(query: Query): string {
    return `${this.blobUrl}/${this.name}${
      toQuery({ restype: "container", ...query })
    }`;
  }

  /** Sends a request. */
  send(method: string, url: string, recipe: Recipe): Promise<Sent> {
    const { headers = {}, body = null } = recipe;
    return this.#client.send({ method, url, headers, body }, recipe);
  }

  /** Sends a request whose answer has no body that matters. */
  async sendOnly(method: string, url: string, recipe: Recipe): Promise<Sent> {
    const sent = await this.send(method, url, recipe);
    await release(sent.response);
    return sent;
  }

  /** Returns a request with date and proof but no version, as the parts of a batch are. */
  signPart(
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): HttpRequest | Promise<HttpRequest> {
    const headers = { "x-ms-date": this.#service.date(), ...request.headers };
    return this.#credential.sign({ ...request, headers }, {
      refresh: false,
      signal,
    });
  }

  /** Returns a blob as the source of a copy. */
  source(key: string, signal: AbortSignal | undefined): Promise<CopySource> {
    const url = this.url(key);
    return this.#credential.source({ url, container: this.name, key }, signal);
  }

  /** Returns a path as the source of a rename: as in a URL, from the container on. */
  async renameSource(
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const path = `/${this.name}/${encodeKey(requireKey(key))}`;
    if (this.isWhole) return path;
    // A rename by SAS needs one for each end.
    const { url } = await this.source(key, signal);
    const at = url.indexOf("?");
    return at < 0 ? path : path + url.slice(at);
  }

  /** Returns a SAS made with the account's key; `null` where there is no key. */
  createSas(options: SasOptions): string | null {
    return this.#credential.createSas(options);
  }

  /** The time, in milliseconds since 1970. */
  now(): number {
    return this.#timing.now();
  }

  /** Waits. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return this.#timing.sleep(milliseconds, signal);
  }
}

/** Lets go of an answer's body. */
export function release({ body }: Response): Promise<void> | undefined {
  return body?.cancel().catch(() => {});
}

/** Reads the failure of an accepted answer and returns it with its error. */
export async function refusal(
  response: Response,
  signal: AbortSignal | undefined,
): Promise<{ failure: HttpFailure; error: Error }> {
  const failure = await readFailure(response, signal);
  return { failure, error: toError(failure) };
}
