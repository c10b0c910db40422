import { assertEquals } from "@std/assert";
import { S3Backend, type S3Options } from "../../../backends/s3/mod.ts";
import { RetryPolicy, Store } from "../../../mod.ts";
import {
  type ConformanceReport,
  type Skip,
  testBackend,
} from "../../conformance/mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";

function report(report: ConformanceReport): void {
  assertEquals(report.failed, 0);
}

function open(fake: FakeS3, options: Partial<S3Options>, strict = false) {
  const backend = new S3Backend({
    bucket: "bucket",
    endpoint: "http://s3.test",
    credentials: ACCOUNT,
    fetch: fake.fetch,
    retry: RetryPolicy.disabled(),
    ...options,
  });
  return new Store({ backend, strictFolders: strict });
}

let fake = new FakeS3();

await testBackend("s3, all of it", {
  test: Deno.test,
  create: () => open(fake = new FakeS3(), { dialect: "aws" }),
  // deno-lint-ignore require-await -- what fails has to reject
  async foreign(_store, name) {
    fake.bucket.put(name, new Uint8Array(0), {});
  },
  absent: () => open(new FakeS3(), { dialect: "aws", bucket: "gone" }),
  namespace: "flat",
  closeIsTerminal: true,
  report,
});

// A service that says nothing of itself, and ignores what it does not know.
const RACES: readonly Skip[] = [];

await testBackend("s3, a service that ignores conditions", {
  test: Deno.test,
  create: () => open(new FakeS3({ ignoresConditions: true }), {}),
  namespace: "flat",
  closeIsTerminal: true,
  only: ["WR-001", "BE-008", "BE-010", "AW-003", "BE-018", "BE-019"],
  skip: RACES,
  report,
});
