import { createHash } from "node:crypto";
import {
  answerError,
  answerXml,
  type Arrived,
  checkedSums,
  isVersionId,
  keptHeaders,
  refusedWrite,
  versionFields,
  xml,
} from "./answers.ts";
import {
  type Bucket,
  isFile,
  type StoredObject,
  type Version,
} from "./bucket.ts";

/** Answers what concerns one object. */
export function handleObject(arrived: Arrived, bucket: Bucket): Response {
  const { method, key, headers, query } = arrived;
  const existing = bucket.objects.get(key);
  const { ignoresVersions } = arrived.service.options;
  const wanted = ignoresVersions ? null : query.get("versionId");
  if (wanted !== null) return handleVersion(arrived, bucket, wanted);
  if (method === "GET" || method === "HEAD") {
    return existing === undefined
      ? answerError(arrived, 404, "NoSuchKey")
      : getObject(arrived, existing);
  }
  if (method === "DELETE") {
    const { absentMatch, ignoresConditions } = arrived.service.options;
    const match = ignoresConditions ? null : headers.get("if-match");
    if (match !== null && existing === undefined) {
      if (absentMatch === 404) return answerError(arrived, 404, "NoSuchKey");
      if (absentMatch === 412) {
        return answerError(arrived, 412, "PreconditionFailed");
      }
    } else if (match !== null && match !== "*" && match !== existing?.etag) {
      return answerError(arrived, 412, "PreconditionFailed");
    }
    const marker = bucket.remove(key);
    return new Response(null, {
      status: 204,
      headers: marker === null ? {} : markerFields(marker.versionId),
    });
  }
  if (method !== "PUT") return answerError(arrived, 405, "MethodNotAllowed");
  const refused = refusedWrite(arrived, existing);
  if (refused !== null) return refused;
  if (headers.has("x-amz-copy-source")) return copyObject(arrived, bucket);
  const sent = headers.get("content-md5");
  if (sent !== null && sent !== base64Md5(arrived.body)) {
    return answerError(arrived, 400, "BadDigest");
  }
  const sums = checkedSums(arrived, arrived.body);
  if (sums instanceof Response) return sums;
  const stored = { ...keptHeaders(headers), ...sums };
  const tag = arrived.service.tagOf(arrived.body);
  const { etag, versionId } = bucket.put(key, arrived.body, stored, tag);
  return new Response(null, {
    headers: { etag, ...versionFields(versionId), ...sums },
  });
}

function markerFields(versionId: string): Record<string, string> {
  return { "x-amz-delete-marker": "true", ...versionFields(versionId) };
}

/** Finds a version, or says as AWS does that there is none. */
function versionAt(
  arrived: Arrived,
  bucket: Bucket,
  key: string,
  versionId: string,
): Version | Response {
  if (!isVersionId(versionId)) {
    return answerError(arrived, 400, "InvalidArgument");
  }
  return bucket.versionsOf(key).find((v) => v.versionId === versionId) ??
    answerError(arrived, 404, "NoSuchVersion");
}

// Of a mark nothing can be read but that it is one.
function handleVersion(
  arrived: Arrived,
  bucket: Bucket,
  versionId: string,
): Response {
  const { method, key } = arrived;
  const found = versionAt(arrived, bucket, key, versionId);
  if (method === "DELETE" && isVersionId(versionId)) {
    const removed = bucket.removeVersion(key, versionId);
    const fields = removed === null || isFile(removed)
      ? versionFields(versionId)
      : markerFields(versionId);
    return new Response(null, { status: 204, headers: fields });
  }
  if (found instanceof Response) return found;
  if (method !== "GET" && method !== "HEAD") {
    return answerError(arrived, 405, "MethodNotAllowed");
  }
  if (!isFile(found) && arrived.service.options.hidesMarkers) {
    return answerError(arrived, 404, "NoSuchKey");
  }
  return isFile(found)
    ? getObject(arrived, found)
    : answerError(arrived, 405, "MethodNotAllowed", {
      allow: "DELETE",
      ...markerFields(versionId),
    });
}

function base64Md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("base64");
}

