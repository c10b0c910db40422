import {
  answerError,
  answerXml,
  type Arrived,
  checkedSums,
  keptHeaders,
  refusedWrite,
  versionFields,
  xml,
} from "./answers.ts";
import { type Bucket, md5, type Upload } from "./bucket.ts";
import { copySource } from "./objects.ts";
import { read, text as textOf } from "../../../backends/_http/document.ts";

/** Answers what concerns an upload in parts. */
export function handleUpload(arrived: Arrived, bucket: Bucket): Response {
  const { method, query, key, headers } = arrived;
  if (method === "POST" && query.has("uploads")) {
    const type = headers.get("x-amz-checksum-type");
    const kept = keptHeaders(headers);
    if (arrived.service.options.dropsUploadTags) delete kept["x-amz-tagging"];
    const { id } = bucket.begin(key, kept, type);
    return answerXml(
      `<InitiateMultipartUploadResult><Key>${xml(key)}</Key><UploadId>${
        xml(id)
      }</UploadId></InitiateMultipartUploadResult>`,
    );
  }
  const upload = bucket.uploads.get(query.get("uploadId") ?? "");
  if (upload === undefined || upload.key !== key) {
    return answerError(arrived, 404, "NoSuchUpload");
  }
  if (method === "PUT") return putPart(arrived, bucket, upload);
  if (method === "DELETE") {
    bucket.uploads.delete(upload.id);
    return new Response(null, { status: 204 });
  }
  if (method === "GET") return listParts(arrived, upload);
  return complete(arrived, bucket, upload);
}

function listParts({ query, service }: Arrived, upload: Upload): Response {
  const after = Number(query.get("part-number-marker") ?? 0);
  const most = Math.min(
    Number(query.get("max-parts") ?? 1000),
    service.options.pageSize,
  );
  const left = [...upload.parts].filter(([number]) => number > after)
    .sort(([a], [b]) => a - b);
  const parts = left.slice(0, most);
  const last = parts.at(-1)?.[0] ?? after;
  return answerXml(
    `<ListPartsResult><NextPartNumberMarker>${last}</NextPartNumberMarker><IsTruncated>${
      left.length > parts.length
    }</IsTruncated>${
      parts.map(([number, { bytes, etag }]) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>${
          xml(etag)
        }</ETag><Size>${bytes.byteLength}</Size></Part>`
      ).join("")
    }</ListPartsResult>`,
  );
}

function putPart(arrived: Arrived, bucket: Bucket, upload: Upload): Response {
  const number = Number(arrived.query.get("partNumber"));
  if (!(number >= 1 && number <= 10_000)) {
    return answerError(arrived, 400, "InvalidArgument");
  }
  if (!arrived.headers.has("x-amz-copy-source")) {
    const sums = checkedSums(arrived, arrived.body);
    if (sums instanceof Response) return sums;
    const etag = arrived.service.tagOf(arrived.body);
    upload.parts.set(number, { bytes: arrived.body, etag });
    return new Response(null, { headers: { etag } });
  }
  const source = copySource(arrived, bucket);
  if (source instanceof Response) return source;
  const range = arrived.headers.get("x-amz-copy-source-range") ?? "";
  const [, from = "0", to = ""] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (to === "" || Number(to) >= source.bytes.byteLength) {
    return answerError(arrived, 416, "InvalidRange");
  }
  const bytes = source.bytes.slice(Number(from), Number(to) + 1);
  const etag = arrived.service.tagOf(bytes);
  upload.parts.set(number, { bytes, etag });
  return answerXml(
    `<CopyPartResult><ETag>${xml(etag)}</ETag></CopyPartResult>`,
  );
}

function complete(
  arrived: Arrived,
  bucket: Bucket,
  upload: Upload,
): Response {
  const text = new TextDecoder().decode(arrived.body);
  const wanted = read(text, "CompleteMultipartUpload", {
    Part: [{ PartNumber: textOf, ETag: textOf }],
  }).Part.map((part) => ({
    number: Number(part.PartNumber),
    etag: part.ETag,
  }));
  if (wanted.length === 0) return answerError(arrived, 400, "MalformedXML");
  const parts = [];
  let before = 0;
  for (const [index, { number, etag }] of wanted.entries()) {
    if (number <= before) return answerError(arrived, 400, "InvalidPartOrder");
    before = number;
    const part = upload.parts.get(number);
    if (part === undefined || part.etag !== etag) {
      return answerError(arrived, 400, "InvalidPart");
    }
    const { minPartSize } = arrived.service.options;
    const last = index === wanted.length - 1;
    if (!last && part.bytes.byteLength < minPartSize) {
      return answerError(arrived, 400, "EntityTooSmall");
    }
    if (!last && part.bytes.byteLength !== parts[0]?.byteLength && index > 0) {
      // R2's rule, and the library's promise.
      return answerError(arrived, 400, "InvalidPart");
    }
    parts.push(part.bytes);
  }
  const refused = refusedWrite(arrived, bucket.objects.get(upload.key));
  if (refused !== null) return refused;
  const bytes = new Uint8Array(parts.reduce((n, p) => n + p.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  const sums = checkedSums(arrived, bytes);
  if (sums instanceof Response) return sums;
  if (upload.checksumType === "COMPOSITE") {
    sums["x-amz-checksum-type"] = "COMPOSITE";
  }
  bucket.uploads.delete(upload.id);
  const digests = arrived.service.options.opaqueTags
    ? []
    : parts.map((part) =>
      Uint8Array.from(md5(part).match(/../g) ?? [], (hex) => parseInt(hex, 16))
    );
  const etag = arrived.service.tagOf(...digests)
    .replace(/"$/, `-${parts.length}"`);
  const stored = { ...upload.headers, ...sums };
  const { versionId } = bucket.put(upload.key, bytes, stored, etag);
  const crc = sums["x-amz-checksum-crc64nvme"];
  return answerXml(
    `<CompleteMultipartUploadResult><Key>${xml(upload.key)}</Key><ETag>${
      xml(etag)
    }</ETag>${
      crc === undefined ? "" : `<ChecksumCRC64NVME>${crc}</ChecksumCRC64NVME>`
    }<ChecksumType>${
      sums["x-amz-checksum-type"] ?? ""
    }</ChecksumType></CompleteMultipartUploadResult>`,
    versionFields(versionId),
  );
}
