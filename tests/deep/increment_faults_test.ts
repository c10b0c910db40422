/**
 * The counter of docs/reading-and-writing.md under faults: it never says less than
 * happened, and never more than may have happened.
 */
import { assert, assertEquals } from "@std/assert";
import { isRemoteStoreError, type Store, type WriteResult } from "../../mod.ts";
import { dropped, FaultyFetch, lost, seeded } from "../conformance/faults.ts";
import { azureWorld } from "./faults_azure.ts";
import { s3World } from "./faults_s3.ts";
import { VirtualTime } from "./faults_time.ts";
import type { World, WorldOf } from "./faults_world.ts";

const ROUNDS = 1000;
const WRITERS = 2;
const RATE = 0.15;

/** As the page has it. */
async function increment(store: Store): Promise<WriteResult> {
  for (;;) {
    const { etag } = await store.getFileInfo("counter");
    const ifMatch = etag ?? undefined;
    try {
      const count = Number(await store.readText("counter", { ifMatch }));
      return await store.write("counter", String(count + 1), { ifMatch });
    } catch (error) {
      const raced = isRemoteStoreError(error) &&
        error.code === "PreconditionFailed";
      if (!raced) throw error;
    }
  }
}

/** What came of all rounds. */
interface Tally {
  resolved: number;
  inDoubt: number;
  failed: number;
}

async function count(world: World, tally: Tally): Promise<string> {
  const lines: FaultyFetch[] = [];
  const stores = Array.from({ length: WRITERS }, (_, writer) => {
    const { store } = world.connect({
      seed: writer,
      rate: 0,
      latency: 0,
      onRequest: () => {},
      record: () => {},
      interfere: () => Promise.resolve(),
      serve: (url, init, { number }) => {
        // One fault more on the way, and the only one.
        const line = lines[writer];
        assert(line !== undefined, `request ${number} came too early`);
        return line.fetch(url, init);
      },
    });
    lines.push(
      new FaultyFetch({
        fetch: (url, init) =>
          world.fetch?.(url, init) ?? Promise.reject(new TypeError("no way")),
        faults: [lost, dropped],
        rate: RATE,
        seed: writer + 1,
        latency: 5,
      }),
    );
    return store;
  });
  await stores[0]?.write("counter", "0", { overwrite: true });
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(stores.map(async (store) => {
      try {
        await increment(store);
        tally.resolved++;
      } catch (error) {
        assert(isRemoteStoreError(error), String(error));
        assertEquals(error.code, "BackendUnavailable", String(error));
        const doubtful = error.code === "BackendUnavailable" && error.inDoubt;
        if (doubtful) tally.inDoubt++;
        else tally.failed++;
      }
    }));
  }
  const faults = lines.flatMap(({ log }) => log)
    .filter(({ fault }) => fault !== null);
  assert(faults.length > ROUNDS / 2, `only ${faults.length} faults`);
  for (const line of lines) line.rate = 0;
  return await stores[0]?.readText("counter") ?? "";
}

async function check(name: string, worldOf: WorldOf): Promise<void> {
  const began = performance.now();
  const time = new VirtualTime(1);
  const restore = time.install();
  const tally: Tally = { resolved: 0, inDoubt: 0, failed: 0 };
  let counter: number;
  try {
    const world = worldOf(seeded(1));
    counter = Number(await time.run(count(world, tally), 1));
  } finally {
    restore();
  }
  const { resolved, inDoubt, failed } = tally;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `${name}: ${resolved} resolved, the counter is ${counter}, ${inDoubt} in doubt, ${failed} failed, ${seconds} s`,
  );
  assertEquals(resolved + inDoubt + failed, ROUNDS * WRITERS);
  assert(resolved <= counter, "an increment that resolved is not there");
  assert(counter <= resolved + inDoubt, "more happened than was told");
}

Deno.test("FAULT-015: two counters on S3: resolved ≤ counter ≤ resolved and in doubt", async () => {
  await check("S3", s3World);
});

Deno.test("FAULT-015: two counters on Azure: resolved ≤ counter ≤ resolved and in doubt", async () => {
  await check("Azure", azureWorld);
});
