// Writes and looks at blobs by @azure/storage-blob. Takes jobs as JSON on standard input,
// prints what each has answered.
import { BlobServiceClient } from "@azure/storage-blob";
import { text } from "node:stream/consumers";

const { connection, container, jobs } = JSON.parse(await text(process.stdin));
const client = BlobServiceClient.fromConnectionString(connection)
  .getContainerClient(container);
const answers = [];
for (const { name, body, ...options } of jobs) {
  const blob = client.getBlockBlobClient(name);
  if (body !== undefined) {
    await blob.upload(body, Buffer.byteLength(body), options);
  }
  const { contentType, metadata, contentLength, cacheControl } = await blob
    .getProperties();
  const content = (await blob.downloadToBuffer()).toString();
  answers.push({ contentType, metadata, contentLength, cacheControl, content });
}
console.log(JSON.stringify(answers));
