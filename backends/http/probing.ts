// This module is browser compatible.
import type { Entry } from "../../core/backend.ts";
import type { Answer } from "../_http/client.ts";
import type { HttpConnection } from "./connection.ts";
import { isFolderPage, sizeOfNone, toEntry } from "./wire.ts";

/** Statuses that mean that `HEAD` is not allowed, though `GET` may be. */
const HEAD_REFUSED: ReadonlySet<number> = new Set([401, 403, 405, 501]);

/** Looks for files without reading them. */
export class Prober {
  readonly #connection: HttpConnection;
  #headRefused = false;

  constructor(connection: HttpConnection) {
    this.#connection = connection;
  }

  /** Asks by `HEAD`, and by a `GET` of one byte where that is refused. */
  async stat(url: string, signal: AbortSignal | undefined): Promise<Entry> {
    return entryOf(await this.look(url, signal), url);
  }

  /** Asks for a URL; what it answers does not matter, if it does. */
  async ping(url: string, signal: AbortSignal | undefined): Promise<void> {
    const answer = await this.look(url, signal);
    if (answer.outcome === "refused") throw answer.error;
  }

  /** Asks, and returns the answer, its body released. */
  async look(
    url: string,
    signal: AbortSignal | undefined,
  ): Promise<Answer<Response>> {
    if (this.#headRefused) return await this.#probe(url, signal);
    const head = await this.#ask("HEAD", url, {}, signal);
    if (!isHeadRefused(head)) return head;
    const probe = await this.#probe(url, signal);
    // Refused in both ways it is the file, and not the method.
    this.#headRefused = !isHeadRefused(probe);
    return probe;
  }

  #probe(
    url: string,
    signal: AbortSignal | undefined,
  ): Promise<Answer<Response>> {
    return this.#ask("GET", url, { range: "bytes=0-0" }, signal);
  }

  async #ask(
    method: "GET" | "HEAD",
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<Answer<Response>> {
    const call = { method, url, headers, signal };
    const answer = await this.#connection.ask(call);
    if (answer.outcome === "done") await answer.value.body?.cancel();
    return answer;
  }
}

function isHeadRefused(answer: Answer<Response>): boolean {
  return answer.outcome === "refused" &&
    HEAD_REFUSED.has(answer.failure.status);
}

/** Returns what stands at a URL, as an answer about it tells. */
export function entryOf(answer: Answer<Response>, url: string): Entry {
  if (isAbsent(answer, url)) return null;
  if (answer.outcome === "done") return toEntry(answer.value);
  // RFC 9110 §14.4: of an empty file no byte can be had, but its size is told.
  if (answer.failure.status === 416) return sizeOfNone(answer.failure);
  throw answer.error;
}

/** Returns whether an answer says that there is no file at a URL. */
export function isAbsent(answer: Answer<Response>, url: string): boolean {
  if (answer.outcome === "done") {
    const { redirected, url: from } = answer.value;
    return redirected && isFolderPage(from, url);
  }
  // What a server answers of a folder may as well be a refusal to list it.
  const { status, redirectedTo } = answer.failure;
  return status === 404 || status === 410 ||
    (redirectedTo !== undefined && isFolderPage(redirectedTo, url));
}
