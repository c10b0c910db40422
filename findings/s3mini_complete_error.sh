#!/usr/bin/env bash
# s3mini 1.0.2: a multipart upload that S3 reports as failed is a success.
#
# S3 answers CompleteMultipartUpload with 200 before it knows the outcome, and may put
# <Error> into the body; its documentation asks clients to look for it. s3mini looks at the
# status alone: putAnyObject() of a large body resolves with ok: true, and the object is not
# there. The AWS SDK throws InternalError, s3-lite-client throws as well.
#
# Installs the packages in a temporary folder, plays that answer, and fails if what the
# clients make of it changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund s3mini@1.0.2 \
  @bradenmacdonald/s3-lite-client@1.0.0 @aws-sdk/client-s3@3.1175.0 >/dev/null
cat >ask.mjs <<'SCRIPT'
import { createServer } from "node:http";
import { CompleteMultipartUploadCommand, S3Client } from "@aws-sdk/client-s3";
import { S3Client as LiteClient } from "@bradenmacdonald/s3-lite-client";
import { S3mini } from "s3mini";

const xml = '<?xml version="1.0" encoding="UTF-8"?>\n';
const created = `${xml}<InitiateMultipartUploadResult><Bucket>bucket</Bucket>` +
  `<Key>key</Key><UploadId>1</UploadId></InitiateMultipartUploadResult>`;
const failed = `${xml}<Error><Code>InternalError</Code>` +
  `<Message>We encountered an internal error. Please try again.</Message></Error>`;
const server = createServer((request, response) => {
  const asked = new URL(request.url, "http://server/").searchParams;
  request.resume().on("end", () => {
    if (asked.has("partNumber")) response.setHeader("etag", `"${"0".repeat(32)}"`);
    if (asked.has("uploads")) response.end(created);
    else if (request.method === "POST") response.end(failed);
    else response.end();
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const endpoint = `http://127.0.0.1:${server.address().port}`;
const region = "us-east-1";
const [accessKeyId, secretAccessKey] = ["key", "secret"];
const body = new Blob([new Uint8Array(12 << 20)]);
const clients = {
  async s3mini() {
    const client = new S3mini({
      endpoint: `${endpoint}/bucket`, region, accessKeyId, secretAccessKey,
    });
    const { status, ok } = await client.putAnyObject("key", body);
    return `resolves, status ${status}, ok ${ok}`;
  },
  async "s3-lite-client"() {
    const client = new LiteClient({
      endPoint: endpoint, bucket: "bucket", region, accessKey: "key", secretKey: "secret",
    });
    await client.putObject("key", body.stream(), { partSize: 5 << 20 });
    return "resolves";
  },
  async "AWS SDK"() {
    const client = new S3Client({
      endpoint, region, forcePathStyle: true, maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey },
    });
    await client.send(
      new CompleteMultipartUploadCommand({
        Bucket: "bucket", Key: "key", UploadId: "1",
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: `"${"0".repeat(32)}"` }] },
      }),
    );
    return "resolves";
  },
};
for (const [name, put] of Object.entries(clients)) {
  console.log(`${name}: ${await put().catch(() => "throws")}`);
}
process.exit();
SCRIPT
found=$(node ask.mjs 2>/dev/null)
printf '%s\n' "$found"
expected='s3mini: resolves, status 200, ok true
s3-lite-client: throws
AWS SDK: throws'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