/** Finds the source of a copy. */
export function copySource(
  arrived: Arrived,
  bucket: Bucket,
): StoredObject | Response {
  const { headers } = arrived;
  const given = headers.get("x-amz-copy-source") ?? "";
  const [name = "", parameters = ""] = given.split("?");
  const source = decodeURIComponent(name);
  const key = source.slice(source.indexOf("/", 1) + 1);
  const versionId = new URLSearchParams(parameters).get("versionId");
  const object = versionId === null
    ? bucket.objects.get(key)
    : versionAt(arrived, bucket, key, versionId);
  if (object instanceof Response) return object;
  if (object === undefined) return answerError(arrived, 404, "NoSuchKey");
  if (!isFile(object)) return answerError(arrived, 400, "InvalidRequest");
  const match = headers.get("x-amz-copy-source-if-match");
  const { ignoresConditions } = arrived.service.options;
  if (!ignoresConditions && match !== null && match !== object.etag) {
    return answerError(arrived, 412, "PreconditionFailed");
  }
  return object;
}

function copyObject(arrived: Arrived, bucket: Bucket): Response {
  const source = copySource(arrived, bucket);
  if (source instanceof Response) return source;
  const { key, service } = arrived;
  // A copy is one object, whatever its source was made of.
  const plain = !service.options.opaqueTags && !source.etag.includes("-");
  const etag = plain ? source.etag : service.tagOf(source.bytes);
  const replaces =
    arrived.headers.get("x-amz-metadata-directive") === "REPLACE";
  const kept: Record<string, string> = replaces
    ? keptHeaders(arrived.headers)
    : { ...source.headers };
  if (replaces) {
    // Tags have a directive of their own.
    const tags = source.headers["x-amz-tagging"];
    if (tags !== undefined) kept["x-amz-tagging"] = tags;
  }
  const copy = bucket.put(key, source.bytes, kept, etag);
  return answerXml(
    `<CopyObjectResult><LastModified>${
      new Date(copy.modified).toISOString()
    }</LastModified><ETag>${xml(copy.etag)}</ETag></CopyObjectResult>`,
    versionFields(copy.versionId),
  );
}

function getObject(arrived: Arrived, object: StoredObject): Response {
  const { headers, method } = arrived;
  const match = headers.get("if-match");
  if (match !== null && match !== object.etag) {
    return answerError(arrived, 412, "PreconditionFailed");
  }
  if (headers.get("if-none-match") === object.etag) {
    return new Response(null, { status: 304, headers: { etag: object.etag } });
  }
  const answer: Record<string, string> = {
    ...object.headers,
    etag: object.etag,
    "accept-ranges": "bytes",
    "last-modified": new Date(object.modified).toUTCString(),
    ...versionFields(object.versionId),
  };
  if (headers.get("x-amz-checksum-mode") !== "ENABLED") {
    for (const name of Object.keys(answer)) {
      if (name.startsWith("x-amz-checksum-")) delete answer[name];
    }
  }
  for (const [name, value] of arrived.query) {
    const overridden = /^response-(.*)$/.exec(name)?.[1];
    if (overridden !== undefined) answer[overridden] = value;
  }
  const tags = new URLSearchParams(answer["x-amz-tagging"]);
  delete answer["x-amz-tagging"];
  // As AWS does, only where there are some.
  if (tags.size > 0) answer["x-amz-tagging-count"] = `${tags.size}`;
  const { byteLength } = object.bytes;
  const range = headers.get("range");
  if (range === null) {
    answer["content-length"] = `${byteLength}`;
    return new Response(method === "HEAD" ? null : object.bytes, {
      headers: answer,
    });
  }
  const window = rangeOf(range, byteLength);
  if (window === null) return answerError(arrived, 416, "InvalidRange");
  const [from, to] = window;
  answer["content-range"] = `bytes ${from}-${to - 1}/${byteLength}`;
  answer["content-length"] = `${to - from}`;
  const part = object.bytes.slice(from, to);
  return new Response(method === "HEAD" ? null : part, {
    status: 206,
    headers: answer,
  });
}

function rangeOf(range: string, size: number): [number, number] | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if (first === "") {
    const count = Math.min(Number(last), size);
    return count === 0 ? null : [size - count, size];
  }
  const from = Number(first);
  if (from >= size) return null;
  return [from, last === "" ? size : Math.min(Number(last) + 1, size)];
}
