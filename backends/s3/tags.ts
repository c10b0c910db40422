// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import {
  BackendUnavailableError,
  PermissionDeniedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import { readFailure } from "../_http/sending.ts";
import {
  elements,
  elementText,
  elementXml,
  escapeXml,
  rootName,
} from "../_http/xml.ts";
import { checksumOf } from "./checksums.ts";
import type { S3Connection } from "./connection.ts";
import { encodeText } from "./endpoint.ts";

type Signal = AbortSignal | undefined;

/**
 * Returns an object's tags as `x-amz-tagging` has them; `null` where there are none. Asked
 * for even where HEAD told of none: S3 says nothing of tags that may not be read.
 *
 * @throws {PermissionDeniedError} If they may not be read, so that nobody knows of them.
 */
export async function readTags(
  connection: S3Connection,
  key: string,
  extra: FileEntry["extra"],
  signal: Signal,
): Promise<string | null> {
  const versionId = extra?.["versionId"];
  const { response } = await connection.send({
    method: "GET",
    key,
    query: {
      tagging: "",
      versionId: typeof versionId === "string" ? versionId : null,
    },
    kind: "other",
    // What a service without tags may say.
    accept: [400, 403, 404, 405, 501],
    signal,
  });
  // Or it answers with the object, which is not read to its end.
  const { status, text } = await readFailure(response, signal);
  if (status === 403) {
    throw new PermissionDeniedError(
      "its tags may not be read (s3:GetObjectTagging), and a copy in parts would lose them",
      { path: key },
    );
  }
  if (!response.ok || rootName(text) !== "Tagging") return null;
  const set = elementXml(text, "Tagging");
  if (set === null) {
    throw new BackendUnavailableError("the answer with its tags broke off");
  }
  const tags = Array.from(elements(set, "Tag"), (tag) => {
    const [name, value] = [elementText(tag, "Key"), elementText(tag, "Value")];
    return `${encodeText(name ?? "")}=${encodeText(value ?? "")}`;
  });
  return tags.length > 0 ? tags.join("&") : null;
}

/** Returns whether tags are short enough for a header field of S3. */
export function fitsField(tags: string): boolean {
  return tags.length <= 2048;
}

/** Gives tags to an object that has been copied without them. */
export async function putTags(
  connection: S3Connection,
  key: string,
  versionId: string | null,
  tags: string,
  signal: Signal,
): Promise<void> {
  const set = tags.split("&").map((tag) => {
    const [name = "", value = ""] = tag.split("=").map(decodeURIComponent);
    return `<Tag><Key>${escapeXml(name)}</Key><Value>${
      escapeXml(value)
    }</Value></Tag>`;
  });
  const body = new TextEncoder().encode(
    `<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>${
      set.join("")
    }</TagSet></Tagging>`,
  );
  try {
    const { response } = await connection.send({
      method: "PUT",
      key,
      query: { tagging: "", versionId },
      headers: {
        "content-type": "application/xml",
        "x-amz-checksum-sha256": await checksumOf("sha256", body),
      },
      body,
      kind: "other",
      signal,
    });
    await response.body?.cancel();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new RemoteStoreError("it was copied, but without its tags", {
      cause,
    });
  }
}
