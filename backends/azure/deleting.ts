// This module is browser compatible.
import {
  type DeleteRequest,
  isContainerNotFound,
  type SignalRequest,
} from "../../core/backend.ts";
import { inDoubt, settle } from "../../core/doubt.ts";
import { NotFoundError, RemoteStoreError } from "../../core/errors.ts";
import { requireVersion } from "../../core/commit.ts";
import { forEach } from "../../core/for_each.ts";
import { isTransient } from "../_http/retry.ts";
import { ACCEPTED } from "./answers.ts";
import {
  formatBatch,
  MAX_BATCH,
  parseBatch,
  type PartAnswer,
} from "./batch.ts";
import type { Container } from "./container.ts";
import {
  failureCode,
  isAbsent,
  isNoContainer,
  isUnreceived,
} from "./failures.ts";
import { deletedBy, saysGone } from "./evidence.ts";
import { look, statBlob } from "./probing.ts";

type Signal = AbortSignal | undefined;

/** A blob with snapshots can only be deleted together with them. */
const WITH_SNAPSHOTS = { "x-ms-delete-snapshots": "include" } as const;

/** Deletes a blob with its snapshots, or a version of it, and returns whether there was one. */
export async function deleteBlob(
  container: Container,
  key: string,
  { ifMatch, versionId = null, signal }: DeleteRequest,
): Promise<boolean> {
  if (versionId !== null) {
    const entry = await statBlob(container, key, signal, versionId);
    if (entry === null) return false;
    // Before anything is deleted: the emulator knows no versions, and would take the blob.
    requireVersion(entry, versionId, key);
  }
  const headers = {
    // Snapshots are the blob's: beside a version the service refuses to hear of them.
    ...versionId === null ? WITH_SNAPSHOTS : {},
    ...ifMatch === null ? {} : { "if-match": ifMatch },
  };
  const url = container.url(key, { versionid: versionId });
  const started = container.now();
  const attempt = await container.change("DELETE", url, {
    headers,
    answers: ACCEPTED,
    signal,
  });
  const isGone = saysGone(attempt);
  if (isGone && attempt.outcome === "refused") return false;
  const isCurrent = attempt.outcome === "refused" && attempt.failure !== null &&
    failureCode(attempt.failure) === "OperationNotAllowedOnRootBlob";
  if (isCurrent) {
    throw new RemoteStoreError(
      "it is the current version, which Azure deletes without an id first",
      { cause: attempt.error },
    );
  }
  // An absent file meets no condition; that it is absent is the better answer.
  const isUnmet = attempt.outcome === "refused" &&
    attempt.failure?.status === 412;
  if (isUnmet && await look(container, key, signal) === null) return false;
  const target = { key, versionId };
  const proof = deletedBy(container, target, attempt, started, signal);
  await settle(attempt, proof, signal);
  return true;
}

/** How often what a batch has not answered for is sent in another one. */
const BATCH_ROUNDS = 2;

/** Deletes many blobs, a batch at a time, and returns what failed, by key. */
export async function deleteBlobs(
  container: Container,
  keys: readonly string[],
  { signal }: SignalRequest,
): Promise<Map<string, unknown>> {
  const deletion = new Deletion(container, signal);
  for (let at = 0; at < keys.length; at += MAX_BATCH) {
    let left = keys.slice(at, at + MAX_BATCH);
    for (let round = 1; round <= BATCH_ROUNDS && left.length > 0; round++) {
      left = await deletion.batch(left);
    }
    await deletion.singly(left);
  }
  return deletion.failed;
}

/** A deletion of many: what has failed, and what may have been done without an answer. */
class Deletion {
  /** What failed, by key. */
  readonly failed = new Map<string, unknown>();
  readonly #container: Container;
  readonly #signal: Signal;
  /** Sent, and not answered for: an absence may be this call's own work. */
  readonly #lost = new Set<string>();

  constructor(container: Container, signal: Signal) {
    this.#container = container;
    this.#signal = signal;
  }

  /** Sends a batch and returns the keys that it has not answered for. */
  async batch(keys: readonly string[]): Promise<string[]> {
    const boundary = `batch_${crypto.randomUUID()}`;
    const parts = await Promise.all(keys.map((key) => {
      const url = this.#container.url(key);
      const headers = WITH_SNAPSHOTS;
      const part = { method: "DELETE", url, headers, body: null };
      return this.#container.signPart(part, this.#signal);
    }));
    const url = this.#container.ownUrl({ comp: "batch" });
    const attempt = await this.#container.change("POST", url, {
      headers: { "content-type": `multipart/mixed; boundary=${boundary}` },
      body: new TextEncoder().encode(formatBatch(parts, boundary)),
      answers: { 202: async (response) => parseBatch(await response.text()) },
      signal: this.#signal,
      // A second try would take the first one's work for an absence.
      once: true,
    });
    if (attempt.outcome === "done") {
      const answers = attempt.value;
      const whole = answers.get(-1);
      return keys.filter((key, number) =>
        !this.#settle(key, answers.get(number) ?? whole)
      );
    }
    const { outcome, failure } = attempt;
    if (failure !== null && isUnreceived(failure)) return [...keys];
    if (outcome === "refused") {
      if (isContainerNotFound(attempt.error)) throw attempt.error;
      for (const key of keys) this.failed.set(key, attempt.error);
      return [];
    }
    for (const key of keys) this.#lost.add(key);
    return [...keys];
  }

  /** Sends requests of their own, each repeated as any other. */
  async singly(keys: readonly string[]): Promise<void> {
    const request = { ifMatch: null, signal: this.#signal };
    const errors = await forEach(keys, async (key) => {
      const removed = await deleteBlob(this.#container, key, request);
      if (!removed && !this.#lost.has(key)) throw new NotFoundError();
    }, this.#signal);
    errors.forEach((error, key) => {
      // What was sent before may have done it, whatever this request has met.
      this.failed.set(key, this.#lost.has(key) ? inDoubt(error) : error);
    });
  }

  /** Returns whether an answer says what has become of a key. */
  #settle(key: string, answer: PartAnswer | undefined): boolean {
    if (answer?.status === 202) return true;
    if (answer === undefined || failureCode(answer) === null) {
      this.#lost.add(key);
      return false;
    }
    const error = this.#container.toError(answer);
    if (isNoContainer(answer)) throw error;
    if (isTransient(answer.status)) {
      if (!isUnreceived(answer)) this.#lost.add(key);
      return false;
    }
    // Signed by a clock that has been set since, or by a token that has ended.
    if (answer.status === 401 || isUnsigned(answer)) return false;
    if (!isAbsent(answer) || !this.#lost.has(key)) this.failed.set(key, error);
    return true;
  }
}

function isUnsigned(answer: PartAnswer): boolean {
  return failureCode(answer) === "AuthenticationFailed";
}
