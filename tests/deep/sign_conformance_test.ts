import { assertEquals } from "@std/assert";
import { type ConformanceReport, testBackend } from "../conformance/mod.ts";
import { FakeS3 } from "../fakes/s3/service.ts";
import { ROOT, scene } from "../ext/sign_fixture.ts";

function report(report: ConformanceReport): void {
  assertEquals(report.failed, 0);
}

let fake = new FakeS3();

await testBackend("s3, a page that a handler signs for", {
  test: Deno.test,
  create: () => scene({ fake: fake = new FakeS3() }).store,
  // deno-lint-ignore require-await -- what fails has to reject
  async foreign(_store, name) {
    fake.bucket.put(`${ROOT}/${name}`, new Uint8Array(0), {});
  },
  namespace: "flat",
  closeIsTerminal: true,
  report,
});
