/**
 * A consumer's folder as a page in a real browser.
 *
 * @module
 */
import { installPackages } from "../../servers/npm.ts";
import { type Context, launch, whyNot } from "../../runtimes/browsers.ts";
import { callProgram, openPage } from "../../runtimes/session.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
  json: "application/json",
};

/** A folder that is served until it is closed. */
export interface Served extends AsyncDisposable {
  /** Where its files are, without a slash at the end. */
  readonly origin: string;
}

/** Serves the files of a folder on loopback, pages without their `.html` too. */
export function serveFolder(folder: string): Served {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async ({ url }) => {
      const path = decodeURIComponent(new URL(url).pathname);
      const asked = path.endsWith("/") ? `${path}index.html` : path;
      for (const name of [asked, `${asked}.html`]) {
        const bytes = await Deno.readFile(folder + name).catch(() => null);
        if (bytes === null) continue;
        const type = TYPES[name.split(".").at(-1) ?? ""] ?? "text/plain";
        return new Response(bytes, {
          headers: { "content-type": `${type}; charset=utf-8` },
        });
      }
      return new Response(null, { status: 404 });
    },
  );
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Opens Chromium for some work; where there is none, that is an error. */
export async function inChromium<T>(
  work: (context: Context) => Promise<T>,
): Promise<T> {
  await installPackages("tests/runtimes");
  const why = await whyNot("chromium");
  if (why !== null) throw new Error(`no browser: ${why}`);
  const browser = await launch("chromium");
  try {
    return await work(await browser.newContext());
  } finally {
    await browser.close();
  }
}

/** Runs the consumer's program in a page that loads its modules as they are. */
export async function runInPage(folder: string): Promise<string> {
  await using served = serveFolder(folder);
  return await inChromium(async (context) => {
    const page = await openPage(context, `${served.origin}/`);
    const passed = await callProgram<number>(page, "run");
    return `${passed} tests of the contract passed`;
  });
}
