import { Store, type StoreLike, type UploadedPart } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import {
  type Forward,
  ProxyStore,
  type StoreCall,
} from "../../../ext/proxy.ts";
import {
  pendingUploads,
  resumableUpload,
  type ResumableUploadOptions,
  type UploadToken,
} from "../../../ext/resume.ts";

/** Returns a store over a memory of its own. */
export function memory(): Store {
  return new Store({ backend: new MemoryBackend() });
}

/** Returns bytes that differ from part to part, and from seed to seed. */
export function bytesOf(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let state = seed;
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** Returns a file of a page. */
export function fileOf(
  bytes: Uint8Array<ArrayBuffer>,
  { name = "a.bin", lastModified = 1000, type = "" } = {},
): File {
  return new File([bytes], name, { lastModified, type });
}

/** What was asked of a store that uploads go to. */
export interface Sent {
  /** The parts that were sent, in their order, answered or not. */
  readonly parts: number[];
  /** How often each other step was taken. */
  readonly steps: string[];
}

/** Returns a store that counts, and that may do something before or behind a part. */
export function counted(
  inner: StoreLike,
  around: {
    readonly before?: (number: number, signal?: AbortSignal) => unknown;
    readonly behind?: (part: UploadedPart) => unknown;
    readonly completing?: () => unknown;
    readonly completed?: () => unknown;
  } = {},
): CountedStore {
  return new CountedStore(inner, { parts: [], steps: [] }, around);
}

class CountedStore extends ProxyStore {
  readonly sent: Sent;
  readonly #around: NonNullable<Parameters<typeof counted>[1]>;

  constructor(
    inner: StoreLike,
    sent: Sent,
    around: NonNullable<Parameters<typeof counted>[1]>,
  ) {
    super(inner);
    this.sent = sent;
    this.#around = around;
  }

  protected override async forward<T>(
    call: StoreCall,
    work: Forward<Promise<T>>,
  ): Promise<T> {
    const found = await super.forward(call, work);
    if (call.method !== "openUpload") return found;
    const isKnown = (call.options as { id?: string }).id !== undefined;
    if (!isKnown) this.sent.steps.push("open");
    return this.#watch(found as never) as T;
  }

  override child(path: string): CountedStore {
    return new CountedStore(this.inner.child(path), this.sent, this.#around);
  }

  #watch(
    upload: Awaited<ReturnType<StoreLike["openUpload"]>>,
  ): typeof upload {
    const { sent } = this;
    const around = this.#around;
    return {
      path: upload.path,
      id: upload.id,
      size: upload.size,
      partSize: upload.partSize,
      async part(number, bytes, options) {
        sent.parts.push(number);
        await around.before?.(number, options?.signal);
        const part = await upload.part(number, bytes, options);
        await around.behind?.(part);
        return part;
      },
      parts(options) {
        sent.steps.push("parts");
        return upload.parts(options);
      },
      async complete(parts, options) {
        sent.steps.push("complete");
        await around.completing?.();
        const result = await upload.complete(parts, options);
        await around.completed?.();
        return result;
      },
      discard(options) {
        sent.steps.push("discard");
        return upload.discard(options);
      },
    };
  }
}

/** What never comes: a process that has ended answers nothing. */
export function never(): Promise<never> {
  return new Promise(() => {});
}

/** Where the process of an upload ends: with so many parts, or around its completion. */
export interface Kill
  extends
    Pick<ResumableUploadOptions, "partSize" | "concurrency" | "overwrite"> {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly parts?: number;
  readonly at?: "complete" | "completed";
}

/**
 * Begins an upload whose process ends in the middle: nothing that it asks is answered any
 * more, and it is never heard of again. Returns what it has left.
 */
export async function killed(
  inner: StoreLike,
  tokens: StoreLike,
  { file, parts = Infinity, at, ...cut }: Kill,
): Promise<UploadToken> {
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  let left = parts;
  const store = counted(inner, {
    before: () => left-- > 0 ? undefined : (end(), never()),
    ...at === "completed" ? { completed: () => (end(), never()) } : {},
    ...at === "complete" ? { completing: () => (end(), never()) } : {},
  });
  // No lock is held by a process that has ended.
  await withoutLocks(async () => {
    const options = { tokens, ...cut };
    const upload = resumableUpload(store, fileOf(file), "a.bin", options);
    await Promise.race([over, upload]);
  });
  // Those that were begun before are answered and written down, however long that takes.
  const isWritten = ({ parts: written }: UploadToken) =>
    parts === Infinity || written.length === parts;
  for (let looks = 0; looks < 3000; looks++) {
    const found = await Array.fromAsync(pendingUploads(tokens));
    if (found.length !== 1) throw new Error(`it left ${found.length} tokens`);
    if (isWritten(found[0]!)) return found[0]!;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`of ${parts} parts not all were written down`);
}

/** Does something where the runtime has no locks. */
export async function withoutLocks<T>(work: () => Promise<T>): Promise<T> {
  const { navigator } = globalThis;
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", {
    value: { onLine: (navigator as { onLine?: boolean }).onLine },
    configurable: true,
  });
  try {
    return await work();
  } finally {
    if (before !== undefined) {
      Object.defineProperty(globalThis, "navigator", before);
    }
  }
}
