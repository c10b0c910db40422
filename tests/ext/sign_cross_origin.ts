/**
 * Pure: asks a handler as a browser does for a page of another origin, with a preflight, and
 * fails where an answer has a field that the page does not get to see.
 *
 * @module
 */
import { SAFE_FIELDS } from "./safelisted.ts";

/** The origin of the page. */
export const PAGE_ORIGIN = "https://page.example.com";

/** What needs no leave, by the Fetch standard. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST"]);

const FOR_BROWSERS = /^(?:access-control-.*|vary|x-content-type-options)$/;

/** Returns a `fetch` of a page on {@linkcode PAGE_ORIGIN}; what CORS forbids is a dead network. */
export function crossOrigin(
  sign: (request: Request) => Promise<Response>,
): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const request = new Request(url, { redirect: "manual", ...init });
    const { method } = request;
    const fields = [...request.headers.keys()].join();
    request.headers.set("origin", PAGE_ORIGIN);
    // A handler takes nothing without a field that each browser asks about first.
    const allowed = await sign(
      new Request(url, {
        method: "OPTIONS",
        headers: {
          origin: PAGE_ORIGIN,
          "access-control-request-method": method,
          "access-control-request-headers": fields,
        },
      }),
    );
    const names = listOf(allowed, "access-control-allow-headers");
    const isAllowed = allowed.ok &&
      (SAFE_METHODS.has(method) ||
        listOf(allowed, "access-control-allow-methods").includes(method)) &&
      fields.split(",").every((name) => names.includes(name));
    if (!isAllowed) throw new TypeError("Failed to fetch");
    const response = await sign(request);
    const to = response.headers.get("access-control-allow-origin");
    if (to !== PAGE_ORIGIN) throw new TypeError("Failed to fetch");
    const exposed = listOf(response, "access-control-expose-headers");
    for (const [name] of response.headers) {
      if (SAFE_FIELDS.has(name) || exposed.includes(name)) continue;
      if (!FOR_BROWSERS.test(name)) throw new Error(`no page sees ${name}`);
    }
    return response;
  };
}

function listOf({ headers }: Response, name: string): string[] {
  return (headers.get(name) ?? "").split(",").map((one) => one.trim());
}
