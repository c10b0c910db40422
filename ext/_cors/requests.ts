// This module is browser compatible.

/** The services whose rules differ. */
export type CorsService = "s3" | "r2" | "ceph" | "azure";

/** What a page does with a store. */
export type CorsOperation =
  | "read"
  | "head"
  | "list"
  | "write"
  | "delete"
  | "deleteMany"
  | "copy";

/** All of it. */
export const OPERATIONS: readonly CorsOperation[] = [
  "read",
  "head",
  "list",
  "write",
  "delete",
  "deleteMany",
  "copy",
];

/** How a page's requests are signed: by header fields, or by their URL alone. */
export type CorsSigning = "header" | "url";

/** A request as a page announces it to the service. */
export interface PageRequest {
  /** Its method. */
  readonly method: string;
  /** Its header fields, in small letters, without those that need no leave. */
  readonly fields: readonly string[];
}

type Requests = Readonly<Record<CorsOperation, readonly PageRequest[]>>;

const request = (method: string, fields: string): PageRequest => ({
  method,
  fields: fields === "" ? [] : fields.split(" "),
});

// Many calls look first. `range` needs leave where it counts from the end, `content-type` but for three types.
const S3_LOOK = request("HEAD", "x-amz-checksum-mode");

const S3: Requests = {
  read: [request("GET", "if-match if-none-match range")],
  head: [S3_LOOK],
  list: [request("GET", "")],
  write: [
    request(
      "PUT",
      "if-match if-none-match content-type cache-control content-disposition content-encoding content-language",
    ),
    request("POST", "if-match if-none-match content-type"),
    S3_LOOK,
  ],
  delete: [request("DELETE", "if-match"), S3_LOOK],
  deleteMany: [request("POST", "content-type x-amz-checksum-sha256"), S3_LOOK],
  copy: [
    request(
      "PUT",
      "if-none-match x-amz-copy-source x-amz-copy-source-if-match",
    ),
    S3_LOOK,
  ],
};

const AZURE_LOOK = request("HEAD", "x-ms-version");

const AZURE: Requests = {
  read: [
    request("GET", "if-match if-none-match x-ms-range x-ms-version"),
    AZURE_LOOK,
  ],
  head: [AZURE_LOOK],
  list: [request("GET", "x-ms-version")],
  write: [
    request(
      "PUT",
      "if-match if-none-match content-type x-ms-blob-type x-ms-blob-content-type x-ms-blob-cache-control x-ms-blob-content-disposition x-ms-blob-content-encoding x-ms-blob-content-language x-ms-version",
    ),
    AZURE_LOOK,
  ],
  delete: [request("DELETE", "if-match x-ms-delete-snapshots x-ms-version")],
  deleteMany: [request("POST", "content-type x-ms-version")],
  copy: [
    request(
      "PUT",
      "if-none-match x-ms-copy-source x-ms-requires-sync x-ms-source-if-match x-ms-version",
    ),
    AZURE_LOOK,
  ],
};

/** What is lost where an answer does not show a field. */
interface Shown {
  /** In words. */
  readonly loss: string;
  /** The operations that lose it; all of them where they are not named. */
  readonly by?: readonly CorsOperation[];
  /** The services that send it; all that speak the protocol where they are not named. */
  readonly of?: readonly CorsService[];
}

/** What differs between the two protocols. */
export interface Protocol {
  /** The requests of each operation. */
  readonly requests: Requests;
  /** The fields that carry a signature. */
  readonly signature: readonly string[];
  /** How the fields of user metadata begin. */
  readonly metadata: string;
  /** What answers have to show, of all that the backend reads. */
  readonly shown: Readonly<Record<string, Shown>>;
}

const INFO: readonly CorsOperation[] = ["read", "head"];

// A large copy on S3 is made of what a look at its source has told.
const CARRIED: readonly CorsOperation[] = [...INFO, "copy"];

const SHOWN: Protocol["shown"] = {
  "content-range": {
    loss: "a range that counts from the end is an error",
    by: ["read"],
  },
  "content-encoding": {
    loss: "a stored encoding looks as if there were none",
  },
  "content-disposition": {
    loss: "a stored disposition looks as if there were none",
    by: CARRIED,
  },
  "date": { loss: "a change whose answer was lost stays in doubt" },
  "age": { loss: "the date of an answer from a cache is taken for the time" },
  "retry-after": { loss: "how long the service wants to be left is not known" },
};

const CHECKSUM: Shown = {
  loss: "digest is null where the service has this one",
  by: [...INFO, "write"],
  // The others are asked for none.
  of: ["s3"],
};

