import { assertEquals } from "@std/assert";
import { type ConformanceReport, testBackend } from "../conformance/mod.ts";
import { azurePage } from "./sign_azure_fixture.ts";
import { scene } from "./sign_fixture.ts";

// All of the contract takes half a minute: it is in tests/deep.
const ENDS = ["WR-001", "AW-003", "AW-004"];
// What Azure can do of them; see tests/backends/azure/skips.ts.
const UPLOADS = [1, 2, 3, 4, 5, 6, 8].map((n) => `UPL-00${n}`);
const SOME = [
  ...ENDS,
  "SIO-001",
  "ABSENT-001",
  "BE-014",
  "BE-020",
  "CAS-001",
  "LIST-001",
  "MANY-001",
];

const pages = {
  "s3, a page that a handler signs for": [() => scene().store, SOME],
  "s3, a page whose uploads the handler ends": [
    () => scene({ handler: { complete: "here" } }).store,
    [...ENDS, "UPL"],
  ],
  "azure, a page that a handler signs for": [() => azurePage("page"), SOME],
  "azure, a page whose uploads the handler ends": [
    () => azurePage("here"),
    [...ENDS, ...UPLOADS],
  ],
} as const;

for (const [name, [create, only]] of Object.entries(pages)) {
  await testBackend(name, {
    test: Deno.test,
    create,
    namespace: "flat",
    closeIsTerminal: true,
    only,
    report: (report: ConformanceReport) => assertEquals(report.failed, 0),
  });
}
