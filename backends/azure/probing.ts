// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import { isHidden } from "../_http/representation.ts";
import { properties } from "./answers.ts";
import type { Container } from "./container.ts";
import { isAbsent } from "./failures.ts";
import { sizeOf, toEntry } from "./wire.ts";

type Signal = AbortSignal | undefined;

/** What stands at a key, as the answer tells it. */
export interface Seen {
  /** The blob; a marker of a folder says so. */
  readonly entry: FileEntry;
  /** The answer's fields. */
  readonly headers: Headers;
}

/** Looks at the blob at a key. */
export async function look(
  container: Container,
  key: string,
  signal: Signal,
): Promise<Seen | null> {
  const answer = await container.ask("HEAD", container.url(key), {
    answers: { 200: seen },
    refusals: [404],
    signal,
  });
  if (answer.outcome === "done") return answer.value;
  if (isAbsent(answer.failure)) return null;
  throw answer.error;
}

async function seen(response: Response): Promise<Seen> {
  const headers = await properties(response);
  return {
    entry: toEntry(headers, sizeOf(headers, isHidden(response))),
    headers,
  };
}

/** Returns the blob at a key. */
export async function statBlob(
  container: Container,
  key: string,
  signal: Signal,
): Promise<FileEntry | null> {
  return (await look(container, key, signal))?.entry ?? null;
}
