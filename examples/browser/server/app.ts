/**
 * The server of the page: its files, a strict content security policy, a session, and one
 * handler that signs for each service. All that runs in a Worker as well: it speaks
 * `Request` and `Response` only.
 *
 * @module
 */
import { COOKIE, signerFor, type SigningOptions, visitorOf } from "./signer.ts";

/** Where files are kept, and the credentials for it. */
export interface FileService extends SigningOptions {
  /** How the page names it: `s3`. */
  readonly name: string;
  /** The origin that the page's requests go to. */
  readonly origin: string;
}

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

/** What the server is made of. */
export interface AppOptions {
  /** The services, the first one for a page that asks for none. */
  readonly services: readonly FileService[];
  /** The page's files by their path. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** What signs in place of this server, by the name of the service. */
  readonly elsewhere?: ReadonlyMap<string, Handler>;
}

/** Answers requests. */
export type Handler = (request: Request) => Promise<Response>;

/** Returns the handler of all requests. */
export function createApp(
  { services, assets, elsewhere }: AppOptions,
): Handler {
  const signers = new Map(services.map((service) => {
    const sign = elsewhere?.get(service.name) ?? signerFor(service);
    return [`/sign/${service.name}`, sign];
  }));
  const policy = policyFor(services.map(({ origin }) => origin));
  const offered = services.map(({ name }) => name);
  return async (request) => {
    const { pathname } = new URL(request.url);
    const sign = signers.get(pathname);
    if (sign !== undefined) return await sign(request);
    if (pathname === "/services") {
      return Response.json(offered, {
        headers: { "cache-control": "no-store" },
      });
    }
    const asset = assets.get(pathname);
    if (asset === undefined) return new Response("Not found", { status: 404 });
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response(null, {
        status: 405,
        headers: { allow: "GET, HEAD" },
      });
    }
    const headers = new Headers({ ...policy, "content-type": asset.type });
    if (pathname === "/" && visitorOf(request) === null) {
      // In production this is your session, and `secure` is set.
      headers.append(
        "set-cookie",
        `${COOKIE}=${crypto.randomUUID()}; path=/; max-age=604800; httponly; samesite=strict`,
      );
    }
    return new Response(request.method === "HEAD" ? null : asset.body, {
      headers,
    });
  };
}

/** Nothing inline, nothing from elsewhere but the files themselves, no HTML out of text. */
function policyFor(origins: readonly string[]): Record<string, string> {
  const files = origins.join(" ");
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${files}`,
    `img-src 'self' blob: ${files}`,
    `media-src blob: ${files}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types offline",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "x-content-type-options": "nosniff",
    // A signed link carries its right in its URL.
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
  };
}
