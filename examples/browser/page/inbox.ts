/**
 * What waits on this device: files, what is to become of them, and the tokens by which
 * uploads go on. A store in IndexedDB, which all tabs share.
 *
 * @module
 */
import { isRemoteStoreError, Store, type StoreLike } from "@remote-store/core";
import { IndexedDBBackend } from "@remote-store/core/backends/indexeddb";
import { writeWithHash } from "@remote-store/core/ext/write";
import { bornAt, type Job, newId, parseJob } from "./job.ts";

/** After so long, content that no upload names is what a closed tab has left. */
const LEFT_MS = 60 * 60 * 1000;

/** What is known of a file before it is taken in. */
export type NewJob = Pick<Job, "service" | "path" | "contentType">;

/** Files on this device. */
export class Inbox {
  /** The contents by the id of their job. */
  readonly contents: StoreLike;
  /** The tokens of uploads that have begun. */
  readonly tokens: StoreLike;
  readonly #jobs: StoreLike;

  constructor(onDataLoss: (reason: string) => void) {
    const backend = new IndexedDBBackend({
      databaseName: "remote-store-demo",
      onDataLoss,
    });
    const all = new Store({ backend });
    this.contents = all.child("contents");
    this.tokens = all.child("tokens");
    this.#jobs = all.child("jobs");
  }

  /** Takes a file in. Once this resolves it is on the disk, and may be gone elsewhere. */
  async add(file: File, wanted: NewJob): Promise<Job> {
    const id = newId();
    const { size, digest } = await writeWithHash(this.contents, id, file, {
      contentType: wanted.contentType,
    });
    const job: Job = {
      ...wanted,
      id,
      size,
      sha256: digest?.value ?? "",
      state: "waiting",
      why: null,
      code: null,
      overwrite: false,
      kept: 0,
    };
    void await this.#jobs.write(id, JSON.stringify(job));
    return job;
  }

  /** Returns all uploads, in their order. */
  async list(): Promise<Job[]> {
    const jobs: Job[] = [];
    for await (const { path } of this.#jobs.listFiles("")) {
      const job = await this.find(path);
      if (job !== null) jobs.push(job);
    }
    return jobs.sort((a, b) => a.id < b.id ? -1 : 1);
  }

  /** Returns an upload; `null` where it is gone. */
  async find(id: string): Promise<Job | null> {
    try {
      return parseJob(await this.#jobs.readText(id));
    } catch (error) {
      if (isRemoteStoreError(error) && error.code === "NotFound") return null;
      throw error;
    }
  }

  /**
   * Changes an upload from what it is, in whichever tab that was said: the version that was
   * read is replaced, or the change is thought over. Returns `null` where it is gone, or
   * `change` wants nothing.
   */
  async change(
    id: string,
    change: (job: Job) => Partial<Job> | null,
  ): Promise<Job | null> {
    for (;;) {
      try {
        const { etag } = await this.#jobs.getFileInfo(id);
        const job = parseJob(await this.#jobs.readText(id, { ifMatch: etag! }));
        const changed = job === null ? null : change(job);
        if (job === null || changed === null) return null;
        const next = { ...job, ...changed };
        void await this.#jobs.write(id, JSON.stringify(next), {
          ifMatch: etag!,
        });
        return next;
      } catch (error) {
        if (!isRemoteStoreError(error)) throw error;
        if (error.code === "NotFound") return null;
        if (error.code !== "PreconditionFailed") throw error;
      }
    }
  }

  /** Forgets an upload. Its content goes last: one that is left is swept away later. */
  async remove(id: string): Promise<void> {
    await this.#jobs.delete(id, { missingOk: true });
    await this.forget(id);
  }

  /** Lets go of a content that is not needed any more. */
  async forget(id: string): Promise<void> {
    await this.contents.delete(id, { missingOk: true });
  }

  /** Deletes what tabs have left that were closed while they took a file in. */
  async sweep(): Promise<void> {
    for await (const { path } of this.contents.listFiles("")) {
      if (Date.now() - bornAt(path) < LEFT_MS) continue;
      if (await this.find(path) === null) await this.forget(path);
    }
  }
}
