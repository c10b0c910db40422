/**
 * A backend that fails on command: at the n-th call of any primitive, on the n-th
 * page of a listing, at the n-th chunk of a body in either direction. It counts calls
 * and knows which bodies were let go.
 *
 * @module
 */
import { MemoryBackend } from "../../backends/memory.ts";
import type {
  Backend,
  Body,
  Capability,
  CopyRequest,
  DeleteRequest,
  Entry,
  ListPage,
  ListRequest,
  ReadAnswer,
  ReadRequest,
  RemoveFolderRequest,
  SignalRequest,
  WriteFacts,
  WriteRequest,
} from "../../mod.ts";
import { FlatBackend, type FlatOptions } from "./flat_backend.ts";

/** Where it can fail. `list` counts pages; `chunk` those of read bodies, `source` those of written ones. */
export type Point =
  | "stat"
  | "read"
  | "chunk"
  | "write"
  | "source"
  | "commit"
  | "delete"
  | "list"
  | "removeFolder"
  | "createFolder"
  | "deleteMany"
  | "copy"
  | "move"
  | "ping"
  | "close";

/** What happens there. */
export type Fault =
  | {
    /** Rejects with this value. */
    readonly reject: unknown;
  }
  | {
    /** Throws this value before there is a promise. */
    readonly throws: unknown;
  }
  | {
    /** Waits until the signal is aborted. */
    readonly hang: true;
  }
  | {
    /** Calls the test, then goes on. */
    readonly run: () => unknown;
  };

/** A read body that was handed out. */
export interface TrackedBody {
  /** What became of it. */
  state: "open" | "ended" | "cancelled" | "failed";
  /** What it was cancelled with. */
  reason: unknown;
}

/** How the backend is made. */
export interface FailingOptions extends FlatOptions {
  /** Whether folders exist. */
  readonly namespace?: "flat" | "hierarchical";
  /** Whether close is for good. */
  readonly closeIsTerminal?: boolean;
  /** Whether read bodies are bytes at hand instead of a stream. */
  readonly atHand?: boolean;
}

/** The entries of a page, few so that a small fixture has many pages. */
const PAGE_ENTRIES = 1;
/** The bytes of a chunk, few so that a small file has many chunks. */
const CHUNK_BYTES = 4;

/** Wraps a memory, or a flat map, and fails on command. */
export class FailingBackend implements Backend {
  readonly name = "failing";
  readonly namespace: "flat" | "hierarchical";
  readonly capabilities: ReadonlySet<Capability>;
  readonly closeIsTerminal: boolean;
  readonly deleteTells: boolean;
  readonly folderMarks: boolean;
  /** The points that were reached, in order. */
  readonly calls: Point[] = [];
  /** The points that were reached with a signal already aborted. */
  readonly late: Point[] = [];
  /** The bodies that were handed out. */
  readonly bodies: TrackedBody[] = [];
  /** What each delete was asked for. */
  readonly deletes: { key: string; ifMatch: string | null }[] = [];
  /** The most deletes that were in flight at once. */
  peak = 0;
  /** What does not fail. */
  readonly inner: Backend;

  removeFolder?: NonNullable<Backend["removeFolder"]>;
  deleteMany?: NonNullable<Backend["deleteMany"]>;
  createFolder?: NonNullable<Backend["createFolder"]>;
  copy?: NonNullable<Backend["copy"]>;
  move?: NonNullable<Backend["move"]>;

  readonly #atHand: boolean;
  #faults: { point: Point; nth: number; fault: Fault }[] = [];
  #counts = new Map<Point, number>();
  #deleting = 0;

  constructor(options: FailingOptions = {}) {
    const { namespace = "hierarchical", without = [] } = options;
    this.inner = namespace === "flat"
      ? new FlatBackend({
        ...options,
        without: [],
        chunkBytes: null,
        pageEntries: 1000,
      })
      : new MemoryBackend();
    this.namespace = namespace;
    this.capabilities = new Set(
      [...this.inner.capabilities].filter((one) => !without.includes(one)),
    );
    this.closeIsTerminal = options.closeIsTerminal ?? false;
    this.deleteTells = this.inner.deleteTells;
    this.folderMarks = this.inner.folderMarks ?? false;
    this.#atHand = options.atHand ?? false;
    this.#wrapOptional();
  }

