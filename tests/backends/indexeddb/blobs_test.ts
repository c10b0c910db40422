import { assertEquals, assertRejects } from "@std/assert";
import { keepsBlobs, requireBytes } from "../../../backends/indexeddb/blobs.ts";
import { Database } from "../../../backends/indexeddb/database.ts";
import { Leases } from "../../../backends/indexeddb/leases.ts";
import { QuotaExceededError } from "../../../mod.ts";
import { imitate, keysOf, newDatabase } from "./imitation.ts";

Deno.test("IDB an engine that gives Blobs back keeps them, and nothing is left of the trial", async () => {
  const database = newDatabase();
  const leases = new Leases(database, () => undefined);
  assertEquals(await keepsBlobs(database, leases), true);
  assertEquals(await keysOf(database), []);
  await database.close();
});

/** Safari in a private session refuses; older engines give back something else. */
const REFUSALS: Readonly<Record<string, (value: unknown) => unknown>> = {
  refuses: () => {
    throw new DOMException("Error preparing Blob/File data", "UnknownError");
  },
  forgets: () => ({}),
  empties: () => new Blob([]),
};

for (const [what, change] of Object.entries(REFUSALS)) {
  Deno.test(`IDB an engine that ${what} Blobs is given rows of bytes`, async () => {
    const scope = imitate();
    class Engine extends Database {
      override run: Database["run"] = (mode, work, options) =>
        super.run(mode, (transaction, again) => {
          const own = transaction.put.bind(transaction);
          transaction.put = (value, key) =>
            own(value instanceof Blob ? change(value) : value, key);
          return work(transaction, again);
        }, options);
    }
    const database = new Engine("remote-store", "files", () => scope);
    const leases = new Leases(database, () => undefined);
    assertEquals(await keepsBlobs(database, leases), false);
    assertEquals(await keysOf(database), []);
    await database.close();
  });
}

Deno.test("IDB a Blob that nobody can read is a full store", async () => {
  await requireBytes(new Blob(["A"]));
  class Broken extends Blob {
    override slice(): Blob {
      const slice = new Blob();
      slice.arrayBuffer = () =>
        Promise.reject(new DOMException("", "NotReadableError"));
      return slice;
    }
  }
  await assertRejects(() => requireBytes(new Broken()), QuotaExceededError);
});

Deno.test("IDB-002 an engine that hangs where a Blob comes behind another request is tried by a Blob alone", async () => {
  const scope = imitate();
  class Engine extends Database {
    override run: Database["run"] = (mode, work, options) =>
      super.run(mode, async (transaction, again) => {
        const own = transaction.put.bind(transaction);
        let puts = 0;
        let hangs = false;
        transaction.put = (value, key) => {
          if (value instanceof Blob) {
            hangs = puts > 0;
            throw new DOMException("Error preparing Blob data", "UnknownError");
          }
          puts++;
          own(value, key);
        };
        try {
          return await work(transaction, again);
        } catch (error) {
          if (hangs) await new Promise(() => {});
          throw error;
        }
      }, options);
  }
  const database = new Engine("remote-store", "files", () => scope);
  const leases = new Leases(database, () => undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("it hangs"), 60_000);
  });
  assertEquals(await Promise.race([keepsBlobs(database, leases), late]), false);
  clearTimeout(timer);
  assertEquals(await keysOf(database), []);
  await database.close();
});
