import { assertEquals } from "@std/assert";
import { type ConformanceReport, testBackend } from "../../conformance/mod.ts";
import { createStore, DIALECT } from "./server.ts";
import { SKIPS } from "./skips.ts";

const skip = SKIPS[DIALECT] ?? [];

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
