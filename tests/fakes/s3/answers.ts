/**
 * What the parts of the fake have in common: a request that arrived, errors,
 * conditions and checksums.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createChecksum } from "../../../digest/checksum.ts";
import type { StoredObject } from "./bucket.ts";
import type { FakeS3 } from "./service.ts";

/** A request, taken apart. */
export interface Arrived {
  readonly request: Request;
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly bucketName: string;
  readonly service: FakeS3;
}

/** Escapes text for XML, with the names that AWS uses. */
export function xml(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex -- XML cannot hold them as they are
    /[&<>"'\x00-\x08\x0b\x0c\x0e-\x1f\r]/g,
    (char) =>
      ({
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "'": "&apos;",
      })[
        char
      ] ?? `&#x${char.charCodeAt(0).toString(16)};`,
  );
}

/** Returns the text of an error. */
export function errorXml(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code} happened</Message><RequestId>R1</RequestId></Error>`;
}

/** Returns an error; without a body for HEAD. */
export function answerError(
  { method }: Pick<Arrived, "method">,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(method === "HEAD" ? null : errorXml(code), {
    status,
    headers: { "content-type": "application/xml", ...headers },
  });
}

/** Returns a document. */
export function answerXml(text: string, headers?: HeadersInit): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`, {
    headers: { "content-type": "application/xml", ...headers },
  });
}

/**
 * Returns what `versionId` says of a version, or nothing for "null" where none are kept: a
 * bucket without versions does not say that they are all called so.
 */
export function versionFields(versionId: string): Record<string, string> {
  return versionId === "null" ? {} : { "x-amz-version-id": versionId };
}

/** Returns whether a text can be the id of a version: what cannot is a wrong argument. */
export function isVersionId(text: string): boolean {
  return /^(?:v\d+|null)$/.test(text);
}

/** Checks the conditions of a write; `null` where they hold. */
export function refusedWrite(
  arrived: Arrived,
  existing: StoredObject | undefined,
): Response | null {
  const { headers, service } = arrived;
  if (service.options.ignoresConditions) return null;
  const noneMatch = headers.get("if-none-match");
  if (noneMatch !== null && noneMatch !== "*") {
    return answerError(arrived, 501, "NotImplemented");
  }
  if (noneMatch === "*" && existing !== undefined) {
    return answerError(arrived, 412, "PreconditionFailed");
  }
  const match = headers.get("if-match");
  if (match === null) return null;
  if (existing === undefined) return answerError(arrived, 404, "NoSuchKey");
  return existing.etag === match
    ? null
    : answerError(arrived, 412, "PreconditionFailed");
}

const ALGORITHMS = ["sha256", "crc32", "crc32c", "crc64nvme"] as const;

/** Returns a checksum in base64. */
export function checksum(
  algorithm: typeof ALGORITHMS[number],
  bytes: Uint8Array,
): string {
  if (algorithm === "sha256") {
    return createHash("sha256").update(bytes).digest("base64");
  }
  const crc = createChecksum(algorithm);
  crc.update(bytes);
  return btoa(String.fromCharCode(...crc.digest() as Uint8Array));
}

/**
 * Checks the checksums that came along. Returns the fields to store; the service makes a
 * CRC of its own where none came.
 */
export function checkedSums(
  arrived: Arrived,
  bytes: Uint8Array,
): Record<string, string> | Response {
  const sums: Record<string, string> = {};
  for (const algorithm of ALGORITHMS) {
    const field = `x-amz-checksum-${algorithm}`;
    const given = arrived.headers.get(field);
    if (given === null) continue;
    if (given !== checksum(algorithm, bytes)) {
      return answerError(arrived, 400, "BadDigest");
    }
    sums[field] = given;
  }
  if (Object.keys(sums).length === 0 && arrived.service.options.ownSums) {
    sums["x-amz-checksum-crc64nvme"] = checksum("crc64nvme", bytes);
  }
  if (Object.keys(sums).length > 0) {
    sums["x-amz-checksum-type"] = "FULL_OBJECT";
  }
  return sums;
}

const KEPT =
  /^(?:content-(?:type|disposition|encoding|language)|cache-control|expires|x-amz-meta-.*|x-amz-tagging|x-amz-storage-class|x-amz-server-side-encryption)$/;

/** Returns the header fields that are stored with an object. */
export function keptHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = {};
  headers.forEach((value, name) => {
    if (KEPT.test(name)) kept[name] = value;
  });
  kept["content-type"] ??= "binary/octet-stream";
  return kept;
}