  /** Makes the `nth` arrival at a point from now on fail. */
  fail(point: Point, fault: Fault, nth = 1): void {
    this.#faults.push({
      point,
      nth: (this.#counts.get(point) ?? 0) + nth,
      fault,
    });
  }

  /** Forgets calls, bodies and faults; the files stay. */
  reset(): void {
    this.calls.length = this.late.length = this.bodies.length = 0;
    this.deletes.length = this.peak = 0;
    this.#faults = [];
    this.#counts = new Map();
  }

  stat(key: string, request: SignalRequest): Promise<Entry> {
    return this.#at("stat", request, () => this.inner.stat(key, request));
  }

  read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    return this.#at("read", request, async () => {
      const answer = await this.inner.read(key, request);
      if (answer === null || this.#atHand) return answer;
      const { body } = answer;
      if (!(body instanceof Uint8Array)) throw new Error("bytes are expected");
      return { ...answer, body: this.#stream(body, request) };
    });
  }

  write(key: string, body: Body, request: WriteRequest): Promise<WriteFacts> {
    return this.#at("write", request, async () => {
      const bytes = body.kind === "bytes"
        ? body.bytes.slice()
        : await this.#drain(body.stream, request);
      await this.#at("commit", request);
      return await this.inner.write(key, { kind: "bytes", bytes }, request);
    });
  }

  delete(key: string, request: DeleteRequest): Promise<boolean> {
    return this.#at("delete", request, async () => {
      this.deletes.push({ key, ifMatch: request.ifMatch });
      this.peak = Math.max(this.peak, ++this.#deleting);
      await Promise.resolve();
      this.#deleting--;
      return await this.inner.delete(key, request);
    });
  }

  list(prefix: string, request: ListRequest): Promise<ListPage> {
    const limit = request.limit ?? PAGE_ENTRIES;
    return this.#at(
      "list",
      request,
      () => this.inner.list(prefix, { ...request, limit }),
    );
  }

  ping(request: SignalRequest): Promise<void> {
    return this.#at("ping", request, () => this.inner.ping(request));
  }

  close(): Promise<void> {
    return this.#at("close", { signal: undefined }, () => this.inner.close());
  }

  nativePath(key: string): string {
    return this.inner.nativePath(key);
  }

  toKey(nativePath: string): string {
    return this.inner.toKey(nativePath);
  }

  /** What the kernel may do without must be absent here where it is absent there. */
  #wrapOptional(): void {
    const { inner } = this;
    const { removeFolder, createFolder, deleteMany, copy, move } = inner;
    if (removeFolder !== undefined) {
      this.removeFolder = (key: string, request: RemoveFolderRequest) =>
        this.#at(
          "removeFolder",
          request,
          () => removeFolder.call(inner, key, request),
        );
    }
    if (createFolder !== undefined) {
      this.createFolder = (key: string, request: SignalRequest) =>
        this.#at(
          "createFolder",
          request,
          () => createFolder.call(inner, key, request),
        );
    }
    if (deleteMany !== undefined) {
      this.deleteMany = (keys: readonly string[], request: SignalRequest) =>
        this.#at(
          "deleteMany",
          request,
          () => deleteMany.call(inner, keys, request),
        );
    }
    if (copy !== undefined) {
      this.copy = (from: string, to: string, request: CopyRequest) =>
        this.#at("copy", request, () => copy.call(inner, from, to, request));
    }
    if (move !== undefined) {
      this.move = (from: string, to: string, request: CopyRequest) =>
        this.#at("move", request, () => move.call(inner, from, to, request));
    }
  }

  #at(point: Point, request: SignalRequest): Promise<void>;
  #at<T>(
    point: Point,
    request: SignalRequest,
    work: () => Promise<T>,
  ): Promise<T>;
  #at(
    point: Point,
    { signal }: SignalRequest,
    work?: () => Promise<unknown>,
  ): Promise<unknown> {
    this.calls.push(point);
    if (signal?.aborted) this.late.push(point);
    const count = (this.#counts.get(point) ?? 0) + 1;
    this.#counts.set(point, count);
    const fault = this.#faults.find((one) =>
      one.point === point && one.nth === count
    )?.fault;
    if (fault !== undefined && "throws" in fault) throw fault.throws;
    return (async () => {
      if (fault !== undefined) await strike(fault, signal);
      return await work?.();
    })();
  }

  #stream(
    bytes: Uint8Array<ArrayBuffer>,
    request: SignalRequest,
  ): ReadableStream<Uint8Array> {
    const body: TrackedBody = { state: "open", reason: undefined };
    this.bodies.push(body);
    let offset = 0;
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          await this.#at("chunk", request);
        } catch (error) {
          body.state = "failed";
          throw error;
        }
        if (body.state !== "open") return;
        if (offset < bytes.length) {
          controller.enqueue(bytes.slice(offset, offset += CHUNK_BYTES));
        } else {
          body.state = "ended";
          controller.close();
        }
      },
      cancel: (reason) => {
        body.state = "cancelled";
        body.reason = reason;
      },
    }, { highWaterMark: 0 });
  }

  async #drain(
    stream: ReadableStream<Uint8Array>,
    request: SignalRequest,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const reader = stream.getReader();
    const taken: number[] = [];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Uint8Array(taken);
      taken.push(...value);
      await this.#at("source", request);
    }
  }
}

async function strike(
  fault: Fault,
  signal: AbortSignal | undefined,
): Promise<void> {
  if ("reject" in fault) throw fault.reject;
  if ("run" in fault) {
    await fault.run();
    return;
  }
  if (signal === undefined) throw new Error("nothing could end this call");
  await new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
