// This module is browser compatible.
import { bytesOf, type Payload, sizeOf } from "../_http/init.ts";
import { readAll } from "../../core/body.ts";
import { mine, NOT_MINE, UNKNOWN, type Verdict } from "../../core/doubt.ts";
import type { HttpAttempt } from "../_http/client.ts";
import { text } from "../_http/document.ts";
import { documentOf } from "./answers.ts";
import type { Container } from "./container.ts";
import { isAbsent, isConflict } from "./failures.ts";
import { look, type Seen } from "./probing.ts";
import { readBlob } from "./reading.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Returns what it proves that another version is in the way: where the last word was a
 * refusal, and that version was there before the call, nothing that was sent has made
 * a file, and nothing that is on its way can.
 */
export function overtaken<T>(
  container: Container,
  attempt: HttpAttempt<T>,
  seen: Seen | null,
  started: number,
): Verdict<never> {
  const refused = attempt.outcome !== "done" && isConflict(attempt.error);
  return refused && seen !== null &&
      container.precedes(seen.entry, seen.headers, started)
    ? NOT_MINE
    : UNKNOWN;
}

/** Returns whether the last answer to a deletion was that there is nothing. */
export function saysGone(attempt: HttpAttempt<unknown>): boolean {
  return attempt.outcome !== "done" && attempt.failure !== null &&
    isAbsent(attempt.failure);
}

/** Returns what proves a deletion: of a file, or of a version of it. */
export function deletedBy(
  container: Container,
  { key, versionId = null }: {
    readonly key: string;
    readonly versionId?: string | null;
  },
  attempt: HttpAttempt<Headers>,
  started: number,
  signal: AbortSignal | undefined,
): () => Promise<Verdict<Headers>> {
  return async () => {
    // Whoever has done it, it is what was asked for.
    const seen = saysGone(attempt)
      ? null
      : await look(container, key, signal, versionId);
    return seen === null
      ? mine(new Headers())
      : overtaken(container, attempt, seen, started);
  };
}

/** Returns whether what stands there has exactly the bytes that were sent. */
export async function holds(
  container: Container,
  key: string,
  { entry }: Seen,
  payload: Payload,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (entry.size !== sizeOf(payload)) return false;
  const bytes = await bytesOf(payload);
  const ifMatch = entry.etag;
  const request = { range: null, ifMatch, ifNoneMatch: null, signal };
  const answer = await readBlob(container, key, request, 0);
  const body = answer?.body ?? null;
  if (body === null) return false;
  const found = body instanceof Uint8Array ? body : await readAll(body);
  return found.byteLength === bytes.byteLength &&
    found.every((byte, at) => byte === bytes[at]);
}

const BLOCK_LIST = { CommittedBlocks: { Block: [{ Name: text }] } } as const;

/** Returns what the blocks of a blob prove: those of an upload have names that are its own. */
export async function madeOf(
  container: Container,
  key: string,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Verdict<Headers>> {
  const query = { comp: "blocklist", blocklisttype: "committed" };
  const answer = await container.ask("GET", container.url(key, query), {
    answers: { 200: documentOf("BlockList", BLOCK_LIST) },
    refusals: [404],
    signal,
  });
  if (answer.outcome === "refused") return UNKNOWN;
  const { found, headers } = answer.value;
  const blocks = found.CommittedBlocks?.Block ?? [];
  const ours = blocks.length === ids.length &&
    blocks.every(({ Name }, at) => Name === ids[at]);
  return ours ? mine(headers) : UNKNOWN;
}
