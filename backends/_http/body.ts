// This module is browser compatible.
import { readAll } from "../../core/body.ts";
import {
  BackendUnavailableError,
  RemoteStoreError,
} from "../../core/errors.ts";
import { type Resumable, resumable } from "./resume.ts";

/** What is known of an answer's body; `null` for what the answer does not tell. */
export interface BodyFacts
  extends Pick<Resumable, "offset" | "tries" | "reopen"> {
  /** How many bytes it has. */
  readonly length: number | null;
  /** The version it comes from. */
  readonly etag: string | null;
}

const DECODED = /^\s*(?:(?:x-)?(?:gzip|compress)|deflate|br|zstd)\s*$/i;

/** Returns whether `fetch` undoes a `Content-Encoding`, in most runtimes. */
export function isDecoded(encoding: string | null): boolean {
  return encoding !== null &&
    encoding.split(",").some((coding) => DECODED.test(coding));
}

/**
 * Refuses and releases a body that `fetch` does not give as it is stored: most runtimes
 * undo these codings, some hang on a range of one, and none says so.
 */
export async function requireStored(
  response: Response,
  encoding: string | null,
): Promise<void> {
  if (!isDecoded(encoding)) return;
  await response.body?.cancel().catch(() => {});
  throw new RemoteStoreError(
    `it is stored with the Content-Encoding ${encoding}, which fetch undoes, so its stored bytes cannot be read`,
  );
}

/** Bodies up to this size arrive with their headers, and a stream would cost more than they. */
const WHOLE_BYTES = 64 * 1024;

/**
 * Returns an answer's body: a small one as bytes, another as a stream, both healed where
 * they break off and the rest can be asked for.
 *
 * @throws {BackendUnavailableError} If a small one breaks off for good.
 */
export async function openBody(
  response: Response,
  facts: BodyFacts,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>> {
  const { body } = response;
  const { length } = facts;
  if (body === null || length === 0) {
    await body?.cancel();
    return new Uint8Array(0);
  }
  if (length !== null && length <= WHOLE_BYTES) {
    return await readWhole(response, length, facts, signal);
  }
  const plan = toPlan(facts);
  return plan === null ? body : resumable(body, plan);
}

// A weak tag, or none, cannot promise that the rest is the rest of this.
function toPlan(facts: BodyFacts): Resumable | null {
  const { etag, length } = facts;
  if (etag === null || etag.startsWith("W/") || length === null) return null;
  const plain = { coding: null, isWhole: false, isHidden: false, size: null };
  return { ...facts, ...plain, etag, length };
}

async function readWhole(
  response: Response,
  length: number,
  facts: BodyFacts,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  let cause: unknown;
  try {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.byteLength === length) return bytes;
  } catch (error) {
    signal?.throwIfAborted();
    cause = error;
  }
  const plan = toPlan(facts);
  if (plan === null) {
    throw new BackendUnavailableError("the body ended early", { cause });
  }
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(cause),
  });
  return await readAll(resumable(broken, plan));
}
