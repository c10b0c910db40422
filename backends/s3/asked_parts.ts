// This module is browser compatible.
import { RemoteStoreError } from "../../core/errors.ts";
import type { SigningQuestion } from "../../core/signing.ts";
import type { Answer } from "../_http/client.ts";
import { readIf, text } from "../_http/document.ts";
import { quoteEtag } from "../_http/headers.ts";
import type { S3Asked } from "./asked.ts";
import type { S3Connection } from "./connection.ts";
import {
  type ListedParts,
  MAX_TOGETHER,
  type Part,
  partSizes,
  readListed,
} from "./upload_calls.ts";

const XML = { "content-type": "application/xml" };

/**
 * Returns what a page asks next, where its upload has been opened with this answer: for the
 * first of its parts, as far as their sizes are known.
 */
export function questionsOfParts(
  connection: S3Connection,
  { plan }: SigningQuestion,
  { key }: S3Asked,
  answer: string,
): readonly SigningQuestion[] {
  const found = readIf(answer, "InitiateMultipartUploadResult", {
    UploadId: text,
  });
  const uploadId = found?.UploadId ?? null;
  // A part that is copied says of what.
  if (uploadId === null || plan === null || plan.source !== null) return [];
  return partSizes(plan, 1, MAX_TOGETHER).map((size, at) => ({
    method: "PUT",
    url: connection.urlWith(key, { partNumber: at + 1, uploadId }),
    headers: {},
    size,
    body: null,
    plan,
    expiresIn: null,
  }));
}

/**
 * Returns the bytes of the parts that a completion names, as the service has them; NaN where
 * one is another than was named. Of an upload that is gone, what the service answers.
 */
export async function sumOfParts(
  connection: S3Connection,
  { key, query }: S3Asked,
  parts: readonly Part[],
  signal: AbortSignal,
): Promise<number | Response> {
  const uploadId = query["uploadId"] ?? null;
  const sizes = new Map<number, { size: number; etag: string | null }>();
  for (let marker: string | null = null;;) {
    const answer: Answer<ListedParts> = await connection.ask(
      {
        method: "GET",
        key,
        query: { uploadId, "part-number-marker": marker },
        kind: "part",
      },
      { answers: { 200: readListed }, signal },
      [404],
    );
    if (answer.outcome === "refused") {
      const { status, text } = answer.failure;
      return new Response(text, { status, headers: XML });
    }
    const { found }: ListedParts = answer.value;
    for (const { PartNumber, Size, ETag } of found.Part) {
      sizes.set(Number(PartNumber), { size: Number(Size), etag: ETag });
    }
    if (!found.IsTruncated) break;
    const next: string | null = found.NextPartNumberMarker;
    if (next === null || next === marker) {
      throw new RemoteStoreError("the list of parts does not go on");
    }
    marker = next;
  }
  return parts.reduce((sum, { etag }, index) => {
    const part = sizes.get(index + 1);
    const isIt = part !== undefined && part.etag === quoteEtag(etag);
    return sum + (isIt ? part.size : NaN);
  }, 0);
}
