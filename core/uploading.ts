// This module is browser compatible.
import type { Backend } from "./backend.ts";
import type {
  BackendUploads,
  OpenPartsRequest,
  UploadedPart,
} from "./backend_uploads.ts";
import { beginFile, cross, type KeyCall } from "./boundary.ts";
import { uploadGone } from "./commit.ts";
import { BackendUnavailableError, refuse, RemoteStoreError } from "./errors.ts";
import { type CheckedWrite, checkWrite } from "./gates.ts";
import {
  type KnownOptions,
  METHOD_OPTIONS,
  requireKnown,
} from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type { CallOptions, OpenUploadOptions, PartOptions } from "./options.ts";
import { cycleDetector } from "./paging.ts";
import { toWriteResult, type WriteResult } from "./results.ts";
import { look } from "./writing.ts";

/**
 * An upload in parts that is open at the service, and stays so until it is completed or
 * discarded, or until the service's own rule ends it. Whoever has its `id` and its options
 * goes on with it, in another process too. Parts are sent in any order, several at once.
 */
export interface MultipartUpload {
  /** The path, store-relative. */
  readonly path: string;
  /** Its name at the service: text that is the backend's own. */
  readonly id: string;
  /** The size of the whole, in bytes. */
  readonly size: number;
  /** The size of every part but the last, in bytes. */
  readonly partSize: number;
  /**
   * Sends a part, numbered from 1, and returns what the service calls it. One that is
   * there already is replaced. An upload that is gone is {@linkcode NotFoundError}.
   */
  part(
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
    options?: PartOptions,
  ): Promise<UploadedPart>;
  /**
   * Lists the parts that the service has, in pages; of a number that was sent twice Azure
   * lists both. An upload that is gone, because it was completed, discarded or ended by a
   * rule, is {@linkcode NotFoundError}; Azure does not tell one from an upload without parts.
   */
  parts(options?: CallOptions): AsyncIterable<UploadedPart>;
  /**
   * Makes the file of its parts: all of them, as {@linkcode MultipartUpload.part} or
   * {@linkcode MultipartUpload.parts} gave them. Resolves also where that has been done
   * before, which is how an answer that was lost is asked for again. An upload that is
   * gone is {@linkcode NotFoundError}.
   */
  complete(
    parts: Iterable<UploadedPart>,
    options?: CallOptions,
  ): Promise<WriteResult>;
  /**
   * Throws it away, with its parts. One that is gone is no error. Azure has no call for it:
   * its parts count for nothing, and end within a week.
   */
  discard(options?: CallOptions): Promise<void>;
}

/** Opens an upload in parts, or goes on with one. */
export async function openUpload(
  mount: Mount,
  path: string,
  options: OpenUploadOptions,
): Promise<MultipartUpload> {
  const known = METHOD_OPTIONS.openUpload;
  const call = beginFile(mount, ACTION, path, options, known);
  const checked = checkWrite(mount, ACTION, path, options, "write");
  const { size, partSize, id } = options;
  if (!isCount(size)) refuse(ACTION, path, `size is ${String(size)}`);
  if (partSize !== undefined && !isCount(partSize)) {
    refuse(ACTION, path, `partSize is ${String(partSize)}`);
  }
  mount.require("resumable_upload", ACTION, path);
  if (id !== undefined) {
    if (typeof id !== "string" || id === "") refuse(ACTION, path, "id is none");
    if (partSize === undefined) {
      refuse(ACTION, path, "an upload goes on with the partSize that it got");
    }
    return new OpenUpload(call, checked, { size, partSize, id });
  }
  return await cross(call, async (signal) => {
    await look(mount, call.key, checked, false, signal);
    const uploads = uploadsOf(mount.reach(signal));
    const chosen = uploads.partSizeFor(size, partSize ?? null);
    const cut = { size, partSize: chosen };
    const request = { ...promiseOf(checked), ...cut, signal };
    const id = await uploads.open(call.key, request);
    return new OpenUpload(call, checked, { ...cut, id });
  });
}

const ACTION = "upload";

/** What a part of the promise never changes. */
type Cut = Pick<OpenPartsRequest, "size" | "partSize" | "id">;

class OpenUpload implements MultipartUpload {
  readonly path: string;
  readonly id: string;
  readonly size: number;
  readonly partSize: number;
  readonly #call: KeyCall;
  readonly #checked: CheckedWrite;

  constructor(call: KeyCall, checked: CheckedWrite, cut: Cut) {
    this.path = call.path;
    this.id = cut.id;
    this.size = cut.size;
    this.partSize = cut.partSize;
    // The signal of the opening is not that of its steps.
    this.#call = { ...call, signal: undefined };
    this.#checked = checked;
  }

