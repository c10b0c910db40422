/**
 * `deno task test:browser`: a page without a secret, its handler and the strict fake, in
 * the browsers that are installed. Counts the round trips.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { report } from "../contract.ts";
import { launchOn, type ProfiledBrowser, whyNot } from "../browsers.ts";
import { bundle } from "../bundle.ts";
import { callProgram, openPage } from "../session.ts";
import { runInPage } from "./cells.ts";
import { NO_TRIPS, serveApp, serveFake, type Trips } from "./serving.ts";
import { serveHandler, startService } from "./services.ts";

const BROWSERS: readonly ProfiledBrowser[] = ["chromium", "firefox"];
const ONLY = Deno.args.filter((argument) => !argument.startsWith("--"));

const script = await bundle("tests/runtimes/sign/page.ts");
const suite = await bundle("tests/runtimes/sign/suite.ts");
for (const name of BROWSERS) {
  if (ONLY.length > 0 && !ONLY.includes(name)) continue;
  const why = await whyNot(name);
  Deno.test({
    name: `PAGE-013 a page of ${name} has a store without a secret${
      why === null ? "" : `: ${why}`
    }`,
    ignore: why !== null,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      assert(!script.includes("AWS4-HMAC"), "the page can sign");
      const folder = await Deno.makeTempDir();
      const context = await launchOn(name, folder);
      try {
        for (const complete of ["page", "here"] as const) {
          const trips: Trips = { ...NO_TRIPS };
          const fake = new FakeS3();
          fake.bucket.put("users/42/a.txt", new Uint8Array([97, 98]), {});
          await using service = serveFake(fake, { trips });
          const endpoint = service.told;
          const app = serveApp(script, endpoint, complete, trips, fake);
          const page = await openPage(
            context,
            `http://127.0.0.1:${app.addr.port}/`,
          );
          const count = async (program: string, argument: unknown = null) => {
            Object.assign(trips, NO_TRIPS);
            const result = await callProgram(page, program, argument);
            return { result, ...trips };
          };
          const looked = await count("look");
          assertEquals(looked.result, "ab 2 1 1");
          assertEquals(looked.preflight, 0, "a read has a preflight");
          const changed = await count("change");
          assertEquals(changed.result, "AlreadyExists InvalidPath false");
          for (const [part, most] of [[8, 31], [16, 19]] as const) {
            const sent = await count("upload", { size: 100, part });
            assertEquals(sent.result, 100 * 2 ** 20);
            const all = sent.sign + sent.preflight + sent.service;
            console.log(
              `# ${name}, ends: ${complete}, 100 MiB by ${part} MiB: ${all} = ${sent.sign} sign + ${sent.preflight} preflight + ${sent.service} service`,
            );
            if (name === "chromium") assert(all <= most, `${all}`);
          }
          await page.close();
          await app.shutdown();
        }
      } finally {
        await context.close();
        await Deno.remove(folder, { recursive: true }).catch(() => {});
      }
    },
  });
  Deno.test({
    name: `PAGE-015 the contract holds in ${name} before a handler${
      why === null ? "" : `: ${why}`
    }`,
    ignore: why !== null,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using service = await startService("fake", "page");
      await using handler = await serveHandler("deno", service.told);
      const outcome = await runInPage(name, suite, { sign: handler.told });
      console.log(report(name, outcome));
      assertEquals([outcome.failed, outcome.skips], [[], []]);
    },
  });
}
