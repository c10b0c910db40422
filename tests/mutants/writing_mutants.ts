import { MemoryBackend } from "../../backends/memory.ts";
import type {
  Body,
  Entry,
  SignalRequest,
  WriteFacts,
  WriteRequest,
} from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { brokenBackend, type Mutant } from "./mutant.ts";

const NO_HEADERS: WriteRequest["headers"] = {
  contentType: null,
  cacheControl: null,
  contentDisposition: null,
  contentEncoding: null,
  contentLanguage: null,
};

type Change = (
  request: WriteRequest,
  backend: MemoryBackend,
  key: string,
) => WriteRequest | Promise<WriteRequest>;

/** A memory that changes what it is asked to write. */
function changing(change: Change): MemoryBackend {
  return new class extends MemoryBackend {
    override async write(
      key: string,
      body: Body,
      request: WriteRequest,
    ): Promise<WriteFacts> {
      return await super.write(key, body, await change(request, this, key));
    }
  }();
}

/** A memory whose answer to a write says something else. */
function answering(
  change: (facts: WriteFacts) => Partial<WriteFacts>,
): MemoryBackend {
  return new class extends MemoryBackend {
    override async write(
      key: string,
      body: Body,
      request: WriteRequest,
    ): Promise<WriteFacts> {
      const facts = await super.write(key, body, request);
      return { ...facts, ...change(facts) };
    }
  }();
}

/** Reads what a stream gives before it ends or fails. */
async function whatComes(
  stream: ReadableStream<Uint8Array>,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; error: unknown }> {
  const parts: BlobPart[] = [];
  const reader = stream.getReader();
  let error: unknown;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value as Uint8Array<ArrayBuffer>);
    }
  } catch (failure) {
    error = failure;
  }
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return { bytes, error };
}

/** A memory that does something else where a source fails. */
function onFailure(
  react: (
    backend: MemoryBackend,
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    request: WriteRequest,
  ) => Promise<unknown>,
): MemoryBackend {
  return new class extends MemoryBackend {
    override async write(
      key: string,
      body: Body,
      request: WriteRequest,
    ): Promise<WriteFacts> {
      if (body.kind === "bytes") return await super.write(key, body, request);
      const { bytes, error } = await whatComes(body.stream);
      if (error === undefined) {
        return await super.write(key, { kind: "bytes", bytes }, request);
      }
      await react(this, key, bytes, request);
      throw error;
    }
  }();
}

const ANY = { overwrite: true, ifMatch: null };

/** A memory that gives no bytes of its own a copy. */
class SharingMemory extends MemoryBackend {
  readonly shared = new Map<string, Uint8Array<ArrayBuffer>>();

  override async write(
    key: string,
    body: Body,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    const facts = await super.write(key, body, request);
    if (body.kind === "bytes") this.shared.set(key, body.bytes);
    else this.shared.delete(key);
    return facts;
  }

  override async read(...args: Parameters<MemoryBackend["read"]>) {
    const answer = await super.read(...args);
    const body = this.shared.get(args[0]);
    return answer && body ? { ...answer, body } : answer;
  }
}

/** A memory that looks, waits, and then puts. */
class RacingMemory extends MemoryBackend {
  override async write(
    key: string,
    body: Body,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    const entry: Entry = await this.stat(key);
    const exists = entry !== null && entry.kind === "file";
    if (exists) return await super.write(key, body, request);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return await super.write(key, body, { ...request, condition: ANY });
  }
}

/** A memory that says something else of its files. */
function telling(
  change: (entry: Entry & { kind: "file" }) => object,
): MemoryBackend {
  return new class extends MemoryBackend {
    override async stat(
      ...[key]: [key: string, request?: SignalRequest]
    ): Promise<Entry> {
      const entry = await super.stat(key);
      return entry?.kind === "file" ? { ...entry, ...change(entry) } : entry;
    }
  }();
}

