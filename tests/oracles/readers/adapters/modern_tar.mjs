import { createTarDecoder } from "modern-tar";

/** The same by streams of the web, in pages and Workers too. */
export async function readFirst(store, count) {
  const blob = await store.openBlob("photos.tar");
  const found = [];
  for await (const entry of blob.stream().pipeThrough(createTarDecoder())) {
    const { name } = entry.header;
    found.push([name, await new Response(entry.body).arrayBuffer()]);
    if (found.length === count) break;
  }
  return found;
}
