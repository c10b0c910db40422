import { indexedDBWorld } from "./faults_indexeddb.ts";
import { testSchedules } from "./faults_run.ts";

testSchedules(
  "indexeddb",
  "FAULT-014: IndexedDB under faults: what is told is so, and nothing is left over",
  indexedDBWorld,
);
