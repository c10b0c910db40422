import { elements, elementText } from "../../../backends/_http/xml.ts";
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
  for (const tag of elements(new TextDecoder().decode(body), "Tag")) {
    const name = elementText(tag, "Key") ?? "";
    if (tags.has(name) || tags.size === 10) {
      return answerError(arrived, 400, "InvalidTag");
    }
    tags.set(name, elementText(tag, "Value") ?? "");
  }
  const tagged = { ...object.headers, "x-amz-tagging": `${tags}` };
  bucket.objects.set(key, { ...object, headers: tagged });
  return new Response(null);
}
