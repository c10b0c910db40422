// This module is browser compatible.
import { InvalidArgumentError } from "../../mod.ts";
import { Refusal } from "./refusals.ts";

/** The field that no form and no plain link sends, so that browsers ask before they do. */
export const MARK = "x-remote-store";

/** The field of a request that the handler itself is to send on. */
export const RUN = "x-remote-store-run";

/** Who may ask. */
export class Visitors {
  readonly #origins: ReadonlySet<string>;

  /** @throws {InvalidArgumentError} If an origin is none, as browsers write it. */
  constructor(origins: readonly string[]) {
    for (const origin of origins) requireOrigin(origin);
    this.#origins = new Set(origins);
  }

  /**
   * Refuses what another site's page may have sent in the name of whoever looks at it.
   *
   * @throws {Refusal} With 403.
   */
  require(request: Request): void {
    const { headers } = request;
    if (headers.get(MARK) !== "1") {
      throw foreign(`the field ${MARK} is missing`);
    }
    const origin = headers.get("origin");
    const site = headers.get("sec-fetch-site");
    if (origin !== null) {
      if (!this.#isKnown(request, origin)) {
        throw foreign("the origin is another");
      }
    } else if (site !== null && site !== "same-origin" && site !== "none") {
      throw foreign("it comes from another site");
    } else if (headers.has("cookie") && site !== "same-origin") {
      throw foreign("it has cookies and no origin");
    }
  }

  /** Answers a browser's question whether it may ask. */
  preflight(request: Request): Response {
    const origin = request.headers.get("origin");
    if (origin === null || !this.#origins.has(origin)) {
      return new Response(null, { status: 403, headers: this.fields(request) });
    }
    return new Response(null, {
      status: 204,
      headers: {
        ...this.fields(request),
        // Those of errands: a list, an opening, a list of blocks, what is thrown away.
        "access-control-allow-methods": "GET, POST, PUT, DELETE",
        "access-control-allow-headers":
          request.headers.get("access-control-request-headers") ?? "",
        "access-control-max-age": "600",
      },
    });
  }

  /** Returns the fields that every answer carries, beside its own, which a page may read. */
  fields(request: Request, own: Headers = NONE): Record<string, string> {
    const origin = request.headers.get("origin");
    const common = {
      "cache-control": "no-store",
      vary: "origin",
      "x-content-type-options": "nosniff",
    };
    if (origin === null || !this.#origins.has(origin)) return common;
    return {
      ...common,
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      ...own === NONE
        ? {}
        : { "access-control-expose-headers": [...own.keys()].join(", ") },
    };
  }

  // Behind a proxy the handler may not know its own scheme, and browsers do.
  #isKnown(request: Request, origin: string): boolean {
    return this.#origins.has(origin) ||
      origin === new URL(request.url).origin ||
      request.headers.get("sec-fetch-site") === "same-origin";
  }
}

// What web views send, as capacitor://localhost and tauri://localhost: of a scheme that URL
// does not know it has no origin to compare with.
const OWN_SCHEME_REGEXP =
  /^(?!(?:https?|wss?|ftp|file|blob|data|javascript):)[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?::[0-9]+)?$/;

// One with a path would match no page, and "null" each page that hides where it is from.
function requireOrigin(origin: string): void {
  const isOne = OWN_SCHEME_REGEXP.test(origin) ||
    URL.canParse(origin) && origin !== "null" &&
      new URL(origin).origin === origin;
  if (isOne) return;
  throw new InvalidArgumentError(
    `Cannot create a signing handler: ${
      JSON.stringify(origin)
    } is no origin, as https://app.example.com is one`,
  );
}

const NONE = /* @__PURE__ */ new Headers();

function foreign(why: string): Refusal {
  return new Refusal("PermissionDenied", `Cannot sign: ${why}`, 403);
}

/**
 * Reads the body of a request, as far as it may go.
 *
 * @throws {Refusal} With 413, or 415 for one that is coded.
 */
export async function readBody(
  request: Request,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const coding = request.headers.get("content-encoding") ?? "identity";
  if (coding !== "identity") {
    await request.body?.cancel();
    throw new Refusal("InvalidArgument", "Cannot sign: the body is coded", 415);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > most) {
      await reader.cancel();
      const why = `Cannot sign: the body has more than ${most} bytes`;
      throw new Refusal("InvalidArgument", why, 413);
    }
    chunks.push(value);
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}
