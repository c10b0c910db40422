import { assert, assertEquals } from "@std/assert";
import { azureWorld, dataLakeWorld } from "./faults_azure.ts";
import { httpWorld } from "./faults_http.ts";
import { indexedDBWorld } from "./faults_indexeddb.ts";
import { s3World } from "./faults_s3.ts";
import { runSchedule } from "./faults_schedule.ts";
import type { WorldOf } from "./faults_world.ts";

const WORLDS: Readonly<Record<string, WorldOf>> = {
  s3: s3World,
  azure: azureWorld,
  datalake: dataLakeWorld,
  http: httpWorld,
  indexeddb: indexedDBWorld,
};

const SEEDS = 40;

for (const [name, worldOf] of Object.entries(WORLDS)) {
  Deno.test(`FAULT-009: a seed gives the same schedule again: ${name}`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const first = await runSchedule(worldOf, seed);
      const second = await runSchedule(worldOf, seed);
      assertEquals(first.story(), second.story(), `seed ${seed}`);
    }
  });
}

Deno.test("FAULT-009: schedules differ by their seeds, and are not all alike", async () => {
  const stories = new Set<string>();
  let quiet = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { story, faults } = await runSchedule(azureWorld, seed);
    stories.add(story());
    if (faults === 0) quiet++;
  }
  assertEquals(stories.size, SEEDS);
  assert(quiet > 0 && quiet < SEEDS / 2, `${quiet} without a fault`);
});
