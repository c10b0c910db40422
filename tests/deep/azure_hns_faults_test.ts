import { dataLakeWorld } from "./faults_azure.ts";
import { testSchedules } from "./faults_run.ts";

testSchedules(
  "datalake",
  "FAULT-012: Azure with real folders under faults: what is told is so",
  dataLakeWorld,
);
