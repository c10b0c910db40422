// This module is browser compatible.
import type { Backend } from "./backend.ts";
import type {
  BackendUploads,
  OpenPartsRequest,
  UploadedPart,
} from "./backend_uploads.ts";
import { cross, type KeyCall } from "./boundary.ts";
import { uploadGone } from "./commit.ts";
import { BackendUnavailableError, refuse, RemoteStoreError } from "./errors.ts";
import { type CheckedWrite, isCount } from "./gates.ts";
import { CALL, type KnownOptions, requireKnown } from "./known_options.ts";
import type { AskedUpload, MultipartUpload } from "./multipart_upload.ts";
import type { CallOptions, PartOptions } from "./options.ts";
import { cycleDetector } from "./paging.ts";
import { toWriteResult, type WriteResult } from "./results.ts";
import { look } from "./writing.ts";

/** Opens an upload as it was asked for, or goes on with one. */
export async function open(
  { call, checked, size, partSize, id }: AskedUpload,
): Promise<MultipartUpload> {
  if (id !== null && partSize !== null) {
    return new OpenUpload(call, checked, { size, partSize, id });
  }
  const { mount, key } = call;
  return await cross(call, async (signal) => {
    await look(mount, key, checked, false, signal);
    const uploads = uploadsOf(mount.reach(signal));
    const cut = { size, partSize: uploads.partSizeFor(size, partSize) };
    const request = { ...promiseOf(checked), ...cut, signal };
    const id = await uploads.open(key, request);
    return new OpenUpload(call, checked, { ...cut, id });
  });
}

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
    return this.#list(this.#begin(options, CALL));
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
    const call = this.#begin(options, CALL);
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
    const call = this.#begin(options, CALL);
    await this.#step(
      call,
      (uploads, request) => uploads.discard(call.key, request),
    );
  }

  #begin<O extends CallOptions>(
    options: O,
    known: KnownOptions<O>,
  ): KeyCall {
    const { mount, action } = this.#call;
    mount.requireOpen(action, this.path);
    requireKnown(action, this.path, options, known);
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
    refuse(this.#call.action, this.path, why);
  }
}

const PART: KnownOptions<PartOptions> = { signal: true, digest: true };

function promiseOf(
  { condition, headers, metadata }: CheckedWrite,
): Pick<OpenPartsRequest, "condition" | "headers" | "metadata"> {
  return { condition, headers, metadata };
}

function uploadsOf({ uploads }: Backend): BackendUploads {
  if (uploads !== undefined) return uploads;
  throw new RemoteStoreError(
    "the backend declares resumable_upload and has no uploads",
  );
}
