// This module is browser compatible.
import { refuse as refuseCall } from "../../core/errors.ts";
import { checkWhole } from "../../core/gates.ts";
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";
import { type RetryOptions, RetryPolicy } from "../../core/retry.ts";
import type { Fetch } from "../_http/client.ts";
import { SMALL, toMaxRequests } from "../_http/max_requests.ts";
import type { UploadLimits } from "../_http/upload_plan.ts";
import type { S3Authentication } from "./credentials.ts";
import {
  DIALECTS,
  guessDialect,
  type S3ChecksumAlgorithm,
  type S3Dialect,
  type S3DialectName,
} from "./dialect.ts";
import { parseEndpoint, type S3Address } from "./endpoint.ts";

/** What fails where an option is wrong. */
const CREATE = "create an S3Backend";

/** Options of the S3 backend. */
export interface S3Options extends S3Authentication {
  /** The bucket. It must exist. */
  readonly bucket: string;
  /**
   * The region in signatures.
   *
   * @default {"us-east-1"}, `"auto"` for R2
   */
  readonly region?: string | undefined;
  /**
   * The service's URL, a base path included, and without the bucket:
   * `https://minio.example.com:9000`. A bare host name means https.
   *
   * @default AWS in `region`
   */
  readonly endpoint?: string | undefined;
  /**
   * Whether the bucket stands in the path and not in the host name.
   *
   * @default {true} with an endpoint, else only where the bucket's name makes no host name
   */
  readonly pathStyle?: boolean | undefined;
  /**
   * What the service does other than the rest: a profile's name, or what
   * {@linkcode probeDialect} has found.
   *
   * @default by the endpoint's host name; `"generic"` for one that is not known
   */
  readonly dialect?: S3DialectName | S3Dialect | undefined;
  /**
   * Header fields for every request that they concern: encryption and storage class
   * for writes, SSE-C for reads too, `x-amz-request-payer` for all.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Has the service verify each upload. Off by default: it breaks some services. */
  readonly checksum?: S3ChecksumAlgorithm | undefined;
  /**
   * Looks at each file after writing it, so that results hold its time and digest.
   * One request more a write.
   *
   * @default {false}
   */
  readonly confirmWrites?: boolean | undefined;
  /**
   * Whether the bytes of uploads are hashed into the signature.
   *
   * @default {false}: TLS protects them
   */
  readonly signPayload?: boolean | undefined;
  /**
   * `"small"` fits 128 MB of memory and six connections: parts of 5 MiB, two of an upload
   * and six requests in flight.
   *
   * @default {"server"}
   */
  readonly preset?: "server" | "small" | undefined;
  /**
   * The size of an upload's parts in bytes, 5 MiB at least. A stream that ends within
   * the first part is sent at once. Content whose size is known has larger parts where
   * 10,000 of this size do not hold it. A stream of unknown length has 5,000 parts of
   * this size (of more than 8 MiB fewer), and then larger and larger ones: with the
   * default that holds 20 TiB, with 128 MiB all that S3 stores, 50 TB. R2 wants equal
   * parts, so there 10,000 of this size is the end.
   *
   * @default {8388608}
   */
  readonly partSize?: number | undefined;
  /**
   * How many parts of one upload are in flight.
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
   * @default {64}, 6 with the preset `small`
   */
  readonly maxRequests?: number | undefined;
  /**
   * Files above this size are copied in parts, by ranges.
   *
   * @default {5368709120}, the most that S3 copies at once
   */
  readonly copyThreshold?: number | undefined;
  /** When requests are repeated. */
  readonly retry?: RetryPolicy | RetryOptions | undefined;
  /** What sends, in place of the global `fetch`. Content comes as bytes or as a `Blob`. */
  readonly fetch?: Fetch | undefined;
}

const MIB = 1024 * 1024;
/** S3's least size of a part that is not the last one. */
export const MIN_PART_SIZE = 5 * MIB;
/** S3's limit for one PutObject or one part. */
export const MAX_PUT_SIZE = 5 * 1024 * MIB;
/** S3's limit of parts. With {@linkcode MAX_PUT_SIZE} it makes its largest object, of 50 TB. */
export const MAX_PARTS = 10_000;

/** Returns what plans an upload: the service's limits, and the options. */
export function uploadLimits(
  { partSize, concurrency, dialect }: Pick<
    S3Settings,
    "partSize" | "concurrency" | "dialect"
  >,
): UploadLimits {
  return {
    partSize,
    concurrency,
    maxParts: MAX_PARTS,
    maxPartSize: MAX_PUT_SIZE,
    // https://developers.cloudflare.com/r2/objects/multipart-objects/
    equalParts: dialect.name === "r2",
  };
}

/** The options, complete and checked. Holds no credentials. */
export interface S3Settings {
  /** The bucket. */
  readonly bucket: string;
  /** Where requests go at first. */
  readonly address: S3Address;
  /** The region of the first signature. */
  readonly region: string;
  /** The service's ways. */
  readonly dialect: S3Dialect;
  /** Extra header fields by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The checksum that is sent. */
  readonly checksum: S3ChecksumAlgorithm | null;
  /** Whether writes are looked at. */
  readonly confirmWrites: boolean;
  /** Whether bodies are hashed. */
  readonly signPayload: boolean;
  /** The size of parts. */
  readonly partSize: number;
  /** Parts in flight. */
  readonly concurrency: number;
  /** Requests in flight. */
  readonly maxRequests: number;
  /** The size above which copies go by parts. */
  readonly copyThreshold: number;
  /** When to repeat. */
  readonly retry: RetryPolicy;
}

