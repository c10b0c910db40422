import { assertEquals } from "@std/assert";
import { type ConformanceReport, testBackend } from "../../conformance/mod.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { Store } from "../../../mod.ts";
import {
  createBucket,
  createStore,
  DIALECT,
  optionsFor,
  versionBucket,
} from "./server.ts";
import { OF_VERSIONS, skipsOf } from "./skips.ts";

const skip = skipsOf(DIALECT);

await testBackend(`s3 on ${DIALECT}`, {
  test: Deno.test,
  create: () => createStore(),
  namespace: "flat",
  closeIsTerminal: true,
  skip,
  report(report: ConformanceReport) {
    for (const { test, reason } of report.skips) {
      console.log(`skipped ${test}: ${reason}`);
    }
    assertEquals(report.failed, 0);
    assertEquals(report.skips.length, skip.length);
  },
});

let versioned: Promise<string> | undefined;
let roots = 0;

async function createVersioned(): Promise<string> {
  const bucket = await createBucket();
  await versionBucket(bucket);
  return bucket;
}

if (DIALECT === "ceph") {
  await testBackend("s3 on ceph, with versions", {
    test: Deno.test,
    async create() {
      const bucket = await (versioned ??= createVersioned());
      const backend = new S3Backend(optionsFor(bucket));
      return new Store({ backend, root: `root-${roots++}` });
    },
    namespace: "flat",
    closeIsTerminal: true,
    only: OF_VERSIONS,
    report: ({ failed }) => assertEquals(failed, 0),
  });
}
