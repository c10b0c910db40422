import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isRemoteStoreError, Store } from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { checkSequences } from "./sequences.ts";

/** A new one each time, printed, so that a failure can be run again. */
const SEED = Date.now() % 2 ** 31;

Deno.test(`Memory differs from the model in none of 10,000 sequences (seed ${SEED})`, async () => {
  await checkSequences(10_000, SEED);
});

/** An operation started without waiting for those before it. */
const operation = fc.tuple(
  fc.constantFrom(
    "write",
    "stream",
    "delete",
    "move",
    "copy",
    "deleteFolder",
    "list",
  ),
  fc.constantFrom("a", "b", "a/a", "a/b", "b/a"),
  fc.constantFrom("a", "b", "a/a", "a/b", "b/a"),
  fc.boolean(),
);

Deno.test(`Memory keeps its invariants under 2,000 concurrent schedules (seed ${SEED})`, async () => {
  const property = fc.asyncProperty(
    fc.array(operation, { maxLength: 16 }),
    async (operations) => {
      const store = new Store({ backend: new MemoryBackend() });
      const written = new Set<string>();
      const running = operations.map(async ([what, path, other, flag], i) => {
        const text = `${i}-`.repeat(9);
        written.add(text);
        const options = { overwrite: flag };
        if (what === "write") await store.write(path, text, options);
        if (what === "stream") {
          await store.write(path, new Blob([text]), options);
        }
        if (what === "delete") {
          await store.delete(path);
        }
        if (what === "move") await store.move(path, other, options);
        if (what === "copy") await store.copy(path, other, options);
        if (what === "deleteFolder") {
          await store.deleteFolder(path, { recursive: flag });
        }
        if (what === "list") {
          await Array.fromAsync(store.listFiles("", { recursive: true }));
        }
      });
      for (const result of await Promise.allSettled(running)) {
        // Whoever loses a race is told so in our words.
        if (
          result.status === "rejected" && !isRemoteStoreError(result.reason)
        ) throw result.reason;
      }
      const files = await Array.fromAsync(
        store.listFiles("", { recursive: true }),
      );
      const folders = await Array.fromAsync(
        store.listFolders("", { maxDepth: 9 }),
      );
      const names = [...files, ...folders].map((one) => one.path);
      assertEquals(
        new Set(names).size,
        names.length,
        "no path is both, none comes twice",
      );
      for (const file of files) {
        assert(
          written.has(await store.readText(file.path)),
          "no content is torn",
        );
        const above = file.path.includes("/")
          ? file.path.slice(0, file.path.lastIndexOf("/"))
          : "";
        assert(
          await store.isFolder(above),
          "no file is below a file or below nothing",
        );
      }
      assertEquals((await store.getFolderInfo("")).fileCount, files.length);
    },
  );
  await fc.assert(property, { numRuns: 2_000, seed: SEED });
});
