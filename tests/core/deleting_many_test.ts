import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
  isRemoteStoreError,
  PermissionDeniedError,
  Store,
} from "../../mod.ts";
import { FailingBackend } from "../fakes/failing_backend.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { fixture, NAMESPACES } from "./every_method.ts";
import { inTime } from "../in_time.ts";

const BOTH = ["data/a.txt", "other.txt"];

/** What failed, as path and code. */
function codesOf(failed: ReadonlyMap<string, unknown>): Record<string, string> {
  const codes: Record<string, string> = {};
  for (const [path, error] of failed) {
    assert(isRemoteStoreError(error), Deno.inspect(error));
    assertEquals(error.backend, "failing");
    assert(error.path !== null);
    codes[path] = error.code;
  }
  return codes;
}

for (const namespace of NAMESPACES) {
  for (const bulk of [true, false]) {
    const title = `on a ${namespace} backend${bulk ? " with bulk delete" : ""}`;
    if (bulk && namespace === "hierarchical") continue;

    Deno.test(`deleteMany() deletes the files and nothing else ${title}`, async () => {
      const { store } = await fixture({ namespace, bulk });
      assertEquals([...await store.deleteMany(BOTH)], []);
      assertEquals((await store.getFolderInfo("")).fileCount, 2);
      assertEquals([...await store.deleteMany([])], []);
      assertEquals(
        [...await store.deleteMany(new Set(["data/sub/b.txt"]))],
        [],
      );
      assertEquals((await store.getFolderInfo("")).fileCount, 1);
    });

    Deno.test(`deleteMany() tells what was absent, or a folder, by the path as passed ${title}`, async () => {
      const { store } = await fixture({ namespace, bulk });
      const paths = ["/data//a.txt", "missing", "data/sub"];
      const failed = codesOf(await store.deleteMany(paths));
      assertEquals(failed, { missing: "NotFound", "data/sub": "InvalidPath" });
      assertEquals((await store.getFolderInfo("")).fileCount, 3);
    });

    Deno.test(`deleteMany() with missingOk forgives what is absent ${title}`, async () => {
      const { store } = await fixture({ namespace, bulk });
      const paths = ["data/a.txt", "missing"];
      assertEquals([...await store.deleteMany(paths, { missingOk: true })], []);
      assertEquals(await store.exists("data/a.txt"), false);
    });

    Deno.test(`deleteMany() tells a bad path like any other failure ${title}`, async () => {
      const { store } = await fixture({ namespace, bulk });
      const failed = await store.deleteMany(["data/a.txt", "..", "", "./"]);
      assertEquals(codesOf(failed), {
        "..": "InvalidPath",
        "": "InvalidPath",
        "./": "InvalidPath",
      });
      assertEquals((await store.getFolderInfo("")).fileCount, 3);
    });

    Deno.test(`deleteMany() with an aborted signal asks nothing ${title}`, async () => {
      const { store, backend } = await fixture({ namespace, bulk });
      for (const reason of ["stop", null]) {
        const signal = AbortSignal.abort(reason);
        const outcome = await store.deleteMany(BOTH, { signal })
          .then(() => "resolved", (error) => [error]);
        assertEquals(outcome, [reason]);
      }
      assertEquals(backend.calls, []);
    });

    Deno.test(`deleteMany() ends with the reason where it hangs ${title}`, async () => {
      const { store, backend } = await fixture({ namespace, bulk });
      const controller = new AbortController();
      const { signal } = controller;
      backend.fail(bulk ? "deleteMany" : "delete", { hang: true });
      const run = store.deleteMany(BOTH, { signal, missingOk: true });
      setTimeout(() => controller.abort("stop"), 1);
      assertEquals(await run.then(() => "resolved", (error) => [error]), [
        "stop",
      ]);
      assertEquals(backend.late, []);
    });
  }
}

Deno.test("deleteMany() goes on after a failure and maps each one", async () => {
  const { store, backend } = await fixture({ namespace: "hierarchical" });
  backend.fail("delete", { reject: new PermissionDeniedError() }, 1);
  backend.fail("delete", { reject: new TypeError("reset") }, 2);
  const failed = await store.deleteMany([...BOTH, "data/sub/b.txt"]);
  const codes = Object.values(codesOf(failed)).sort();
  assertEquals(codes, ["PermissionDenied", "RemoteStoreError"]);
  assertEquals((await store.getFolderInfo("")).fileCount, 3);
});

Deno.test("deleteMany() in a child tells the child's paths", async () => {
  const { store } = await fixture({ namespace: "hierarchical" });
  const child = store.child("data");
  const failed = await child.deleteMany(["a.txt", "gone.txt"]);
  assertEquals(codesOf(failed), { "gone.txt": "NotFound" });
  const [error] = failed.values();
  assertEquals((error as { path: string }).path, "gone.txt");
});

Deno.test("deleteMany() needs DELETE, an open backend and a list of paths", async () => {
  const without = await fixture({ without: ["delete"] });
  await assertRejects(
    () => without.store.deleteMany(BOTH),
    CapabilityNotSupportedError,
  );
  assertEquals(without.backend.calls, []);
  const { store } = await fixture({ closeIsTerminal: true });
  await store.close();
  const error = await store.deleteMany(BOTH).catch((error) => error);
  assertEquals(error.code, "BackendUnavailable");
});

Deno.test("deleteMany() keeps few single deletes in flight", async () => {
  const backend = new FailingBackend({ namespace: "flat" });
  const seeder = new Store({ backend: backend.inner });
  const paths = Array.from({ length: 60 }, (_, i) => `d/${i}`);
  for (const path of paths) await seeder.write(path, "x");
  await new Store({ backend }).deleteMany(paths, { missingOk: true });
  assertEquals(backend.deletes.length, 60);
  assert(1 < backend.peak && backend.peak <= 8, `${backend.peak} at once`);
});

Deno.test("deleteMany() refuses a single string: its characters are paths too", async () => {
  const { store } = await fixture();
  await store.write("a", "x");
  await assertRejects(() => store.deleteMany("a"), InvalidArgumentError);
  assertEquals(await store.exists("a"), true);
});

Deno.test("deleteMany() tells every spelling of what has failed", async () => {
  const { store } = await fixture();
  const failed = codesOf(await store.deleteMany(["missing", "/missing"]));
  assertEquals(failed, { missing: "NotFound", "/missing": "NotFound" });
});

Deno.test("GROW-001 the same path given often costs no more than its work", async () => {
  const backend = new FlatBackend({ bulk: true });
  const store = new Store({ backend });
  const paths = new Array<string>(100_000).fill("missing");
  // Copied at each repeat, it took a minute.
  await inTime(2000, async () => {
    const failed = await store.deleteMany(paths);
    assertEquals([...failed.keys()], ["missing"]);
  });
  const spelled = await store.deleteMany(["a", "/a", "a/", "a", "/a"]);
  assertEquals([...spelled.keys()], ["a", "/a", "a/"]);
});
