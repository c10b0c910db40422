// This module is browser compatible.
import { checkWhole } from "../../core/gates.ts";
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";
import { type RetryOptions, RetryPolicy } from "../../core/retry.ts";
import type { Fetch } from "../_http/client.ts";
import { toMaxRequests } from "../_http/max_requests.ts";
import type { RequestSigner } from "../_http/signing.ts";
import { parseConnectionString } from "./connection_string.ts";
import { Container } from "./container.ts";
import { type SecretProvider, toCredential } from "./credentials.ts";
import { invalid, toEndpoint } from "./endpoint.ts";

const MIB = 1024 * 1024;

/** What fails where an option is wrong. */
const CREATE = "create an AzureBackend";

/** Options of {@linkcode AzureBackend}: a container, an account, at most one credential. */
export interface AzureBackendOptions {
  /** The container's name. */
  readonly container: string;
  /**
   * Whether the account has a hierarchical namespace (Data Lake Storage Gen2). It cannot
   * be found out without a request, and guessing wrong destroys folders, so it has to be said.
   */
  readonly hns: boolean;
  /** The account's name; its URLs follow from it and `endpointSuffix`. */
  readonly accountName?: string | undefined;
  /**
   * The blob endpoint's URL: in host style, in path style, or under a domain of
   * its own (then a key needs `accountName` too).
   */
  readonly accountUrl?: string | undefined;
  /**
   * The Data Lake endpoint's URL, for `hns`.
   *
   * @default {accountUrl with "dfs" for "blob"}
   */
  readonly dfsUrl?: string | undefined;
  /** The account's connection string, with its key or SAS. */
  readonly connectionString?: string | undefined;
  /**
   * The cloud's domain, where only the name is given: `core.chinacloudapi.cn`.
   *
   * @default {"core.windows.net"}
   */
  readonly endpointSuffix?: string | undefined;
  /** The account's key, base64. Not for browsers: it opens the whole account. */
  readonly accountKey?: string | undefined;
  /** A shared access signature (SAS), or a function that returns one. */
  readonly sasToken?: string | SecretProvider | undefined;
  /**
   * Returns a bearer token for `https://storage.azure.com/.default`. Called for every
   * request; asked once more, with `refresh`, where the service refuses one.
   */
  readonly token?: SecretProvider | undefined;
  /**
   * What signs each request in place of a secret: `remoteSigner`, for a page.
   */
  readonly signer?: RequestSigner | undefined;
  /**
   * When requests are repeated.
   *
   * @default {new RetryPolicy()}
   */
  readonly retry?: RetryPolicy | RetryOptions | undefined;
  /**
   * The size of a block in bytes; content within one is put in one request.
   *
   * @default {8388608}
   */
  readonly blockSize?: number | undefined;
  /**
   * How many blocks are in flight at once. An upload holds
   * `blockSize × (concurrency + 1)` bytes at most.
   *
   * @default {4}
   */
  readonly concurrency?: number | undefined;
  /**
   * How many requests are under way at once, over all calls of the backend: each counts
   * until its answer's header fields are there. The others wait in their order, and leave
   * when they are aborted, unsent. Parts of uploads wait before they are read, so it
   * bounds their memory too. In Cloudflare Workers it does nothing: there the platform
   * holds each request to six.
   *
   * @default {64}
   */
  readonly maxRequests?: number | undefined;
  /**
   * How long a copy may take that the service queues, in milliseconds.
   *
   * @default {600000}
   */
  readonly copyBudget?: number | undefined;
  /**
   * The `fetch` to use. Content comes as bytes or as a `Blob`.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: Fetch | undefined;
}

/** Options, checked. */
export interface Settings {
  /** The container. */
  readonly container: Container;
  /** Whether the account has real folders. */
  readonly hns: boolean;
  /** The size of a block in bytes. */
  readonly blockSize: number;
  /** How many blocks are in flight at once. */
  readonly concurrency: number;
  /** The time for a queued copy, in milliseconds. */
  readonly copyBudget: number;
  /** How often a broken body is resumed. */
  readonly resumes: number;
  /** The account's name; `null` where no URL tells it. */
  readonly accountName: string | null;
}

/** The service's limit of one block, in bytes. */
export const MAX_BLOCK_SIZE = 4000 * MIB;

/** The names of all options. */
export const KNOWN: KnownOptions<AzureBackendOptions> = {
  container: "string",
  hns: true,
  accountName: "string",
  accountUrl: "string",
  dfsUrl: "string",
  connectionString: "string",
  endpointSuffix: "string",
  accountKey: "string",
  sasToken: true,
  token: true,
  signer: true,
  retry: true,
  blockSize: "number",
  concurrency: "number",
  maxRequests: "number",
  copyBudget: "number",
  fetch: "function",
};

/** Checks everything and sends nothing (AZ-004). */
export function checkOptions(options: AzureBackendOptions): Settings {
  if (typeof options !== "object" || options === null) {
    throw invalid("the options are no object");
  }
  requireKnown(CREATE, null, options, KNOWN);
  const {
    hns,
    blockSize = 8 * MIB,
    concurrency = 4,
    copyBudget = 600_000,
  } = options;
  // The text "false" of an environment variable would count as true.
  if (typeof hns !== "boolean") throw invalid("hns is neither true nor false");
  checkWhole(CREATE, null, "blockSize", blockSize, 1, MAX_BLOCK_SIZE);
  checkWhole(CREATE, null, "concurrency", concurrency, 1, 1000);
  if (!(typeof copyBudget === "number" && copyBudget > 0)) {
    throw invalid("copyBudget is no positive number");
  }
  const maxRequests = toMaxRequests(options.maxRequests, (why) => {
    throw invalid(why);
  });
  const name = checkContainer(options.container);
  const { connectionString } = options;
  if (
    connectionString !== undefined &&
    (options.accountName ?? options.accountUrl) !== undefined
  ) {
    throw invalid("connectionString excludes accountName and accountUrl");
  }
  const said = connectionString === undefined
    ? null
    : parseConnectionString(connectionString);
  const endpoint = toEndpoint({
    accountName: options.accountName ?? said?.accountName,
    accountUrl: options.accountUrl ?? said?.accountUrl,
    dfsUrl: options.dfsUrl ?? said?.dfsUrl,
    endpointSuffix: options.endpointSuffix,
  });
  // What is given beside the connection string wins over what it holds.
  const { accountKey, sasToken, token, signer } = options;
  const own = accountKey ?? sasToken ?? token ?? signer;
  const credential = toCredential(
    own !== undefined
      ? { accountKey, sasToken, token, signer }
      : said?.accountKey
      ? { accountKey: said.accountKey }
      : { sasToken: said?.sasToken },
    endpoint.accountName,
  );
  const { retry } = options;
  const policy = new RetryPolicy(retry);
  return {
    container: new Container({
      name,
      endpoint,
      credential,
      fetch: options.fetch,
      retry: policy,
      maxRequests,
    }),
    hns,
    blockSize,
    concurrency,
    copyBudget,
    resumes: policy.attempts - 1,
    accountName: endpoint.accountName,
  };
}

// $root, $web and $logs are the service's own.
const CONTAINER_REGEXP =
  /^(?:\$root|\$web|\$logs|[a-z0-9](?:-?[a-z0-9]){2,62})$/;

function checkContainer(container: unknown): string {
  const name = typeof container === "string" ? container.trim() : "";
  if (CONTAINER_REGEXP.test(name) && name.length <= 63) return name;
  throw invalid(
    "container is not 3 to 63 small letters, digits and single hyphens",
  );
}