  async part(
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
    options: PartOptions = {},
  ): Promise<UploadedPart> {
    const call = this.#begin(options, PART);
    this.#requirePart(number, bytes);
    // Attempts go on after the caller has its buffer back.
    const own = bytes.slice();
    const { digest = null } = options;
    const tag = await this.#step(
      call,
      (uploads, request) =>
        uploads.part(call.key, number, own, digest, request),
    );
    return Object.freeze({ number, size: own.byteLength, tag });
  }

  parts(options: CallOptions = {}): AsyncIterable<UploadedPart> {
    return this.#list(this.#begin(options, METHOD_OPTIONS.call));
  }

  async *#list(call: KeyCall): AsyncIterable<UploadedPart> {
    const isRepeated = cycleDetector();
    let cursor: string | null = null;
    do {
      const at: string | null = cursor;
      const page = await this.#step(call, async (uploads, request) => {
        const found = await uploads.parts(call.key, at, request);
        if (found === null) throw uploadGone();
        if (found.cursor === null || !isRepeated(found.cursor)) return found;
        throw new BackendUnavailableError("the list of parts goes round");
      });
      yield* page.parts;
      cursor = page.cursor;
    } while (cursor !== null);
  }

  async complete(
    parts: Iterable<UploadedPart>,
    options: CallOptions = {},
  ): Promise<WriteResult> {
    const call = this.#begin(options, METHOD_OPTIONS.call);
    const all = this.#requireAll(parts);
    const facts = await this.#step(
      call,
      (uploads, request) => uploads.complete(call.key, all, request),
    );
    const native = call.mount.has("write_result_native");
    const { metadata } = this.#checked;
    return toWriteResult(this.path, this.size, facts, native, metadata);
  }

  async discard(options: CallOptions = {}): Promise<void> {
    const call = this.#begin(options, METHOD_OPTIONS.call);
    await this.#step(
      call,
      (uploads, request) => uploads.discard(call.key, request),
    );
  }

  #begin<O extends CallOptions>(
    options: O,
    known: KnownOptions<O>,
  ): KeyCall {
    const { mount } = this.#call;
    mount.requireOpen(ACTION, this.path);
    requireKnown(ACTION, this.path, options, known);
    return { ...this.#call, signal: options.signal };
  }

  #step<T>(
    call: KeyCall,
    work: (
      uploads: BackendUploads,
      request: OpenPartsRequest,
    ) => Promise<T>,
  ): Promise<T> {
    return cross(call, async (signal) => {
      const { id, size, partSize } = this;
      const promise = promiseOf(this.#checked);
      const request = { ...promise, id, size, partSize, signal };
      return await work(uploadsOf(call.mount.reach(signal)), request);
    });
  }

  get #count(): number {
    return Math.ceil(this.size / this.partSize);
  }

  #sizeOf(number: number): number {
    return Math.min(this.partSize, this.size - (number - 1) * this.partSize);
  }

  #requirePart(number: number, bytes: unknown): void {
    if (!isCount(number) || number > this.#count) {
      this.#refuse(`it has no part ${number}, it has ${this.#count}`);
    }
    if (!(bytes instanceof Uint8Array)) {
      this.#refuse(`part ${number} is no Uint8Array`);
    }
    const needed = this.#sizeOf(number);
    if (bytes.byteLength === needed) return;
    this.#refuse(
      `part ${number} has ${bytes.byteLength} bytes, ${needed} are needed`,
    );
  }

  #requireAll(parts: Iterable<UploadedPart>): readonly UploadedPart[] {
    const all: UploadedPart[] = [];
    for (const part of parts) {
      const { number, size } = part;
      if (!isCount(number) || number > this.#count || all[number - 1]) {
        this.#refuse(`there is no part ${number}, or it is there twice`);
      }
      if (size !== this.#sizeOf(number)) {
        this.#refuse(`part ${number} has ${size} bytes`);
      }
      all[number - 1] = part;
    }
    for (let number = 1; number <= this.#count; number++) {
      if (!all[number - 1]) this.#refuse(`part ${number} is missing`);
    }
    return all;
  }

  #refuse(why: string): never {
    refuse(ACTION, this.path, why);
  }
}

const PART: KnownOptions<PartOptions> = { signal: true, digest: true };

function promiseOf(
  { condition, headers, metadata }: CheckedWrite,
): Pick<OpenPartsRequest, "condition" | "headers" | "metadata"> {
  return { condition, headers, metadata };
}

function uploadsOf(backend: Backend): BackendUploads {
  const { uploads } = backend;
  if (uploads !== undefined) return uploads;
  throw new RemoteStoreError(
    "the backend declares resumable_upload and has no uploads",
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
