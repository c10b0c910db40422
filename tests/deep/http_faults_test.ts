import { httpWorld } from "./faults_http.ts";
import { testSchedules } from "./faults_run.ts";

testSchedules(
  "http",
  "FAULT-013: HTTP under faults: what is read is one version, whole",
  httpWorld,
);