/** Backends that are wrong when they write, or about what they have written. */
export const WRITING_MUTANTS: readonly Mutant[] = [
  brokenBackend(
    "HEAD-001",
    "drops cacheControl without a word",
    () =>
      changing((request) => ({
        ...request,
        headers: { ...request.headers, cacheControl: null },
      })),
  ),
  brokenBackend(
    "WR-013",
    "drops metadata",
    () => changing((request) => ({ ...request, metadata: null })),
  ),
  brokenBackend(
    "WR-013",
    "trims metadata values",
    () =>
      changing((request) => ({
        ...request,
        metadata: request.metadata && Object.fromEntries(
          Object.entries(request.metadata).map((
            [key, value],
          ) => [key, value.trim()]),
        ),
      })),
  ),
  brokenBackend(
    "WR-013",
    "squeezes metadata into Latin-1",
    () =>
      changing((request) => ({
        ...request,
        metadata: request.metadata && Object.fromEntries(
          Object.entries(request.metadata).map(([key, value]) => [
            key,
            // deno-lint-ignore no-control-regex -- Latin-1 has control characters
            value.replace(/[^\x00-\xff]/g, "?"),
          ]),
        ),
      })),
  ),
  brokenBackend(
    "WR-013",
    "merges metadata with that of the file before",
    () =>
      changing(async (request, backend, key) => {
        const entry = await backend.stat(key);
        const old = entry?.kind === "file" ? entry.metadata : null;
        return {
          ...request,
          metadata: old || request.metadata
            ? { ...old, ...request.metadata }
            : null,
        };
      }),
  ),
  brokenBackend(
    "WR-001a",
    "drops contentType",
    () => changing((request) => ({ ...request, headers: NO_HEADERS })),
  ),
  brokenBackend("BE-008", "always overwrites", () =>
    changing((request) => ({
      ...request,
      condition: { ...request.condition, overwrite: true },
    }))),
  brokenBackend("BE-008", "never overwrites", () =>
    changing((request) => ({
      ...request,
      condition: request.condition.ifMatch === null
        ? { overwrite: false, ifMatch: null }
        : request.condition,
    }))),
  brokenBackend("CAS-001", "ignores ifMatch", () =>
    changing((request) => ({
      ...request,
      condition: { ...request.condition, ifMatch: null },
    }))),
  brokenBackend(
    "CAS-002",
    "looks first, and puts later",
    () => new RacingMemory(),
  ),
  brokenBackend(
    "WR-001a",
    "returns the raw Date header as lastModified",
    () =>
      answering(({ lastModified }) => ({
        lastModified: (lastModified ?? 0) + 5000,
      })),
  ),
  brokenBackend(
    "WR-001a",
    "gives another etag in the answer to a write",
    () => answering(({ etag }) => ({ etag: `"${etag?.slice(1, -1)}-w"` })),
  ),
  brokenBackend(
    "BE-008",
    "gives an etag without its quotes",
    () => answering(({ etag }) => ({ etag: etag?.slice(1, -1) ?? null })),
  ),
  brokenBackend(
    "BE-016",
    "says an etag without its quotes of a file",
    () => telling(({ etag }) => ({ etag: etag?.slice(1, -1) })),
  ),
  brokenBackend(
    "CAS-001",
    "has one etag for all versions",
    () =>
      new class extends FlatBackend {
        override nextEtag() {
          return '"same"';
        }
      }(),
  ),
  brokenBackend(
    "BE-016",
    "says a size that is one too large",
    () => telling(({ size }) => ({ size: (size ?? 0) + 1 })),
  ),
  brokenBackend(
    "WR-001a",
    "does not say a size",
    () => telling(() => ({ size: null })),
  ),
  brokenBackend(
    "WR-013",
    "says empty metadata where there is none",
    () => telling(({ metadata }) => ({ metadata: metadata ?? {} })),
  ),
  brokenBackend(
    "MOD-001",
    "says a time in seconds",
    () =>
      telling(({ lastModified }) => ({
        lastModified: (lastModified ?? 0) / 1000,
      })),
  ),
  brokenBackend(
    "MEM-011",
    "keeps the caller's own buffer",
    () => new SharingMemory(),
  ),
  brokenBackend(
    "AW-004",
    "keeps the part of a source that failed",
    () =>
      onFailure((backend, key, bytes, request) =>
        MemoryBackend.prototype.write.call(backend, key, {
          kind: "bytes",
          bytes,
        }, request)
      ),
  ),
  brokenBackend(
    "AW-004",
    "leaves a temporary file behind",
    () =>
      onFailure((backend, key, bytes, request) =>
        MemoryBackend.prototype.write.call(backend, `${key}.tmp`, {
          kind: "bytes",
          bytes,
        }, { ...request, condition: ANY })
      ),
  ),
  brokenBackend(
    "AW-003",
    "deletes the old file before it writes the new one",
    () =>
      onFailure((backend, key) =>
        backend.delete(key, { ifMatch: null, signal: undefined })
      ),
  ),
  brokenBackend(
    "SIO-003",
    "takes the first chunk of a stream only",
    () =>
      new class extends MemoryBackend {
        override async write(key: string, body: Body, request: WriteRequest) {
          if (body.kind === "bytes") {
            return await super.write(
              key,
              body,
              request,
            );
          }
          const reader = body.stream.getReader();
          const { value } = await reader.read();
          while (!(await reader.read()).done);
          const bytes = new Uint8Array(value ?? []);
          return await super.write(key, { kind: "bytes", bytes }, request);
        }
      }(),
  ),
  brokenBackend(
    "MEM-014",
    "claims folders and has none",
    () =>
      new class extends FlatBackend {
        override readonly namespace = "hierarchical" as never;
      }(),
  ),
  brokenBackend(
    "BE-008",
    "puts a file where a folder is",
    () =>
      new class extends MemoryBackend {
        override async write(key: string, body: Body, request: WriteRequest) {
          const entry = await this.stat(key);
          if (entry?.kind === "folder") {
            await this.removeFolder(key, {
              recursive: true,
              signal: undefined,
            });
          }
          return await super.write(key, body, request);
        }
      }(),
  ),
];
