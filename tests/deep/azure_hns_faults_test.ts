import { dataLakeWorld } from "./faults_azure.ts";
import { runSchedules, wantedOf } from "./faults_run.ts";

Deno.test("FAULT-012: Azure with real folders under faults: what is told is so", async () => {
  await runSchedules("Data Lake", dataLakeWorld, wantedOf(Deno.args, 300));
});
