// This module is browser compatible.

/** What sends: the global `fetch`, or another one that lets an `Origin` be set. */
export type CorsFetch = (url: string, init: RequestInit) => Promise<Response>;

/** Asks a service what a page of one origin may do. Answers are remembered. */
export class Preflights {
  readonly #fetch: CorsFetch;
  readonly #url: string;
  readonly #signal: AbortSignal | undefined;
  readonly #known = new Map<string, Promise<boolean>>();
  /** How long browsers may remember an answer, in seconds; `null` before one was given. */
  maxAge: number | null = null;
  /** Whether an answer was a redirect, which no preflight follows. */
  redirected = false;

  constructor(
    fetch: CorsFetch,
    url: string,
    signal: AbortSignal | undefined,
  ) {
    this.#fetch = fetch;
    this.#url = url;
    this.#signal = signal;
  }

  /** Returns whether a request is allowed, with all of its fields at once. */
  allows(
    origin: string,
    method: string,
    fields: readonly string[],
  ): Promise<boolean> {
    const name = [origin, method, ...fields].join(" ");
    const answer = this.#known.get(name) ?? this.#ask(origin, method, fields);
    this.#known.set(name, answer);
    return answer;
  }

  async #ask(
    origin: string,
    method: string,
    fields: readonly string[],
  ): Promise<boolean> {
    const headers: Record<string, string> = {
      origin,
      "access-control-request-method": method,
    };
    // As browsers do: sorted, and without a space (Fetch, "CORS-preflight fetch").
    if (fields.length > 0) {
      headers["access-control-request-headers"] = [...fields].sort().join(",");
    }
    const response = await this.#fetch(this.#url, {
      method: "OPTIONS",
      headers,
      redirect: "manual",
      ...this.#signal === undefined ? {} : { signal: this.#signal },
    });
    await response.body?.cancel();
    this.redirected ||= response.status >= 300 && response.status < 400;
    if (!response.ok || !admits(response.headers, origin)) return false;
    const methods = listOf(response.headers, "access-control-allow-methods");
    const isSimple = ["GET", "HEAD", "POST"].includes(method);
    if (
      !isSimple && !methods.includes(method.toLowerCase()) &&
      !methods.includes("*")
    ) {
      return false;
    }
    const allowed = listOf(response.headers, "access-control-allow-headers");
    // A star does not stand for this one (Fetch, "CORS non-wildcard request-header name").
    const isAllowed = (field: string) =>
      allowed.includes(field) ||
      (allowed.includes("*") && field !== "authorization");
    if (!fields.every(isAllowed)) return false;
    const age = Number(response.headers.get("access-control-max-age") ?? NaN);
    // Without the field it is five seconds (Fetch, "CORS-preflight fetch").
    this.maxAge = Math.max(this.maxAge ?? 0, Number.isNaN(age) ? 5 : age);
    return true;
  }
}

/** Returns whether an answer may be shown to a page. */
export function admits(headers: Headers, origin: string): boolean {
  const allowed = headers.get("access-control-allow-origin");
  return allowed === "*" || allowed === origin;
}

/** Returns whether an answer shows a field to a page. */
export function shows(headers: Headers, field: string): boolean {
  const shown = listOf(headers, "access-control-expose-headers");
  return shown.includes(field) || shown.includes("*");
}

function listOf(headers: Headers, name: string): string[] {
  return (headers.get(name) ?? "").split(",")
    .map((item) => item.trim().toLowerCase());
}
