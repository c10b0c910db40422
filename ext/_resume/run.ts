// This module is browser compatible.
import {
  type MultipartUpload,
  NotFoundError,
  type UploadedPart,
  type WriteResult,
} from "../../mod.ts";
import { candidatesOf, madeBy } from "./finding.ts";
import type { Job, RestartReason } from "./job.ts";
import { Ledger } from "./ledger.ts";
import { sendParts } from "./sending.ts";
import { isCode, Superseded } from "./shelf.ts";
import { isSame } from "./source.ts";
import { isSameOptions, type MadeFile, type UploadToken } from "./token.ts";
import { isAwaited, takesTurns } from "./turns.ts";

/** What an upload has come to. */
export interface Outcome {
  readonly result: WriteResult;
  readonly resumed: boolean;
  readonly kept: number;
  readonly because: RestartReason | null;
}

/** How often an upload whose parts are gone is begun anew in one call. */
const MAX_RESTARTS = 3;

/** How often somebody else's upload is looked at, and after how many looks it is taken over, without a change. */
const LOOK_MS = 500;
const MAX_LOOKS = 60;

/** One upload, from looking for what is there to its end. */
export class Run {
  readonly #job: Job;
  readonly #owner: string = crypto.randomUUID();
  #ledger: Ledger | null = null;
  #because: RestartReason | null = null;
  #takesOver = false;
  #checked = 0;
  #kept = 0;

  constructor(job: Job) {
    this.#job = job;
  }

  /** What is known of the upload; `null` before it is open. */
  get token(): UploadToken | null {
    return this.#ledger?.token ?? null;
  }

