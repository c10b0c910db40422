import { read, text as textOf } from "../../../backends/_http/document.ts";
import {
  answerError,
  answerXml,
  type Arrived,
  checksum,
  xml,
} from "./answers.ts";
import type { Bucket } from "./bucket.ts";

/** Answers GetObjectTagging and PutObjectTagging. It knows the current version alone. */
export function handleTags(arrived: Arrived, bucket: Bucket): Response {
  const { method, key, query, headers, body } = arrived;
  const object = bucket.objects.get(key);
  if (object === undefined) return answerError(arrived, 404, "NoSuchKey");
  if ((query.get("versionId") ?? object.versionId) !== object.versionId) {
    return answerError(arrived, 404, "NoSuchVersion");
  }
  if (method === "GET") {
    const tags = new URLSearchParams(object.headers["x-amz-tagging"]);
    const set = Array.from(
      tags,
      ([name, value]) =>
        `<Tag><Key>${xml(name)}</Key><Value>${xml(value)}</Value></Tag>`,
    );
    return answerXml(`<Tagging><TagSet>${set.join("")}</TagSet></Tagging>`);
  }
  if (method !== "PUT") return answerError(arrived, 405, "MethodNotAllowed");
  const given = headers.get("x-amz-checksum-sha256");
  if (given === null) return answerError(arrived, 400, "InvalidRequest");
  if (given !== checksum("sha256", body)) {
    return answerError(arrived, 400, "BadDigest");
  }
  const tags = new URLSearchParams();
  const { TagSet } = read(new TextDecoder().decode(body), "Tagging", {
    TagSet: { Tag: [{ Key: textOf, Value: textOf }] },
  });
  for (const tag of TagSet?.Tag ?? []) {
    const name = tag.Key ?? "";
    if (tags.has(name) || tags.size === 10) {
      return answerError(arrived, 400, "InvalidTag");
    }
    tags.set(name, tag.Value ?? "");
  }
  const tagged = { ...object.headers, "x-amz-tagging": `${tags}` };
  bucket.objects.set(key, { ...object, headers: tagged });
  return new Response(null);
}
