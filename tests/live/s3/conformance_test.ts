import { assertEquals } from "@std/assert";
import { type ConformanceReport, testBackend } from "../../conformance/mod.ts";
import { createStore, DIALECT } from "./server.ts";

await testBackend(`s3 on ${DIALECT}`, {
  test: Deno.test,
  create: () => createStore(),
  namespace: "flat",
  closeIsTerminal: true,
  report(report: ConformanceReport) {
    assertEquals(report.failed, 0);
    assertEquals(report.skipped, 0);
  },
});
