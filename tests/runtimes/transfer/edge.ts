/**
 * The module that workerd runs: files of a store in its memory, by `toResponse`.
 *
 * @module
 */
import { MemoryBackend } from "../../../backends/memory.ts";
import { openResponse, toResponse } from "../../../ext/transfer.ts";
import { Store } from "../../../mod.ts";
import { BASE, PLAIN } from "./served.ts";

async function fill(): Promise<Store> {
  const store = new Store({ backend: new MemoryBackend() });
  const zipped = new Blob([PLAIN]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  await store.write("zipped.txt", zipped, { contentEncoding: "gzip" });
  await store.write("plain.txt", PLAIN);
  return store;
}

/** The handler of requests. */
export default {
  async fetch(request: Request): Promise<Response> {
    // Workers do no work outside of a request.
    const store = await fill();
    const { pathname } = new URL(request.url);
    return pathname.startsWith(BASE)
      ? await toResponse(store, request, { base: BASE })
      : await openResponse(store, pathname.slice(1));
  },
};
