// This module is browser compatible.
import {
  Capability,
  CapabilityNotSupportedError,
  type MultipartUpload,
  NotFoundError,
  type StoreLike,
  type UploadedPart,
  type WriteResult,
} from "../../mod.ts";
import { Ledger } from "./ledger.ts";
import type { Network } from "./network.ts";
import { sendParts } from "./sending.ts";
import { isCode, type Kept, type Shelf, Superseded } from "./shelf.ts";
import { isSame, type Source, type Verify } from "./source.ts";
import { type KeptOptions, type MadeFile, type UploadToken } from "./token.ts";
import { isAwaited, takesTurns } from "./turns.ts";

/** A store that can be uploaded to. */
export type UploadStore = Pick<
  StoreLike,
  "openUpload" | "write" | "supports" | "resolve"
>;

/** Why an upload was begun anew although another one was there. */
export type RestartReason = "content" | "options" | "gone" | "torn";

/** How far an upload is, in bytes. */
export interface UploadProgress {
  /** Compared again with what had been sent before; at most as many as were there. */
  readonly checked: number;
  /** Acknowledged by the service, and written down: they are not sent again. */
  readonly acknowledged: number;
  /** Handed over for sending, those that are acknowledged among them. */
  readonly sent: number;
  /** All of them. */
  readonly total: number;
}

/** What an upload is to do. */
export interface Job {
  readonly store: UploadStore;
  /** The path, as the store writes it. */
  readonly path: string;
  /** The hash of where that is. */
  readonly target: string;
  readonly source: Source;
  readonly options: KeptOptions;
  readonly partSize: number | undefined;
  readonly concurrency: number;
  readonly verify: Verify;
  readonly shelf: Shelf | null;
  /** The caller's own token. */
  readonly token: UploadToken | null;
  readonly network: Network;
  readonly tell: (progress: UploadProgress) => void;
  readonly signal: AbortSignal | undefined;
}

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

/** How long it is known what an upload has made, where nobody is known to wait. */
const DONE_MS = 60_000;

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

  /** Uploads; `waited` names the tokens that were there before this turn was waited for. */
  async go(waited: ReadonlySet<string>): Promise<Outcome> {
    for (let restarts = 0;; restarts++) {
      try {
        const made = await this.#made(waited);
        if (made !== null) return made;
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

  // What another tab has finished while this one waited.
  async #made(waited: ReadonlySet<string>): Promise<Outcome | null> {
    const { shelf, target, signal } = this.#job;
    if (shelf === null) return null;
    let outcome: Outcome | null = null;
    for await (const name of shelf.names(target, signal)) {
      const kept = await shelf.read(name, signal);
      if (kept === null || kept === "torn") continue;
      const { token } = kept;
      if (token.state === "open") continue;
      const isOurs = waited.has(name) || this.token?.key === name;
      const { source, options } = this.#job;
      const isWanted = token.made !== null && isOurs && outcome === null &&
        token.size === source.size && isSameOptions(token.options, options) &&
        await isSame(source, token, "all", () => {}, signal);
      if (isWanted) outcome = this.#outcomeOf(token.made);
      const isOver = Date.now() - (token.made?.at ?? 0) > DONE_MS;
      const isLeft = takesTurns() ? !await isAwaited(target) : isOver;
      if (isLeft) await shelf.delete(name);
    }
    return outcome;
  }

  async #find(): Promise<Ledger> {
    const { shelf, token: own, source, verify, signal } = this.#job;
    for (const { token, etag } of await this.#candidates()) {
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

  async #candidates(): Promise<readonly Kept[]> {
    const { shelf, target, token: own, source, signal } = this.#job;
    const found: Kept[] = [];
    if (own !== null && this.#because !== "gone") {
      found.push({ token: own, etag: "" });
    }
    if (shelf !== null) {
      for await (const name of shelf.names(target, signal)) {
        const kept = await shelf.read(name, signal);
        if (kept === "torn") {
          this.#because ??= "torn";
          await shelf.delete(name);
        } else if (kept?.token.state === "open") found.push(kept);
      }
    }
    const likeness = ({ token }: Kept) =>
      Number(token.name === source.name) +
      Number(token.lastModified === source.lastModified);
    return found
      .filter(({ token }) => {
        const isFit = token.target === target && token.size === source.size;
        if (!isFit) this.#because ??= "content";
        return isFit;
      })
      .sort((a, b) => likeness(b) - likeness(a));
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
    }
    this.#kept = ledger.acknowledged;
    this.#tell(this.#kept, 0);
    await sendParts({
      ...this.#job,
      upload,
      ledger,
      tell: (inFlight) => this.#tell(ledger.acknowledged, inFlight),
    });
    const result = await network.use(
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
      if (kept === "torn" || kept.token.state !== "open") return;
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
    if (kept !== "torn" && kept.token.state === "discarded") {
      throw this.#discarded();
    }
    await ledger.drop();
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

/** Refuses a store that keeps no parts. */
export function requireUploads(store: UploadStore, path: string): void {
  const capability = Capability.RESUMABLE_UPLOAD;
  if (store.supports(capability)) return;
  throw new CapabilityNotSupportedError(
    `Cannot upload ${
      JSON.stringify(path)
    }: the backend does not support ${capability}`,
    { capability, path },
  );
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

/** Returns whether two writes are asked for the same. */
export function isSameOptions(one: KeptOptions, other: KeptOptions): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ metadata, ...rest }: KeptOptions): string {
  const sorted = (record: object) => Object.entries(record).sort(byName);
  return JSON.stringify([sorted(rest), sorted(metadata ?? {})]);
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
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
