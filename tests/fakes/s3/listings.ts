import {
  answerError,
  answerXml,
  type Arrived,
  checksum,
  xml,
} from "./answers.ts";
import type { Bucket } from "./bucket.ts";
import { read, text as textOf } from "../../../backends/_http/document.ts";

/** Answers ListMultipartUploads. */
export function listUploads(bucket: Bucket): Response {
  const uploads = [...bucket.uploads.values()].map(({ key, id }) =>
    `<Upload><Key>${xml(key)}</Key><UploadId>${xml(id)}</UploadId></Upload>`
  );
  return answerXml(
    `<ListMultipartUploadsResult>${
      uploads.join("")
    }</ListMultipartUploadsResult>`,
  );
}

/** Answers ListObjectsV2. */
export function handleList(arrived: Arrived, bucket: Bucket): Response {
  const { query, service } = arrived;
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const url = query.get("encoding-type") === "url";
  const asked = Number(query.get("max-keys") ?? 1000);
  const limit = Math.min(asked, service.options.pageSize);
  const token = query.get("continuation-token");
  const { ignoresStart } = service.options;
  const start = ignoresStart ? "" : query.get("start-after") ?? "";
  const [after, isPrefix] = token === null
    ? [start, false]
    : decodeToken(token);
  // AWS writes a space as a plus sign and leaves the slash.
  const text = (value: string) =>
    url
      ? encodeURIComponent(value).replaceAll("%2F", "/").replaceAll("%20", "+")
      : xml(value);
  const contents: string[] = [];
  const prefixes: string[] = [];
  let last = "";
  let truncated = false;
  let folder = isPrefix ? after : null;
  let lastIsPrefix = false;
  for (const key of bucket.sorted(prefix)) {
    if (after !== "" && !isAfter(key, after)) continue;
    if (folder !== null && delimiter !== "" && key.startsWith(folder)) continue;
    if (contents.length + prefixes.length >= limit) {
      truncated = true;
      break;
    }
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut >= 0) {
      folder = key.slice(0, cut + 1);
      last = folder;
      lastIsPrefix = true;
      prefixes.push(
        `<CommonPrefixes><Prefix>${text(folder)}</Prefix></CommonPrefixes>`,
      );
      continue;
    }
    const object = bucket.objects.get(key);
    if (object === undefined) continue;
    last = key;
    lastIsPrefix = false;
    contents.push(
      `<Contents><Key>${text(key)}</Key><LastModified>${
        new Date(object.modified).toISOString()
      }</LastModified><ETag>${
        xml(object.etag)
      }</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><Size>${object.bytes.byteLength}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    );
  }
  return answerXml(
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix>${
      text(prefix)
    }</Prefix>${
      truncated
        ? `<NextContinuationToken>${
          xml(encodeToken(last, lastIsPrefix))
        }</NextContinuationToken>`
        : ""
    }<KeyCount>${
      contents.length + prefixes.length
    }</KeyCount><MaxKeys>${limit}</MaxKeys>${
      url ? "<EncodingType>url</EncodingType>" : ""
    }<IsTruncated>${truncated}</IsTruncated>${contents.join("")}${
      prefixes.join("")
    }</ListBucketResult>`,
  );
}

// With signs that a client may not touch. An object's name can end as a prefix does.
function encodeToken(last: string, isPrefix: boolean): string {
  const bytes = new TextEncoder().encode(last);
  return `${isPrefix ? 2 : 1}+/${btoa(String.fromCharCode(...bytes))}`;
}

function decodeToken(token: string): [last: string, isPrefix: boolean] {
  const bytes = Uint8Array.from(atob(token.slice(3)), (c) => c.charCodeAt(0));
  return [new TextDecoder().decode(bytes), token.startsWith("2")];
}

const ENCODER = new TextEncoder();

function isAfter(key: string, other: string): boolean {
  const a = ENCODER.encode(key);
  const b = ENCODER.encode(other);
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return a[i]! > b[i]!;
  }
  return a.length > b.length;
}

/** Answers DeleteObjects. A key named "locked" cannot be deleted. */
export function handleDeletes(arrived: Arrived, bucket: Bucket): Response {
  const given = arrived.headers.get("x-amz-checksum-sha256");
  if (given === null) return answerError(arrived, 400, "InvalidRequest");
  if (given !== checksum("sha256", arrived.body)) {
    return answerError(arrived, 400, "BadDigest");
  }
  const text = new TextDecoder().decode(arrived.body);
  const asked = read(text, "Delete", {
    Quiet: textOf,
    Object: [{ Key: textOf }],
  });
  const quiet = asked.Quiet === "true";
  const answers: string[] = [];
  for (const { Key } of asked.Object) {
    const key = Key ?? "";
    if (key.endsWith("locked")) {
      answers.push(
        `<Error><Key>${
          xml(key)
        }</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`,
      );
      continue;
    }
    bucket.remove(key);
    if (!quiet) answers.push(`<Deleted><Key>${xml(key)}</Key></Deleted>`);
  }
  return answerXml(`<DeleteResult>${answers.join("")}</DeleteResult>`);
}
