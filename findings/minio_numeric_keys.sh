#!/usr/bin/env bash
# minio 8.0.7 (npm): listObjectsV2 gives other keys than the bucket has.
#
# The answer's XML is parsed with numbers on, so a key that looks like one is written anew:
# "007" is listed as "7", "1.10" as "1.1", "0x1F" as "31", and "-0" as an empty name. A
# program that lists and then reads, copies or deletes asks for other objects: here two
# entries are called "1.1". listObjects, on the first version of the call, gives the keys as
# they are, as does the AWS SDK.
#
# Installs the packages in a temporary folder, plays a listing, and fails if what the
# clients make of it changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund minio@8.0.7 @aws-sdk/client-s3@3.1175.0 >/dev/null
cat >list.mjs <<'SCRIPT'
import { createServer } from "node:http";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { Client } from "minio";

const keys = ["-0", "007", "0x1F", "1.1", "1.10", "a"];
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url, "http://server/");
  const type = searchParams.get("encoding-type");
  response.setHeader("content-type", "application/xml");
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
      `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name>` +
      `<Prefix></Prefix><KeyCount>${keys.length}</KeyCount><MaxKeys>1000</MaxKeys>` +
      (type ? `<EncodingType>${type}</EncodingType>` : "") +
      `<IsTruncated>false</IsTruncated>` +
      keys.map((key) =>
        `<Contents><Key>${key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>` +
        `<ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag><Size>5</Size>` +
        `<StorageClass>STANDARD</StorageClass></Contents>`
      ).join("") +
      `</ListBucketResult>`,
  );
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address();
const region = "us-east-1";
const minio = new Client({
  endPoint: "127.0.0.1", port, useSSL: false, region, accessKey: "key", secretKey: "secret",
});
const sdk = new S3Client({
  endpoint: `http://127.0.0.1:${port}`, region, forcePathStyle: true,
  credentials: { accessKeyId: "key", secretAccessKey: "secret" },
});
const show = (names) => names.map((name) => JSON.stringify(name)).join(" ");
for (const call of ["listObjects", "listObjectsV2"]) {
  const names = [];
  for await (const { name } of minio[call]("bucket", "", true)) names.push(name);
  console.log(`minio ${call}: ${show(names)}`);
}
const { Contents } = await sdk.send(new ListObjectsV2Command({ Bucket: "bucket" }));
console.log(`AWS SDK: ${show(Contents.map(({ Key }) => Key))}`);
process.exit();
SCRIPT
found=$(node list.mjs 2>/dev/null)
printf '%s\n' "$found"
expected='minio listObjects: "-0" "007" "0x1F" "1.1" "1.10" "a"
minio listObjectsV2: "" "7" "31" "1.1" "1.1" "a"
AWS SDK: "-0" "007" "0x1F" "1.1" "1.10" "a"'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
