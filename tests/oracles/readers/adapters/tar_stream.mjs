import { pipeline, Readable } from "node:stream";
import tar from "tar-stream";

/** The first entries of an archive, in Node: leaving the loop ends the request. */
export async function readFirst(store, count) {
  const blob = await store.openBlob("photos.tar");
  const bytes = Readable.fromWeb(blob.stream());
  const found = [];
  // pipe() would let the request go on; what ends early is an error to pipeline().
  for await (const entry of pipeline(bytes, tar.extract(), () => {})) {
    const chunks = [];
    for await (const chunk of entry) chunks.push(chunk);
    found.push([entry.header.name, Buffer.concat(chunks)]);
    if (found.length === count) break;
  }
  return found;
}
