import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type IndexedDBScope,
  ownScope,
  requireScope,
  runtimeName,
} from "../../../backends/indexeddb/scope.ts";
import { BackendUnavailableError } from "../../../mod.ts";
import { imitate } from "./imitation.ts";

Deno.test("IDB a runtime without IndexedDB is named", () => {
  const error = assertThrows(
    () => requireScope(ownScope),
    BackendUnavailableError,
    "has no IndexedDB",
  );
  assert(error.message.includes("Deno/"));
});

Deno.test("IDB a scope with half of it is none", () => {
  const half = { indexedDB: imitate().indexedDB } as unknown as IndexedDBScope;
  assertThrows(() => requireScope(() => half), BackendUnavailableError);
});

Deno.test("IDB a runtime is called what it calls itself", () => {
  const navigator = { userAgent: "Cloudflare-Workers" };
  assertEquals(runtimeName({ navigator }), "this runtime (Cloudflare-Workers)");
  const process = { release: { name: "node" } };
  assertEquals(runtimeName({ process }), "this runtime (node)");
  assertEquals(runtimeName({}), "this runtime");
});
