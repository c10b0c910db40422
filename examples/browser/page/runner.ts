/**
 * Who uploads: one tab for all. When it is closed or killed, another one takes over, or the
 * next visit does.
 *
 * @module
 */
import { isRemoteStoreError } from "@remote-store/core";
import type { Job } from "./job.ts";
import type { Network } from "./network.ts";
import type { Progress, Queue } from "./queue.ts";
import type { Connection } from "./remote.ts";
import { discard, upload } from "./uploading.ts";
import { whyFailed } from "./words.ts";

/** How many uploads run at once; each sends several parts at a time. */
const AT_ONCE = 2;

/** How long to wait where the service does not answer and the browser is online. */
const AGAIN_MS = 5000;

/** Uploads what waits, in the one tab that holds the lock. */
export class Runner {
  readonly #queue: Queue;
  readonly #network: Network;
  readonly #connect: (service: string) => Connection;
  readonly #active = new Map<string, AbortController>();
  #leads = false;
  #isLeaving = false;
  #pausedUntil = 0;

  constructor(
    queue: Queue,
    network: Network,
    connect: (service: string) => Connection,
  ) {
    this.#queue = queue;
    this.#network = network;
    this.#connect = connect;
    queue.listen({
      onJobs: () => this.look(),
      onProgress() {},
      onFiles() {},
      onTrouble() {},
    });
  }

  /** Whether this is the tab that uploads. */
  get leads(): boolean {
    return this.#leads;
  }

  /** Uploads from now on, or once the tab that does is gone. */
  start(): void {
    const lead = () => {
      this.#leads = true;
      this.look();
      return new Promise<never>(() => {});
    };
    // What breaks off because the page goes has not failed: the next visit goes on with it.
    addEventListener("pagehide", () => this.#isLeaving = true);
    addEventListener("pageshow", () => {
      this.#isLeaving = false;
      this.look();
    });
    // Without locks each tab would upload; then the first one that swaps the token does.
    if ("locks" in navigator) {
      void navigator.locks.request("remote-store-demo", lead);
    } else void lead();
  }

  /** Tries again at once what waits for the network. */
  hope(): void {
    this.#pausedUntil = 0;
    this.look();
  }

  /** Does what the queue says now. */
  look(): void {
    if (!this.#leads || this.#isLeaving) return;
    const { jobs } = this.#queue;
    for (const [id, controller] of this.#active) {
      if (jobs.get(id)?.state !== "waiting") controller.abort(PAUSED);
    }
    for (const job of jobs.values()) {
      if (this.#active.has(job.id)) continue;
      if (performance.now() < this.#pausedUntil) return;
      if (job.state === "canceled") this.#run(job, (job) => this.#discard(job));
      if (job.state !== "waiting" || this.#active.size >= AT_ONCE) continue;
      this.#run(job, (job, signal) => this.#upload(job, signal));
    }
  }

  #run(
    job: Job,
    work: (job: Job, signal: AbortSignal) => Promise<void>,
  ): void {
    const controller = new AbortController();
    this.#active.set(job.id, controller);
    work(job, controller.signal)
      .catch((error) => this.#failed(job, error, controller.signal))
      .finally(() => {
        this.#active.delete(job.id);
        this.look();
      });
  }

  async #upload(job: Job, signal: AbortSignal): Promise<void> {
    const report = this.#reporter(job);
    const remote = await this.#connect(job.service).open();
    const kept = await upload(remote, this.#queue.inbox, job, {
      signal,
      onProgress: report,
    });
    this.#network.worked();
    await this.#queue.end(job.id, {
      state: "done",
      why: null,
      code: null,
      kept,
    });
  }

  async #discard(job: Job): Promise<void> {
    const remote = await this.#connect(job.service).open();
    await discard(remote, this.#queue.inbox, job).catch((error) => {
      // What cannot be thrown away here goes by the bucket's lifecycle rule.
      if (this.#network.failed(error)) throw error;
    });
    await this.#queue.remove(job.id);
  }

  async #failed(
    { id }: Job,
    error: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted || this.#isLeaving) return;
    if (this.#network.failed(error)) {
      this.#pausedUntil = performance.now() + AGAIN_MS;
      setTimeout(() => this.look(), AGAIN_MS + 50);
      const last = this.#queue.progress.get(id) ?? NOTHING;
      const note = "Waits for the network";
      this.#queue.report(id, { ...last, rate: null, note });
      return;
    }
    await this.#queue.end(id, {
      state: "refused",
      why: whyFailed(error),
      code: isRemoteStoreError(error) ? error.code : null,
    });
  }

  /** Returns what takes note of how far it is, and how fast that goes. */
  #reporter({ id }: Job): (acknowledged: number, kept: number) => void {
    const began = performance.now();
    let first: number | null = null;
    return (acknowledged, kept) => {
      first ??= acknowledged;
      const seconds = (performance.now() - began) / 1000;
      const rate = seconds < 1 ? null : (acknowledged - first) / seconds;
      this.#queue.report(id, { acknowledged, kept, rate, note: null });
    };
  }
}

const NOTHING: Progress = { acknowledged: 0, kept: 0, rate: null, note: null };

const PAUSED = new DOMException("The upload is paused", "AbortError");
