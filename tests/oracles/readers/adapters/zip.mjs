import { BlobReader, TextWriter, ZipReader } from "@zip.js/zip.js";

/** One entry of an archive: the handle is taken for a Blob as it is. */
export async function readEntry(store, name) {
  const archive = new ZipReader(
    new BlobReader(await store.openBlob("photos.zip")),
  );
  const entries = await archive.getEntries();
  const entry = entries.find(({ filename }) => filename === name);
  return await entry.getData(new TextWriter());
}