const PROTOCOLS: Readonly<Record<"s3" | "azure", Protocol>> = {
  s3: {
    requests: S3,
    signature: ["authorization", "x-amz-content-sha256", "x-amz-date"],
    metadata: "x-amz-meta-",
    shown: {
      "etag": {
        loss: "nothing can be compared, resumed or uploaded in parts",
      },
      ...SHOWN,
      "x-amz-version-id": { loss: "versionId is null" },
      "x-amz-bucket-region": {
        loss: "a bucket in another region is not found",
      },
      "x-amz-storage-class": { loss: "extra has no storageClass", by: INFO },
      "x-amz-server-side-encryption": {
        loss: "extra has no encryption",
        by: INFO,
      },
      "x-amz-checksum-sha256": CHECKSUM,
      "x-amz-checksum-crc64nvme": CHECKSUM,
      "x-amz-checksum-sha1": CHECKSUM,
      "x-amz-checksum-crc32c": CHECKSUM,
      "x-amz-checksum-crc32": CHECKSUM,
      "x-amz-checksum-type": {
        ...CHECKSUM,
        loss: "a checksum of parts may be taken for the content's",
      },
    },
  },
  azure: {
    requests: AZURE,
    signature: ["authorization", "x-ms-date"],
    metadata: "x-ms-meta-",
    shown: {
      "etag": { loss: "nothing can be compared or resumed" },
      ...SHOWN,
      "content-md5": { loss: "digest is null", by: [...INFO, "write"] },
      "x-ms-blob-content-md5": {
        loss: "digest is null in a read of a range",
        by: ["read"],
      },
      "x-ms-version-id": { loss: "versionId is null" },
      "x-ms-version": { loss: "an answer without a time looks like a proxy's" },
      "x-ms-error-code": { loss: "errors have no more than their status" },
      "x-ms-request-id": { loss: "errors do not name their request" },
      "x-ms-access-tier": { loss: "extra has no accessTier", by: INFO },
      "x-ms-access-tier-inferred": {
        loss: "extra has the account's accessTier as if it were the file's",
        by: INFO,
      },
      "x-ms-tag-count": { loss: "extra has no tagCount", by: INFO },
      "x-ms-meta-hdi_isfolder": { loss: "marks of folders look like files" },
      "x-ms-copy-status": { loss: "a large copy is in doubt", by: ["copy"] },
      "x-ms-copy-id": { loss: "a large copy is in doubt", by: ["copy"] },
      "x-ms-copy-source": { loss: "a large copy is in doubt", by: ["copy"] },
      "x-ms-copy-completion-time": {
        loss: "a large copy is in doubt",
        by: ["copy"],
      },
      "x-ms-continuation": {
        loss: "of a large folder no more than a start is deleted",
        by: ["delete"],
      },
      "x-ms-is-hns-enabled": {
        loss: "detectHns cannot tell what the account is",
      },
    },
  },
};

/** Returns the protocol that a service speaks. */
export function protocolOf(service: CorsService): Protocol {
  return service === "azure" ? PROTOCOLS.azure : PROTOCOLS.s3;
}

/** What a page does, and what its requests carry beside what they always do. */
export interface Demands {
  /** The service. */
  readonly service: CorsService;
  /** What the page does. */
  readonly operations: readonly CorsOperation[];
  /** How its requests are signed. */
  readonly signing: CorsSigning;
  /** The keys of the user metadata that it writes and reads. */
  readonly metadata: readonly string[];
  /** Further fields of its requests. */
  readonly fields: readonly string[];
}

/** Returns the requests of an operation. */
export function requestsOf(
  operation: CorsOperation,
  { service, signing, metadata, fields }: Demands,
): readonly PageRequest[] {
  const protocol = protocolOf(service);
  const always = [
    ...signing === "header" ? protocol.signature : [],
    ...fields.map((field) => field.toLowerCase()),
  ];
  const stored = operation === "write" ? metadataFields(service, metadata) : [];
  return protocol.requests[operation].map(({ method, fields }) => {
    const own = method === "HEAD" ? [] : stored;
    return {
      method,
      fields: [...new Set([...fields, ...always, ...own])].sort(),
    };
  });
}

/** Returns the header fields of metadata keys. */
export function metadataFields(
  service: CorsService,
  metadata: readonly string[],
): string[] {
  const { metadata: prefix } = protocolOf(service);
  return metadata.map((key) => prefix + key.toLowerCase());
}

/** What a page loses where an answer does not show a field. */
export interface Loss {
  /** In words. */
  readonly loss: string;
  /** The operations that lose it. */
  readonly operations: readonly CorsOperation[];
}

/** Returns the fields that answers have to show, each with what is lost where they do not. */
export function shownBy(
  { service, operations, metadata }: Demands,
): ReadonlyMap<string, Loss> {
  const shown = new Map<string, Loss>();
  const known = Object.entries(protocolOf(service).shown);
  for (const [field, { loss, by, of }] of known) {
    const losing = operations.filter((one) => by?.includes(one) ?? true);
    const isSent = of?.includes(service) ?? true;
    if (isSent && losing.length > 0) {
      shown.set(field, { loss, operations: losing });
    }
  }
  for (const field of metadataFields(service, metadata)) {
    const loss = "this metadata looks as if there were none";
    shown.set(field, { loss, operations });
  }
  return shown;
}
