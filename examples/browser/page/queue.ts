/**
 * The uploads as all tabs see them: kept on the device, told to each other.
 *
 * @module
 */
import { whyRefused } from "../rules.ts";
import type { Inbox } from "./inbox.ts";
import { besidePath, type Job } from "./job.ts";
import type { Picked } from "./picking.ts";
import { typeOf } from "./media.ts";
import { pendingOf } from "./uploading.ts";
import { countText, whyFailed } from "./words.ts";

/** How far an upload is. Not kept: whoever uploads tells it. */
export interface Progress {
  /** Bytes that the service has answered for. */
  readonly acknowledged: number;
  /** Bytes of them that it had before this visit. */
  readonly kept: number;
  /** Bytes a second; `null` where that is not known yet. */
  readonly rate: number | null;
  /** What it waits for, in words; `null` for nothing. */
  readonly note: string | null;
}

/** What tabs tell each other. */
type Message =
  | { readonly kind: "job"; readonly id: string }
  | {
    readonly kind: "progress";
    readonly id: string;
    readonly progress: Progress;
  }
  | { readonly kind: "files"; readonly service: string };

/** What happens in the queue. */
export interface QueueListener {
  /** Uploads have come, gone or changed. */
  onJobs(): void;
  /** One has got further. */
  onProgress(id: string): void;
  /** Files of a service have changed. */
  onFiles(service: string): void;
  /** Something is to be told to whoever uses this tab. */
  onTrouble(text: string): void;
}

/** How many files are taken in at once. */
const LANES = 3;

/** The uploads. */
export class Queue {
  readonly inbox: Inbox;
  /** By id, in their order. */
  readonly jobs: Map<string, Job> = new Map();
  readonly progress: Map<string, Progress> = new Map();
  /** How many files are being taken in by this tab. */
  receiving = 0;
  readonly #channel = new BroadcastChannel("remote-store-demo");
  readonly #listeners: QueueListener[] = [];