  /** Uploads; `began` is when that was asked for, by the clock of the device. */
  async go(began: number): Promise<Outcome> {
    for (let restarts = 0;; restarts++) {
      try {
        const made = await madeBy(this.#job, began);
        if (made !== null) return this.#outcomeOf(made);
        this.#ledger = await this.#find();
        return await this.#send(this.#ledger);
      } catch (error) {
        const isGone = isCode(error, "NotFound") &&
          (error as NotFoundError).path !== null;
        if (error instanceof Superseded) await this.#stepBack();
        else if (isGone && restarts < MAX_RESTARTS) await this.#forget(error);
        else throw error;
      }
    }
  }

  async #find(): Promise<Ledger> {
    const { shelf, token: own, source, verify, signal } = this.#job;
    signal?.throwIfAborted();
    const { found, because } = await candidatesOf(this.#job);
    this.#because ??= because;
    for (const { token, etag } of found) {
      // The caller's own, which is known to be gone.
      if (token === own && this.#because === "gone") continue;
      const isAsked = isSameOptions(token.options, this.#job.options);
      if (!isAsked) {
        this.#because ??= "options";
        continue;
      }
      this.#checked = 0;
      const same = await isSame(source, token, verify, (bytes) => {
        this.#checked += bytes;
        this.#tell(0, 0);
      }, signal);
      if (!same) {
        this.#because ??= "content";
        continue;
      }
      const ledger = new Ledger(own === token ? null : shelf, token, etag);
      this.#takesOver = token.owner !== this.#owner;
      await ledger.save({ owner: this.#owner });
      return ledger;
    }
    this.#checked = 0;
    return await this.#begin();
  }

  async #begin(): Promise<Ledger> {
    const { store, path, target, source, options, shelf } = this.#job;
    const { partSize, network, signal } = this.#job;
    const { size, name, lastModified } = source;
    const upload = await network.use(
      () => store.openUpload(path, { ...options, size, partSize, signal }),
      signal,
    );
    const ledger = new Ledger(shelf, {
      v: 1,
      key: `${target}/${crypto.randomUUID()}.json`,
      target,
      path,
      id: upload.id,
      size,
      partSize: upload.partSize,
      name,
      lastModified,
      created: Date.now(),
      options,
      parts: [],
      owner: this.#owner,
      state: "open",
      made: null,
    }, null);
    try {
      await ledger.save();
    } catch (error) {
      // Nobody would know of it.
      await upload.discard().catch(() => {});
      throw error;
    }
    return ledger;
  }

  async #send(ledger: Ledger): Promise<Outcome> {
    const { store, path, options, network, signal } = this.#job;
    const { id, size, partSize, parts } = ledger.token;
    signal?.throwIfAborted();
    const upload = await store.openUpload(path, {
      ...options,
      id,
      size,
      partSize,
      signal,
    });
    const isWhole = parts.length === Math.ceil(size / partSize);
    if (parts.length > 0) {
      const there = await network.use(() => partsOf(upload, signal), signal);
      if (there === null) {
        // Completed, maybe, before somebody could write that down.
        if (!isWhole) throw new NotFoundError("the upload is gone", { path });
      } else ledger.keep(isListed(there));
      // Azure says no more of it than that there are no blocks.
      if (ledger.acknowledged === 0) this.#because = "gone";
    }
    this.#kept = ledger.acknowledged;
    this.#tell(this.#kept, 0);
    await sendParts({
      ...this.#job,
      upload,
      ledger,
      tell: (inFlight) => this.#tell(ledger.acknowledged, inFlight),
    });
    const result = await network.change(
      () => upload.complete(ledger.token.parts, { signal }),
      signal,
    );
    this.#tell(size, 0);
    const { etag, versionId } = result;
    const lastModified = result.lastModified?.getTime() ?? null;
    const made = { etag, versionId, lastModified, at: Date.now() };
    const { target } = this.#job;
    // Where nobody can be asked, whoever was there before may wait.
    const waits = takesTurns() ? await isAwaited(target) : this.#takesOver;
    await ledger.done(made, waits);
    return { ...this.#facts, result };
  }

  get #facts(): Omit<Outcome, "result"> {
    const resumed = this.#kept > 0;
    const because = resumed ? null : this.#because;
    return { resumed, kept: this.#kept, because };
  }

  // Where no locks are: the one who came last goes on, and the others wait for it.
  async #stepBack(): Promise<void> {
    const ledger = this.#ledger;
    let last = "";
    for (let looks = 0; ledger !== null && looks < MAX_LOOKS; looks++) {
      const kept = await ledger.look();
      if (kept === null) throw this.#discarded();
      if (typeof kept === "string" || kept.token.state !== "open") return;
      // Written by this one, whose answer was lost.
      if (kept.token.owner === this.#owner) return;
      if (kept.etag !== last) looks = 0;
      last = kept.etag;
      await wait(LOOK_MS, this.#job.signal);
    }
  }

  async #forget(error: unknown): Promise<void> {
    const ledger = this.#ledger;
    if (ledger === null) throw error;
    const kept = await ledger.look();
    if (kept === null) throw this.#discarded();
    if (typeof kept !== "string" && kept.token.state === "discarded") {
      throw this.#discarded();
    }
    if (kept !== "newer") await ledger.drop();
    this.#ledger = null;
    this.#because = "gone";
    this.#kept = 0;
  }

  #discarded(): NotFoundError {
    const { path } = this.#job;
    return new NotFoundError(
      `Cannot upload ${JSON.stringify(path)}: the upload was discarded`,
      { path },
    );
  }

  #outcomeOf(made: MadeFile | null): Outcome {
    const { path, source, options } = this.#job;
    const { etag = null, versionId = null, lastModified = null } = made ?? {};
    const result: WriteResult = Object.freeze({
      path,
      size: source.size,
      source: "native",
      digest: null,
      etag,
      versionId,
      lastModified: lastModified === null ? null : new Date(lastModified),
      metadata: options.metadata ?? null,
    });
    return { result, resumed: true, kept: source.size, because: null };
  }

  #tell(acknowledged: number, inFlight: number): void {
    const total = this.#job.source.size;
    const sent = acknowledged + inFlight;
    this.#job.tell({ checked: this.#checked, acknowledged, sent, total });
  }
}

async function partsOf(
  upload: MultipartUpload,
  signal: AbortSignal | undefined,
): Promise<readonly UploadedPart[] | null> {
  const parts: UploadedPart[] = [];
  try {
    for await (const part of upload.parts({ signal })) parts.push(part);
  } catch (error) {
    if (isCode(error, "NotFound")) return null;
    throw error;
  }
  return parts;
}

function isListed(
  listed: readonly UploadedPart[],
): (part: UploadedPart) => boolean {
  // By the tag as well: Azure lists what a part has replaced, too.
  const there = new Map(listed.map((part) => [nameOf(part), part.size]));
  return (part) => there.get(nameOf(part)) === part.size;
}

function nameOf({ number, tag }: UploadedPart): string {
  return `${number} ${tag}`;
}

function wait(
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
