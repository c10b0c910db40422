// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import { PermissionDeniedError, RemoteStoreError } from "../../core/errors.ts";
import { settle } from "../../core/doubt.ts";
import { empty, readStart } from "../_http/answer.ts";
import { read, rootName, text as textOf } from "../_http/document.ts";
import { escapeXml } from "../_http/tokens.ts";
import { object } from "./answers.ts";
import { sha256Base64 } from "./checksums.ts";
import type { S3Connection } from "./connection.ts";
import { encodeText } from "./endpoint.ts";

type Signal = AbortSignal | undefined;

const TAGGING = {
  TagSet: { Tag: [{ Key: textOf, Value: textOf }] },
} as const;

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
  const answer = await connection.ask(
    {
      method: "GET",
      key,
      query: {
        tagging: "",
        versionId: typeof versionId === "string" ? versionId : null,
      },
      kind: "other",
    },
    { answers: { 200: readTagging }, signal },
    [403, ...WITHOUT],
  );
  if (answer.outcome === "done") return answer.value;
  if (answer.failure.status === 403) {
    throw new PermissionDeniedError(
      "its tags may not be read (s3:GetObjectTagging), and a copy in parts would lose them",
      { path: key },
    );
  }
  return null;
}

/** What a service without tags may say. */
const WITHOUT: readonly number[] = [400, 404, 405, 501];

async function readTagging(response: Response): Promise<string | null> {
  const { text } = await readStart(response);
  if (rootName(text) !== "Tagging") {
    // A service without tags answers with the object, which is not read to its end.
    object(response);
    return null;
  }
  const { TagSet } = read(text, "Tagging", TAGGING);
  const tags = (TagSet?.Tag ?? []).map(({ Key, Value }) =>
    `${encodeText(Key ?? "")}=${encodeText(Value ?? "")}`
  );
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
    const attempt = await connection.change({
      method: "PUT",
      key,
      query: { tagging: "", versionId },
      headers: {
        "content-type": "application/xml",
        "x-amz-checksum-sha256": await sha256Base64(body),
      },
      body,
      names: true,
      kind: "other",
    }, { answers: { 200: empty, 204: empty }, signal });
    await settle(attempt, null, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new RemoteStoreError("it was copied, but without its tags", {
      cause,
    });
  }
}
