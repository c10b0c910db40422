/**
 * `deno task test:browser`: the page of docs/pages-without-secrets.md as it stands there,
 * in the browsers that are installed, and a form; over the strict fake at another origin.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { presign, S3Backend } from "../../../backends/s3/mod.ts";
import { Store } from "../../../mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { launchOn, type ProfiledBrowser, whyNot } from "../browsers.ts";

const BROWSERS: readonly ProfiledBrowser[] = ["chromium", "firefox"];
const ONLY = Deno.args.filter((argument) => !argument.startsWith("--"));
const LOOPBACK = { hostname: "127.0.0.1", port: 0, onListen: () => {} };

const pages = await Deno.readTextFile("docs/pages-without-secrets.md");
const [, PAGE] = /```html\n([^]*?)```/.exec(pages) ?? [];

/** Serves the bucket to pages of any origin. */
function serveBucket(fake: FakeS3): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(LOOPBACK, async (request) => {
    const answer = request.method === "OPTIONS"
      ? new Response(null)
      : await fake.handle(request);
    const wanted = request.headers.get("access-control-request-headers");
    answer.headers.set("access-control-allow-origin", "*");
    answer.headers.set("access-control-allow-methods", "GET, PUT, POST");
    answer.headers.set("access-control-allow-headers", wanted ?? "");
    return answer;
  });
}

/** Serves the page, and what it asks for. */
function serveApp(store: Store): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(LOOPBACK, async (request) => {
    if (request.method === "GET") {
      return new Response(`<!doctype html><meta charset="utf-8">${PAGE}`, {
        headers: { "content-type": "text/html" },
      });
    }
    const { type, size, form } = await request.json();
    const limits = form
      ? { method: "POST", overwrite: true, contentLength: { max: 4 } } as const
      : { method: "PUT", contentLength: size } as const;
    return Response.json(
      await presign(store, form ? "form.png" : "tom.png", {
        ...limits,
        contentType: type,
      }),
    );
  });
}

for (const name of BROWSERS) {
  if (ONLY.length > 0 && !ONLY.includes(name)) continue;
  const why = await whyNot(name);
  Deno.test({
    name: `PRESIGN-010 a page of ${name} without this library uploads a file${
      why === null ? "" : `: ${why}`
    }`,
    ignore: why !== null,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      assert(PAGE?.includes("/grant"), "the page has no page");
      const fake = new FakeS3();
      const bucket = serveBucket(fake);
      const store = new Store({
        backend: new S3Backend({
          bucket: "bucket",
          endpoint: `http://127.0.0.1:${bucket.addr.port}`,
          dialect: "aws",
          credentials: ACCOUNT,
        }),
        root: "users/42",
      });
      const app = serveApp(store);
      const folder = await Deno.makeTempDir();
      const context = await launchOn(name, folder);
      try {
        const file = `${folder}/tom.png`;
        await Deno.writeTextFile(file, "not really one");
        const page = await context.newPage();
        const upload = async () => {
          await page.goto(`http://127.0.0.1:${app.addr.port}/`);
          await page.setInputFiles("input", file);
          await page.waitForFunction(
            () => document.querySelector("input") === null,
            null,
            { timeout: 60_000 },
          );
          return await page.evaluate(
            () => document.body.innerText.trim(),
            null,
          );
        };
        assertEquals(await upload(), "uploaded");
        assertEquals(await store.readText("tom.png"), "not really one");
        const { contentType } = await store.getFileInfo("tom.png");
        assertEquals(contentType, "image/png");
        assertEquals(await upload(), "refused: 412");
        const post = (content: string) =>
          page.evaluate(async (content: string) => {
            const asked = JSON.stringify({ type: "image/png", form: true });
            const granted = await fetch("/grant", {
              method: "POST",
              body: asked,
            });
            const { url, method, fields } = await granted.json();
            const form = new FormData();
            for (const [name, value] of Object.entries(fields)) {
              form.set(name, value as string);
            }
            form.set("file", new Blob([content]));
            return (await fetch(url, { method, body: form })).status;
          }, content);
        assertEquals([await post("12345"), await post("1234")], [400, 204]);
        assertEquals(await store.readText("form.png"), "1234");
      } finally {
        await context.close();
        await Promise.all([bucket.shutdown(), app.shutdown()]);
        await Deno.remove(folder, { recursive: true }).catch(() => {});
      }
    },
  });
}
