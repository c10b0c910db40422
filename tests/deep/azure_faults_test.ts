import { azureWorld } from "./faults_azure.ts";
import { runSchedules, wantedOf } from "./faults_run.ts";

Deno.test("FAULT-011: Azure under faults: what is told is so", async () => {
  await runSchedules("Azure", azureWorld, wantedOf(Deno.args, 300));
});
