/**
 * Pages on loopback, each an HTML file that loads one script.
 *
 * @module
 */

/** A server that runs until it is closed. */
export interface PageServer extends AsyncDisposable {
  /** Where the pages are, without a slash at the end. */
  readonly origin: string;
}

/** Serves each script by its name: the page at `/name`, the script at `/name.js`. */
export function servePages(
  scripts: Readonly<Record<string, string>>,
): PageServer {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const name = new URL(request.url).pathname.slice(1);
      const script = scripts[name.replace(/\.js$/, "")];
      if (script === undefined) return new Response(null, { status: 404 });
      return name.endsWith(".js")
        ? answer("text/javascript", script)
        : answer("text/html", page(name));
    },
  );
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function page(name: string): string {
  return `<!doctype html><meta charset="utf-8"><title>${name}</title>` +
    `<script type="module" src="/${name}.js"></script>`;
}

function answer(type: string, body: string): Response {
  return new Response(body, {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "cache-control": "no-store",
    },
  });
}