/** The options of a backend that has no secret, but for its signer. */
export const KNOWN_REMOTE: KnownOptions<
  Omit<S3Options, "credentials" | "signer" | "signPayload">
> = {
  bucket: "string",
  region: "string",
  endpoint: "string",
  pathStyle: "boolean",
  dialect: true,
  headers: "object",
  checksum: "string",
  confirmWrites: "boolean",
  preset: "string",
  partSize: "number",
  concurrency: "number",
  maxRequests: "number",
  copyThreshold: "number",
  retry: true,
  fetch: "function",
};
const KNOWN: KnownOptions<S3Options> = {
  credentials: true,
  signer: true,
  ...KNOWN_REMOTE,
  signPayload: "boolean",
};

/**
 * Checks the options without any I/O.
 *
 * @throws {InvalidArgumentError} If one is missing or wrong.
 */
export function checkOptions(options: S3Options): S3Settings {
  requireKnown(CREATE, null, options, KNOWN);
  const bucket = options.bucket?.trim() ?? "";
  if (bucket === "" || /[\s/?#\\]/.test(bucket)) {
    refuse(`bucket is ${JSON.stringify(options.bucket)}`);
  }
  const endpoint = options.endpoint?.trim() || undefined;
  const r2 = /\.r2\.cloudflarestorage\.com/.test(endpoint ?? "");
  const region = options.region?.trim() || (r2 ? "auto" : "us-east-1");
  if (!/^[\w-]+$/.test(region)) refuse(`region is ${JSON.stringify(region)}`);
  const address = parseEndpoint(endpoint, bucket, region, options.pathStyle);
  const { dialect = guessDialect(address.hostname) } = options;
  const known = typeof dialect === "string" ? DIALECTS[dialect] : dialect;
  if (typeof known?.conditions !== "object") {
    refuse(
      `dialect is ${
        typeof dialect === "string" ? JSON.stringify(dialect) : typeof dialect
      }, ${Object.keys(DIALECTS).join(", ")} or an S3Dialect is needed`,
    );
  }
  requireMembers(known, DIALECTS.aws, "dialect");
  requireMembers(
    known.conditions,
    DIALECTS.aws.conditions,
    "dialect.conditions",
  );
  const { checksum = null, preset = "server" } = options;
  if (checksum !== null && !CHECKSUM_NAMES.includes(checksum)) {
    refuse(
      `checksum is ${JSON.stringify(checksum)}, ${
        CHECKSUM_NAMES.join(", ")
      } or null is needed`,
    );
  }
  if (preset !== "server" && preset !== "small") {
    refuse(`preset is ${JSON.stringify(preset)}`);
  }
  const small = preset === "small";
  const {
    partSize = small ? MIN_PART_SIZE : 8 * MIB,
    concurrency = small ? 2 : 4,
    maxRequests = small ? SMALL : undefined,
    copyThreshold = MAX_PUT_SIZE,
  } = options;
  checkWhole(CREATE, null, "partSize", partSize, MIN_PART_SIZE, MAX_PUT_SIZE);
  checkWhole(CREATE, null, "concurrency", concurrency, 1, 1000);
  checkWhole(
    CREATE,
    null,
    "copyThreshold",
    copyThreshold,
    MIN_PART_SIZE,
    MAX_PUT_SIZE,
  );
  return {
    bucket,
    address,
    region,
    dialect: known,
    headers: checkHeaders(options.headers ?? {}),
    checksum,
    confirmWrites: options.confirmWrites ?? false,
    signPayload: options.signPayload ?? false,
    partSize,
    concurrency,
    maxRequests: toMaxRequests(maxRequests, refuse),
    copyThreshold,
    retry: new RetryPolicy(options.retry),
  };
}

// A profile has all names that there are.
function requireMembers<T extends object>(
  given: T,
  profile: T,
  option: string,
): void {
  const known = Object.keys(profile).map((name) => [name, true]);
  requireKnown<object>(CREATE, null, given, Object.fromEntries(known), option);
}

const CHECKSUM_NAMES: readonly string[] = DIALECTS.aws.checksums;

// What the backend sets itself, for each request anew.
const OWN_HEADERS =
  /^(?:authorization|host|content-length|content-md5|range|if-.*|x-amz-(?:date|content-sha256|security-token|checksum-.*|copy-source.*|meta-.*|metadata-directive))$/;

function checkHeaders(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    if (OWN_HEADERS.test(name)) {
      refuse(`the header ${JSON.stringify(given)} is the backend's own`);
    }
    if (
      name === "__proto__" || !/^[\w!#$%&'*+.^`|~-]+$/.test(name) ||
      typeof value !== "string" ||
      !/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)
    ) {
      // The value may be an encryption key, so it is not shown.
      refuse(`the header ${JSON.stringify(given)} cannot be sent`);
    }
    checked[name] = value;
  }
  return checked;
}

function refuse(why: string): never {
  refuseCall(CREATE, null, why);
}