  constructor(inbox: Inbox) {
    this.inbox = inbox;
    this.#channel.addEventListener("message", ({ data }) => {
      this.#hear(data as Message);
    });
  }

  /** Listens to what happens. */
  listen(listener: QueueListener): void {
    this.#listeners.push(listener);
  }

  /** Reads what an earlier visit has left. */
  async load(): Promise<void> {
    for (const job of await this.inbox.list()) {
      this.jobs.set(job.id, job);
      const token = job.state === "done"
        ? null
        : await pendingOf(this.inbox, job);
      if (token === null) continue;
      const { acknowledged } = token;
      const progress = {
        acknowledged,
        kept: acknowledged,
        rate: null,
        note: null,
      };
      this.progress.set(job.id, progress);
    }
    this.#each((listener) => listener.onJobs());
  }

  /** Takes files in, below a folder, and refuses what the rules do not allow. */
  async add(
    files: AsyncIterable<Picked>,
    service: string,
    folder: string,
  ): Promise<number> {
    const refusals: string[] = [];
    const running = new Set<Promise<void>>();
    let added = 0;
    for await (const { path, file } of files) {
      this.#receive(1);
      const work = this.#take(path, file, service, folder)
        .then(() => void added++)
        .catch((error) => {
          refusals.push(`“${path}” was not taken. ${whyFailed(error)}`);
        })
        .finally(() => {
          running.delete(work);
          this.#receive(-1);
        });
      running.add(work);
      if (running.size >= LANES) await Promise.race(running);
    }
    await Promise.all(running);
    this.#tellRefusals(refusals);
    return added;
  }

  /** Pauses uploads that wait or run. */
  async pause(ids: Iterable<string>): Promise<void> {
    await this.#changeAll(
      ids,
      ({ state }) => state === "waiting" ? { state: "paused" } : null,
    );
  }

  /** Lets uploads go on. */
  async resume(ids: Iterable<string>): Promise<void> {
    const plain = { state: "waiting", why: null, code: null } as const;
    await this.#changeAll(
      ids,
      ({ state }) => state === "paused" || state === "refused" ? plain : null,
    );
  }

  /** Gives uploads up. */
  async cancel(ids: Iterable<string>): Promise<void> {
    await this.#changeAll(
      ids,
      ({ state }) => state === "done" ? null : { state: "canceled" },
    );
  }

  /** Lets an upload replace the file that is in its way. */
  async replace(id: string): Promise<void> {
    await this.#changeAll([id], () => ({
      state: "waiting",
      why: null,
      code: null,
      overwrite: true,
    }));
  }

  /** Gives an upload another name, beside the file that is in its way. */
  async keepBoth(
    id: string,
    isTaken: (path: string) => Promise<boolean>,
  ): Promise<void> {
    const job = this.jobs.get(id);
    if (job === undefined) return;
    const others = new Set([...this.jobs.values()].map(({ path }) => path));
    for (let number = 2;; number++) {
      const path = besidePath(job.path, number);
      if (others.has(path) || await isTaken(path)) continue;
      await this.#changeAll([id], () => ({
        state: "waiting",
        why: null,
        code: null,
        path,
      }));
      return;
    }
  }

  /** Takes what is over off the list. */
  async clear(): Promise<void> {
    for (const { id, state } of [...this.jobs.values()]) {
      if (state === "done") await this.remove(id);
    }
  }

  /** Forgets an upload. */
  async remove(id: string): Promise<void> {
    await this.inbox.remove(id);
    await this.#tell(id);
  }

  /** Notes how an upload ended, unless somebody has said something else meanwhile. */
  async end(id: string, end: Partial<Job>): Promise<void> {
    const changed = await this.inbox.change(
      id,
      ({ state }) => state === "canceled" ? null : end,
    );
    if (changed?.state === "done") {
      await this.inbox.forget(id);
      this.#post({ kind: "files", service: changed.service });
      this.#each((listener) => listener.onFiles(changed.service));
    }
    await this.#tell(id);
  }

  /** Tells how far an upload is. */
  report(id: string, progress: Progress): void {
    this.#post({ kind: "progress", id, progress });
    this.progress.set(id, progress);
    this.#each((listener) => listener.onProgress(id));
  }

  /** Tells the other tabs that files of a service have changed. */
  changed(service: string): void {
    this.#post({ kind: "files", service });
  }

  async #take(
    path: string,
    file: File,
    service: string,
    folder: string,
  ): Promise<void> {
    const contentType = typeOf(file);
    const why = whyRefused({ size: file.size, contentType });
    if (why !== null) throw new Error(why);
    const target = folder === "" ? path : `${folder}/${path}`;
    const job = await this.inbox.add(file, {
      service,
      path: target,
      contentType,
    });
    await this.#tell(job.id);
  }

  async #changeAll(
    ids: Iterable<string>,
    change: (job: Job) => Partial<Job> | null,
  ): Promise<void> {
    for (const id of [...ids]) {
      await this.inbox.change(id, change);
      await this.#tell(id);
    }
  }

  async #tell(id: string): Promise<void> {
    this.#post({ kind: "job", id });
    await this.#look(id);
  }

  async #look(id: string): Promise<void> {
    const job = await this.inbox.find(id);
    if (job === null) {
      this.jobs.delete(id);
      this.progress.delete(id);
    } else this.jobs.set(id, job);
    this.#each((listener) => listener.onJobs());
  }

  #hear(message: Message): void {
    switch (message.kind) {
      case "job":
        void this.#look(message.id);
        break;
      case "progress":
        this.progress.set(message.id, message.progress);
        this.#each((listener) => listener.onProgress(message.id));
        break;
      case "files":
        this.#each((listener) => listener.onFiles(message.service));
    }
  }

  #receive(more: number): void {
    this.receiving += more;
    this.#each((listener) => listener.onJobs());
  }

  // Of a folder with hundreds nobody reads each.
  #tellRefusals(refusals: readonly string[]): void {
    const [first] = refusals;
    if (first === undefined) return;
    const others = refusals.length - 1;
    const more = others === 0
      ? ""
      : ` And ${countText(others, "other file")} ${
        others === 1 ? "was" : "were"
      } not taken.`;
    this.#each((listener) => listener.onTrouble(first + more));
  }

  #post(message: Message): void {
    this.#channel.postMessage(message);
  }

  #each(call: (listener: QueueListener) => void): void {
    for (const listener of this.#listeners) call(listener);
  }
}
