import { s3World } from "./faults_s3.ts";
import { testSchedules } from "./faults_run.ts";

testSchedules("s3", "FAULT-010: S3 under faults: what is told is so", s3World);
