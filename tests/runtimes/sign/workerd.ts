/**
 * `deno task test:workerd`: the contract over a page without a secret whose handler is a
 * Worker, and the strict fake.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { report } from "../contract.ts";
import { serveHandler, startService } from "./services.ts";
import { runSuite } from "./suite.ts";

Deno.test({
  name: "PAGE-015 the contract holds before a handler in workerd",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using service = await startService("fake", "here");
    await using handler = await serveHandler("workerd", service.told);
    const outcome = await runSuite({ sign: handler.told });
    console.log(report("a handler in workerd", outcome));
    assertEquals([outcome.failed, outcome.skips], [[], []]);
  },
});
