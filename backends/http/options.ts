// This module is browser compatible.
import { InvalidArgumentError } from "../../core/errors.ts";
import type { KnownOptions } from "../../core/known_options.ts";
import type { RetryOptions, RetryPolicy } from "../../core/retry.ts";
import type { Fetch } from "../_http/client.ts";

/** Options of {@linkcode HttpBackend}. */
export interface HttpOptions {
  /** The URL below which the files are. A slash at its end makes no difference. */
  readonly baseUrl: string;
  /** Fields to send with every request: `Authorization`, an API key. Never shown. */
  readonly headers?:
    | Headers
    | Record<string, string>
    | [string, string][]
    | undefined;
  /**
   * Whether the server's byte ranges are used. Without, a range is cut out of the file.
   *
   * @default {true}
   */
  readonly ranges?: boolean | undefined;
  /**
   * The path that `ping` asks for, below the base. Many servers refuse their root.
   *
   * @default {""}
   */
  readonly pingPath?: string | undefined;
  /**
   * Whether cookies and client certificates are sent, as `fetch` has it.
   *
   * @default {"same-origin"}
   */
  readonly credentials?: "omit" | "same-origin" | "include" | undefined;
  /**
   * What happens to a redirect. Followed to another host it carries `headers` there, but
   * for `Authorization`.
   *
   * @default {"follow"}
   */
  readonly redirect?: "follow" | "error" | undefined;
  /**
   * How many requests are under way at once, over all calls of the backend: each counts
   * until its answer's header fields are there. The others wait in their order, and leave
   * when they are aborted, unsent. In Cloudflare Workers it does nothing: there the
   * platform holds each request to six.
   *
   * @default {64}
   */
  readonly maxRequests?: number | undefined;
  /**
   * How often a failed request is sent again.
   *
   * @default {new RetryPolicy()}
   */
  readonly retry?: RetryPolicy | RetryOptions | undefined;
  /**
   * The function that sends.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: Fetch | undefined;
}

/** Returns header fields by lower-case name. */
export function toFields(
  headers: HttpOptions["headers"],
): Record<string, string> {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    // What the platform says quotes the value, which may be a secret.
    throw new InvalidArgumentError(
      "Cannot create an HttpBackend: its headers hold a name or value that is none",
    );
  }
}

/** Their names. */
export const KNOWN_OPTIONS: KnownOptions<HttpOptions> = {
  baseUrl: "string",
  headers: "object",
  ranges: "boolean",
  pingPath: "string",
  credentials: "string",
  redirect: "string",
  maxRequests: "number",
  retry: true,
  fetch: "function",
};
