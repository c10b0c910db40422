import { runSchedules, wantedOf } from "./faults_run.ts";
import { s3World } from "./faults_s3.ts";

Deno.test("FAULT-010: S3 under faults: what is told is so", async () => {
  await runSchedules("S3", s3World, wantedOf(Deno.args, 300));
});
