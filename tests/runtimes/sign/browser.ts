/**
 * `deno task test:browser`: a page without a secret, its handler and the strict fake, in
 * the browsers that are installed. Counts the round trips.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { s3Signing } from "../../../backends/s3/signing.ts";
import { signHandler } from "../../../ext/sign.ts";
import { Store } from "../../../mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { launchOn, type ProfiledBrowser, whyNot } from "../browsers.ts";
import { bundle } from "../bundle.ts";
import { callProgram, openPage } from "../session.ts";

const BROWSERS: readonly ProfiledBrowser[] = ["chromium", "firefox"];
const ONLY = Deno.args.filter((argument) => !argument.startsWith("--"));

/** Round trips by their kind. */
interface Trips {
  sign: number;
  preflight: number;
  service: number;
}

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "etag, content-range, date, x-amz-version-id, x-amz-checksum-crc64nvme",
};

function serveService(
  fake: FakeS3,
  trips: Trips,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      if (request.method === "OPTIONS") {
        trips.preflight++;
        return new Response(null, {
          headers: {
            ...CORS,
            "access-control-allow-methods": "GET, HEAD, PUT, POST, DELETE",
            "access-control-allow-headers":
              request.headers.get("access-control-request-headers") ?? "",
            "access-control-max-age": "600",
          },
        });
      }
      trips.service++;
      const answer = await fake.handle(request);
      for (const [name, value] of Object.entries(CORS)) {
        answer.headers.set(name, value);
      }
      return answer;
    },
  );
}

function serveApp(
  script: string,
  endpoint: string,
  complete: "page" | "here",
  trips: Trips,
  fake: FakeS3,
): Deno.HttpServer<Deno.NetAddr> {
  const sign = signHandler({
    store: new Store({
      backend: new S3Backend({
        bucket: "bucket",
        endpoint,
        dialect: "aws",
        credentials: ACCOUNT,
        // What the handler sends is no round trip of the page's.
        fetch: fake.fetch,
      }),
    }),
    signing: s3Signing,
    root: "users/42",
    authorize: () => true,
    complete,
  });
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/sign") {
        if (request.method !== "GET") trips.sign++;
        return await sign(request);
      }
      return pathname === "/page.js"
        ? new Response(script, {
          headers: { "content-type": "text/javascript" },
        })
        : new Response(
          `<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>`,
          { headers: { "content-type": "text/html" } },
        );
    },
  );
}

const script = await bundle("tests/runtimes/sign/page.ts");
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
          const trips: Trips = { sign: 0, preflight: 0, service: 0 };
          const fake = new FakeS3();
          fake.bucket.put("users/42/a.txt", new Uint8Array([97, 98]), {});
          const service = serveService(fake, trips);
          const endpoint = `http://127.0.0.1:${service.addr.port}`;
          const app = serveApp(script, endpoint, complete, trips, fake);
          const page = await openPage(
            context,
            `http://127.0.0.1:${app.addr.port}/`,
          );
          const count = async (program: string, argument: unknown = null) => {
            Object.assign(trips, { sign: 0, preflight: 0, service: 0 });
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
          await Promise.all([service.shutdown(), app.shutdown()]);
        }
      } finally {
        await context.close();
        await Deno.remove(folder, { recursive: true }).catch(() => {});
      }
    },
  });
}
