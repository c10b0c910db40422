import { azureWorld } from "./faults_azure.ts";
import { testSchedules } from "./faults_run.ts";

testSchedules(
  "azure",
  "FAULT-011: Azure under faults: what is told is so",
  azureWorld,
);
