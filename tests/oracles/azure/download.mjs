/**
 * Lets @azure/storage-blob parse a signed URL and download by it; prints container,
 * name and text.
 *
 * @module
 */
import { BlobClient } from "@azure/storage-blob";

const client = new BlobClient(process.argv[2]);
const bytes = await client.downloadToBuffer();
process.stdout.write(
  JSON.stringify([client.containerName, client.name, bytes.toString()]),
);
