/**
 * An S3 that takes nothing on trust: signatures, conditions, checksums and the order of
 * parts are checked as AWS documents them. Faults are made on command.
 *
 * @module
 */
import { Bucket, md5 } from "./bucket.ts";
import { checkSignature } from "./signature.ts";
import { handleObject } from "./objects.ts";
import { handleForm } from "./forms.ts";
import { handleTags } from "./tags.ts";
import { handleUpload } from "./uploads.ts";
import { handleDeletes, handleList, listUploads } from "./listings.ts";
import { answerError, type Arrived } from "./answers.ts";

/** The fake's account. */
export const ACCOUNT = {
  accessKeyId: "AKIDFAKE0000000001",
  secretAccessKey: "fake+secret/with=signs",
} as const;

/** What the fake is like. */
export interface FakeOptions {
  /** The names of its buckets. */
  readonly buckets?: readonly string[];
  /** The region that signatures must name. */
  readonly region?: string;
  /** The token that signatures must carry. */
  readonly sessionToken?: string;
  /** The size of the smallest part but the last. */
  readonly minPartSize?: number;
  /** The keys of a page. */
  readonly pageSize?: number;
  /** Its clock. */
  readonly now?: () => number;
  /** Ignores all conditions, as some services do. */
  readonly ignoresConditions?: boolean;
  /** Does not know `start-after`. */
  readonly ignoresStart?: boolean;
  /** Forgets the tags that an upload in parts is opened with, as Ceph 16 does. */
  readonly dropsUploadTags?: boolean;
  /** Does not check signatures. */
  readonly trusting?: boolean;
  /** Whether its buckets keep versions. */
  readonly keepsVersions?: boolean;
  /** Answers to the version of a delete marker as to none, as Ceph does. */
  readonly hidesMarkers?: boolean;
  /** Does not know `versionId`. */
  readonly ignoresVersions?: boolean;
  /** Gives ETags that are no hash, as with encryption by KMS or by the customer's key. */
  readonly opaqueTags?: boolean;
  /** Hashes only the ends of what is long, so that tests of long contents are quick. */
  readonly quickTags?: boolean;
  /** Stores a CRC-64/NVME where none came, as AWS does. */
  readonly ownSums?: boolean;
  /** What `If-Match` on the deletion of nothing is answered: 404 by AWS, otherwise elsewhere. */
  readonly absentMatch?: 204 | 404 | 412;
}

/** Decides what happens to a request: an answer of its own, an error, or nothing. */
export type Fault = (
  arrived: Arrived,
  next: () => Promise<Response>,
) => Response | Promise<Response> | undefined;

/** The strict fake. `fetch` fits into the option of that name. */
export class FakeS3 {
  readonly buckets: Map<string, Bucket> = new Map();
  readonly options: Required<Omit<FakeOptions, "buckets" | "sessionToken">>;
  /** Every request that arrived, as `PUT /bucket/key?query`. */
  readonly log: string[] = [];
  /** Requests that were sent and are not yet answered. */
  pending = 0;
  /** Asked before every request. */
  fault: Fault | null = null;
  readonly #token: string | undefined;
  #tags = 0;

  constructor(options: FakeOptions = {}) {
    this.#token = options.sessionToken;
    this.options = {
      region: "us-east-1",
      minPartSize: 5 * 1024 * 1024,
      pageSize: 1000,
      now: Date.now,
      ignoresConditions: false,
      ignoresStart: false,
      dropsUploadTags: false,
      trusting: false,
      keepsVersions: true,
      hidesMarkers: false,
      ignoresVersions: false,
      opaqueTags: false,
      quickTags: false,
      ownSums: true,
      absentMatch: 404,
      ...options,
    };
    for (const name of options.buckets ?? ["bucket"]) {
      const { now, keepsVersions } = this.options;
      this.buckets.set(name, new Bucket(now, keepsVersions));
    }
  }

  /** The bucket that tests use. */
  get bucket(): Bucket {
    const [first] = this.buckets.values();
    if (first === undefined) throw new Error("the fake has no bucket");
    return first;
  }

