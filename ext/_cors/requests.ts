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

/** What differs between the two protocols. */
export interface Protocol {
  /** The requests of each operation. */
  readonly requests: Requests;
  /** The fields that carry a signature. */
  readonly signature: readonly string[];
  /** How the fields of user metadata begin. */
  readonly metadata: string;
  /** What an answer to a read has to show, and what is lost where it does not. */
  readonly shown: Readonly<Record<string, string>>;
}

const PROTOCOLS = {
  s3: {
    requests: S3,
    signature: ["authorization", "x-amz-content-sha256", "x-amz-date"],
    metadata: "x-amz-meta-",
    shown: {
      "etag": "nothing can be compared, resumed or uploaded in parts",
      "content-range": "a range that counts from the end is an error",
      "content-encoding": "a stored encoding looks as if there were none",
      "x-amz-version-id": "versionId is null",
      "x-amz-bucket-region": "a bucket in another region is not found",
    },
  },
  azure: {
    requests: AZURE,
    signature: ["authorization", "x-ms-date"],
    metadata: "x-ms-meta-",
    shown: {
      "etag": "nothing can be compared or resumed",
      "content-range": "a range that counts from the end is an error",
      "content-encoding": "a stored encoding looks as if there were none",
      "content-md5": "digest is null",
      "x-ms-version-id": "versionId is null",
      "x-ms-error-code": "errors have no more than their status",
    },
  },
} satisfies Record<string, Protocol>;

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

/** Returns the fields that answers have to show, each with what is lost where they do not. */
export function shownBy(
  { service, operations, metadata }: Demands,
): ReadonlyMap<string, string> {
  const shown = new Map(Object.entries(protocolOf(service).shown));
  if (!operations.includes("read")) shown.delete("content-range");
  for (const field of metadataFields(service, metadata)) {
    shown.set(field, "this metadata looks as if there were none");
  }
  return shown;
}
