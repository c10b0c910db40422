/**
 * A Worker that has no IndexedDB, and says what the backend says of it.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { isRemoteStoreError, Store } from "../../../mod.ts";

export default {
  async fetch(): Promise<Response> {
    await using store = new Store({ backend: new IndexedDBBackend() });
    try {
      await store.write("a.txt", "A");
      return new Response("it was written");
    } catch (error) {
      if (!isRemoteStoreError(error)) throw error;
      return Response.json({ code: error.code, message: error.message });
    }
  },
};
