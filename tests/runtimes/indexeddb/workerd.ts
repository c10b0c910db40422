/**
 * `deno task test:workerd`: what is said where there is no IndexedDB.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { serveInWorkerd } from "../workerd.ts";

Deno.test("IDB workerd, which has no IndexedDB, is named in the error", async () => {
  await using workerd = await serveInWorkerd(
    "tests/runtimes/indexeddb/edge.ts",
  );
  const { code, message } = await (await workerd.ask("/")).json();
  assertEquals(code, "BackendUnavailable");
  assertEquals(
    message,
    'Cannot write "a.txt": this runtime (Cloudflare-Workers) has no IndexedDB, ' +
      "which browsers have; elsewhere, give the backend a scope that has one, " +
      "as fake-indexeddb",
  );
});
