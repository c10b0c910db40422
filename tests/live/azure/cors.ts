/**
 * Rules that let pages in, as Set Blob Service Properties takes them.
 *
 * @module
 */
import { empty } from "../../../backends/_http/answer.ts";
import { openContainer } from "./account.ts";

const METHODS = "GET,HEAD,PUT,POST,DELETE,PATCH,OPTIONS";

// Content-MD5, ETag and Content-Range have no prefix that a wildcard could name.
const EXPOSED =
  "x-ms-*,etag,content-md5,content-range,content-disposition,content-encoding";

/** Lets pages of every origin use the account. */
export async function allowPages(origin: string): Promise<void> {
  const rule =
    `<AllowedOrigins>*</AllowedOrigins><AllowedMethods>${METHODS}</AllowedMethods><MaxAgeInSeconds>600</MaxAgeInSeconds><ExposedHeaders>${EXPOSED}</ExposedHeaders><AllowedHeaders>*</AllowedHeaders>`;
  const xml =
    `<?xml version="1.0" encoding="utf-8"?><StorageServiceProperties><Cors><CorsRule>${rule}</CorsRule></Cors></StorageServiceProperties>`;
  const container = openContainer(origin, "cors");
  const url = `${container.blobUrl}/?restype=service&comp=properties`;
  await container.get("PUT", url, {
    headers: { "content-type": "application/xml" },
    body: new TextEncoder().encode(xml),
    answers: { 202: empty },
    signal: undefined,
  });
}
