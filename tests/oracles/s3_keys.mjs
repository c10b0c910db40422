// Writes or reads keys with the AWS SDK. Takes a job as JSON on standard input,
// prints what it has read.
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { text } from "node:stream/consumers";

const { action, bucket, keys, endpoint, credentials } = JSON.parse(
  await text(process.stdin),
);
const client = new S3Client({
  endpoint,
  credentials,
  region: "us-east-1",
  forcePathStyle: true,
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
});

const jobs = {
  write: async (Key) => {
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body: `of ${Key}` }),
    );
  },
  read: async (Key) => {
    const { Body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key }),
    );
    return await Body.transformToString();
  },
};

if (action === "list") {
  const found = [];
  let ContinuationToken;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, ContinuationToken }),
    );
    found.push(...(page.Contents ?? []).map(({ Key }) => Key));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  console.log(JSON.stringify(found));
} else {
  const results = [];
  for (const key of keys) {
    // One key that the SDK cannot send must not hide what it does with the others.
    results.push(
      await jobs[action](key).catch((error) => ({ error: String(error) })) ??
        null,
    );
  }
  console.log(JSON.stringify(results));
}