  /** Returns the ETag of an object whose bytes, or whose parts' hashes, these are. */
  tagOf(...parts: readonly Uint8Array[]): string {
    const hash = this.options.opaqueTags
      ? (++this.#tags).toString(16).padStart(32, "0")
      : md5(...this.options.quickTags ? parts.map(endsOf) : parts);
    return `"${hash}"`;
  }

  /** Sends a request to the fake. */
  readonly fetch = async (
    url: string,
    init: RequestInit = {},
  ): Promise<Response> => {
    const { signal } = init;
    signal?.throwIfAborted();
    const { signal: _, body, ...rest } = init;
    this.pending++;
    try {
      // Bytes are taken past the request, which would copy them twice.
      const answer = body instanceof Uint8Array
        ? this.handle(new Request(url, rest), new Uint8Array(body))
        : body instanceof Blob
        ? body.arrayBuffer().then((all) =>
          this.handle(new Request(url, rest), new Uint8Array(all))
        )
        : this.handle(new Request(url, { ...rest, body: body ?? null }));
      if (!signal) return await answer;
      return await new Promise<Response>((resolve, reject) => {
        const onAbort = () => reject(signal.reason);
        signal.addEventListener("abort", onAbort, { once: true });
        answer.then(resolve, reject).finally(() =>
          signal.removeEventListener("abort", onAbort)
        );
      });
    } finally {
      this.pending--;
    }
  };

  /** Answers a request. */
  async handle(
    request: Request,
    bytes?: Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const url = new URL(request.url);
    const body = bytes ?? new Uint8Array(await request.arrayBuffer());
    const [, host] = /^(.+)\.s3\.test$/.exec(url.hostname) ?? [];
    const inHost = host === undefined ? "" : `/${host}`;
    const path = inHost + decodeURIComponent(url.pathname);
    const [, name = "", key = ""] = /^\/([^/]*)\/?([^]*)$/.exec(path) ?? [];
    this.log.push(`${request.method} ${path}${url.search}`);
    const arrived: Arrived = {
      request,
      method: request.method,
      key,
      query: url.searchParams,
      headers: request.headers,
      body,
      bucketName: name,
      service: this,
    };
    const next = async () => {
      const response = await this.#answer(arrived);
      response.headers.set("date", new Date(this.options.now()).toUTCString());
      return response;
    };
    return await (this.fault?.(arrived, next) ?? next());
  }

  async #answer(arrived: Arrived): Promise<Response> {
    const { request, body, key, query, method, bucketName } = arrived;
    const account = this.#token === undefined
      ? ACCOUNT
      : { ...ACCOUNT, sessionToken: this.#token };
    const form = isForm(arrived) ? this.buckets.get(bucketName) : undefined;
    if (form !== undefined) return await handleForm(arrived, form, account);
    if (!this.options.trusting) {
      const { region, now } = this.options;
      const fault = checkSignature(request, body, account, region, now());
      if (fault !== null) {
        const [status, code] = fault;
        const date = new Date(now()).toUTCString();
        return answerError(arrived, status, code, {
          date,
          ...(code === "AuthorizationHeaderMalformed"
            ? { "x-amz-bucket-region": region }
            : {}),
        });
      }
    }
    const bucket = this.buckets.get(bucketName);
    if (bucket === undefined) return answerError(arrived, 404, "NoSuchBucket");
    if (new TextEncoder().encode(key).length > 1024) {
      return answerError(arrived, 400, "KeyTooLongError");
    }
    if (key !== "" && query.has("tagging")) {
      return handleTags(arrived, bucket);
    }
    if (key !== "") {
      return query.has("uploads") || query.has("uploadId")
        ? await handleUpload(arrived, bucket)
        : await handleObject(arrived, bucket);
    }
    if (method === "HEAD") return new Response(null);
    if (method === "GET" && query.has("uploads")) return listUploads(bucket);
    if (method === "GET" && query.get("list-type") === "2") {
      return handleList(arrived, bucket);
    }
    if (method === "POST" && query.has("delete")) {
      return await handleDeletes(arrived, bucket);
    }
    return answerError(arrived, 405, "MethodNotAllowed");
  }
}

function isForm({ method, key, query, headers }: Arrived): boolean {
  return method === "POST" && key === "" && query.size === 0 &&
    (headers.get("content-type") ?? "").startsWith("multipart/form-data");
}

const END = 1024;

function endsOf(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength <= 2 * END) return bytes;
  const ends = new Uint8Array(2 * END);
  ends.set(bytes.subarray(0, END));
  ends.set(bytes.subarray(-END), END);
  return ends;
}
