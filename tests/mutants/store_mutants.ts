import { MemoryBackend } from "../../backends/memory.ts";
import {
  type AtomicWriter,
  BackendUnavailableError,
  type CallOptions,
  type DeleteOptions,
  type FileInfo,
  isRemoteStoreError,
  type ListFilesOptions,
  NotFoundError,
  type OpenAtomicOptions,
  type ReadOptions,
  type StoreLike,
  type TransferOptions,
  type WriteContent,
  type WriteOptions,
} from "../../mod.ts";
import { FlatBackend } from "./flat_backend.ts";
import { brokenStore, type Mutant } from "./mutant.ts";
import { PassThrough } from "./pass_through.ts";

const basic = () =>
  new FlatBackend({
    capabilities: ["read", "write", "delete", "list", "metadata"],
  });

async function drained(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());
}

/** Proxies, each wrong in one way: what the kernel does not let a backend do. */
export const STORE_MUTANTS: readonly Mutant[] = [
  brokenStore(
    "SIO-005",
    "turns every error of exists into false",
    (store) =>
      new class extends PassThrough {
        override exists(path: string, options?: CallOptions) {
          return super.exists(path, options).catch(() => false);
        }
      }(store),
  ),
  brokenStore(
    "SIO-005",
    "maps an abort to BackendUnavailable",
    (store) =>
      new class extends PassThrough {
        override readBytes(path: string, options?: ReadOptions) {
          return super.readBytes(path, options).catch((error) => {
            if (
              isRemoteStoreError(error) || error instanceof TypeError
            ) throw error;
            throw new BackendUnavailableError("aborted", { cause: error });
          });
        }
      }(store),
  ),
  brokenStore(
    "SIO-005",
    "does not pass a signal on",
    (store) =>
      new class extends PassThrough {
        override copy(
          source: string,
          target: string,
          options?: TransferOptions,
        ) {
          const { signal: _, ...rest } = options ?? {};
          return super.copy(source, target, rest);
        }
      }(store),
  ),
  brokenStore(
    "SIO-005",
    "writes without an end to its source",
    (store) =>
      new class extends PassThrough {
        override write(
          path: string,
          content: WriteContent,
          options?: WriteOptions,
        ) {
          if (
            !(content instanceof ReadableStream) || content.locked
          ) return super.write(path, content, options);
          let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
          const copy = new ReadableStream<Uint8Array>({
            async pull(controller) {
              reader ??= content.getReader();
              const { done, value } = await reader.read();
              if (done) controller.close();
              else controller.enqueue(value);
            },
          }, { highWaterMark: 0 });
          return super.write(path, copy, options);
        }
      }(store),
  ),
  brokenStore(
    "SIO-004",
    "reports an absent file at the first read of its stream",
    (store) =>
      new class extends PassThrough {
        override async read(path: string, options?: ReadOptions) {
          try {
            return await super.read(path, options);
          } catch (error) {
            if (
              !isRemoteStoreError(error) || error.code !== "NotFound"
            ) throw error;
            return new ReadableStream<Uint8Array>({
              pull: (controller) => controller.error(error),
            });
          }
        }
      }(store),
  ),
  brokenStore(
    "RTXT-001",
    "eats a byte order mark",
    (store) =>
      new class extends PassThrough {
        override async readText(path: string, options?: CallOptions) {
          return (await super.readText(path, options)).replace(/^\ufeff/, "");
        }
      }(store),
  ),
  brokenStore(
    "RTXT-001",
    "replaces ill-formed bytes",
    (store) =>
      new class extends PassThrough {
        override async readText(path: string, options?: ReadOptions) {
          return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
            await super.readBytes(path, options),
          );
        }
      }(store),
  ),
  brokenStore(
    "WTXT-001",
    "replaces lone surrogates",
    (store) =>
      new class extends PassThrough {
        override async writeText(
          path: string,
          text: string,
          options?: WriteOptions,
        ) {
          if (typeof text !== "string") {
            return await super.writeText(path, text, options);
          }
          return await super.writeText(
            path,
            new TextDecoder().decode(new TextEncoder().encode(text)),
            options,
          );
        }
      }(store),
  ),
  brokenStore(
    "ASYNC-045",
    "checks at the first pull",
    (store) =>
      new class extends PassThrough {
        override async *listFiles(path: string, options?: ListFilesOptions) {
          yield* super.listFiles(path, options);
        }
      }(store),
  ),
  brokenStore(
    "ASYNC-045",
    "lists when it is called",
    (store) =>
      new class extends PassThrough {
        override listFiles(path: string, options?: ListFilesOptions) {
          const iterable = super.listFiles(path, options);
          const all = (async () => {
            const files: FileInfo[] = [];
            for await (const file of iterable) files.push(file);
            return files;
          })();
          all.catch(() => {});
          return {
            async *[Symbol.asyncIterator]() {
              yield* await all;
            },
          };
        }
      }(store),
  ),
  brokenStore(
    "DEPTH-001",
    "counts depth from one",
    (store) =>
      new class extends PassThrough {
        override listFiles(path: string, options: ListFilesOptions = {}) {
          const { maxDepth } = options;
          return super.listFiles(
            path,
            maxDepth ? { ...options, maxDepth: maxDepth - 1 } : options,
          );
        }
      }(store),
  ),
  brokenStore(
    "GLOB-001",
    "matches names without case",
    (store) =>
      new class extends PassThrough {
        override listFiles(path: string, options: ListFilesOptions = {}) {
          const { pattern } = options;
          if (typeof pattern !== "string" || pattern === "") {
            return super
              .listFiles(path, options);
          }
          const { pattern: _, ...rest } = options;
          const files = super.listFiles(path, rest);
          const text = pattern.toLowerCase().replace(/[.+^${}()|\\]/g, "\\$&")
            .replaceAll("[!", "[^").replaceAll("*", ".*").replaceAll("?", ".");
          return (async function* () {
            for await (const file of files) {
              if (
                new RegExp(`^${text}$`).test(file.name.toLowerCase())
              ) yield file;
            }
          })();
        }
      }(store),
  ),
  brokenStore(
    "BE-029",
    "takes ./ for a file",
    (store) =>
      new class extends PassThrough {
        override write(
          path: string,
          content: WriteContent,
          options?: WriteOptions,
        ) {
          return super.write(
            path === "./" ? "unnamed" : path,
            content,
            options,
          );
        }
      }(store),
  ),
  brokenStore(
    "STORE-008a",
    "copies and deletes to move a file onto itself",
    (store) =>
      new class extends PassThrough {
        override async move(
          source: string,
          target: string,
          options?: TransferOptions,
        ) {
          await super.copy(source, target, options);
          if (source !== target) await super.delete(source);
        }
      }(store),
  ),
  brokenStore(
    "BE-018",
    "looks at the destination first",
    (store) =>
      new class extends PassThrough {
        override async move(
          source: string,
          target: string,
          options?: TransferOptions,
        ) {
          if (!options?.overwrite && source !== target) {
            const stands = await this.isFile(target).catch(() => false);
            if (stands && !await this.isFile(source).catch(() => true)) {
              await super.write(target, "", { overwrite: false });
            }
          }
          await super.move(source, target, options);
        }
      }(store),
  ),
  brokenStore(
    "BE-021",
    "says the backend's path in errors",
    (store) =>
      new class extends PassThrough {
        override getFileInfo(path: string, options?: CallOptions) {
          return super.getFileInfo(path, options).catch((error) => {
            if (
              !isRemoteStoreError(error) || error.code !== "NotFound"
            ) throw error;
            throw new NotFoundError(error.message, {
              path: `root/${error.path}`,
              backend: error.backend,
            });
          });
        }
      }(store),
  ),
  brokenStore(
    "BE-021",
    "does not say the backend in errors",
    (store) =>
      new class extends PassThrough {
        override delete(path: string, options?: DeleteOptions) {
          return super.delete(path, options).catch((error) => {
            if (
              !isRemoteStoreError(error) || error.code !== "NotFound"
            ) throw error;
            throw new NotFoundError(error.message, { path: error.path });
          });
        }
      }(store),
  ),
  brokenStore(
    "BE-012",
    "forgives a folder where a miss is fine",
    (store) =>
      new class extends PassThrough {
        override delete(path: string, options?: DeleteOptions) {
          return super.delete(path, options).catch((error) => {
            if (
              options?.missingOk !== true || !isRemoteStoreError(error)
            ) throw error;
          });
        }
      }(store),
  ),
  brokenStore(
    "BE-008",
    "gives results that can be changed",
    (store) =>
      new class extends PassThrough {
        override async write(
          path: string,
          content: WriteContent,
          options?: WriteOptions,
        ) {
          return { ...await super.write(path, content, options) };
        }
      }(store),
  ),
  brokenStore(
    "WR-008",
    "calls a look native",
    (store) =>
      new class extends PassThrough {
        override async head(path: string, options?: CallOptions) {
          const result = await super.head(path, options);
          return Object.freeze({ ...result, source: "native" as "sidecar" });
        }
      }(store),
  ),
  brokenStore("MOD-001", "gives one Date to all", (store) => {
    const dates = new Map<string, Date | null>();
    return new class extends PassThrough {
      override async getFileInfo(path: string, options?: CallOptions) {
        const info = await super.getFileInfo(path, options);
        if (!dates.has(path)) dates.set(path, info.lastModified);
        return Object.freeze({
          ...info,
          lastModified: dates.get(path) ?? null,
        });
      }
    }(store);
  }),
  brokenStore(
    "CHILD-006",
    "closes the parent with its child",
    (store) =>
      new class extends PassThrough {
        override child(path: string): StoreLike {
          const parent = this.inner;
          return new class extends PassThrough {
            override close() {
              return parent.close();
            }
          }(super.child(path));
        }
      }(store),
    () => new FlatBackend(),
  ),
  brokenStore(
    "CHILD-001",
    "takes all children for equal",
    (store) =>
      new class extends PassThrough {
        override child(path: string): StoreLike {
          return new class extends PassThrough {
            override equals() {
              return true;
            }
          }(super.child(path));
        }
      }(store),
  ),
  brokenStore(
    "STR-001",
    "tells the size of each chunk",
    (store) =>
      new class extends PassThrough {
        override write(
          path: string,
          content: WriteContent,
          options: WriteOptions = {},
        ) {
          const { onProgress } = options;
          if (typeof onProgress !== "function") {
            return super.write(path, content, options);
          }
          let last = 0;
          return super.write(path, content, {
            ...options,
            onProgress(bytes) {
              onProgress(bytes - last);
              last = bytes;
            },
          });
        }
      }(store),
  ),
  brokenStore(
    "AW-002",
    "falls back from writeAtomic to write",
    (store) =>
      new class extends PassThrough {
        override writeAtomic(
          path: string,
          content: WriteContent,
          options?: WriteOptions,
        ) {
          return super.write(path, content, options);
        }
      }(store),
    basic,
  ),
  brokenStore(
    "WR-010",
    "drops metadata that the backend cannot keep",
    (store) =>
      new class extends PassThrough {
        override write(
          path: string,
          content: WriteContent,
          options: WriteOptions = {},
        ) {
          const { metadata: _, ...rest } = options;
          return super.write(path, content, rest);
        }
      }(store),
    basic,
  ),
  brokenStore(
    "CAS-001",
    "drops ifMatch where the backend cannot keep it",
    (store) =>
      new class extends PassThrough {
        override write(
          path: string,
          content: WriteContent,
          options: WriteOptions = {},
        ) {
          const { ifMatch, ...rest } = options;
          return super.write(
            path,
            content,
            ifMatch === undefined ? options : { ...rest, overwrite: true },
          );
        }
      }(store),
    basic,
  ),
  brokenStore(
    "WR-011",
    "counts metadata in characters",
    (store) =>
      new class extends PassThrough {
        override write(
          path: string,
          content: WriteContent,
          options: WriteOptions = {},
        ) {
          const values = Object.values(options.metadata ?? {});
          const isLong = values.some((value) =>
            typeof value === "string" && value.length > 2040 &&
            value.endsWith("ü")
          );
          return super.write(
            path,
            content,
            isLong ? { ...options, metadata: { k: "v" } } : options,
          );
        }
      }(store),
  ),
  brokenStore(
    "AW-003",
    "takes the stream before it looks",
    (store) =>
      new class extends PassThrough {
        override async write(
          path: string,
          content: WriteContent,
          options?: WriteOptions,
        ) {
          if (
            !(content instanceof ReadableStream) || content.locked
          ) return await super.write(path, content, options);
          return await super.write(path, await drained(content), options);
        }
      }(store),
  ),
  brokenStore(
    "SAW-003",
    "commits a writer that is disposed of",
    (store) =>
      new class extends PassThrough {
        override async openAtomic(path: string, options?: OpenAtomicOptions) {
          const writer = await super.openAtomic(path, options);
          return proxyOf(writer, {
            [Symbol.asyncDispose]: async () => void await writer.close(),
          });
        }
      }(store),
  ),
  brokenStore(
    "SAW-001",
    "shows what a writer has before it is closed",
    (store) =>
      new class extends PassThrough {
        override async openAtomic(path: string, options?: OpenAtomicOptions) {
          const writer = await super.openAtomic(path, options);
          return proxyOf(writer, {
            write: async (chunk: Uint8Array | string) => {
              await writer.write(chunk);
              await store.write(path, chunk, { overwrite: true });
            },
          });
        }
      }(store),
  ),
  brokenStore(
    "SEEK-002",
    "opens a blob of whatever version comes",
    (store) =>
      new class extends PassThrough {
        override async openBlob(path: string, options?: CallOptions) {
          const blob = await super.openBlob(path, options);
          return Object.assign(Object.create(blob), {
            size: blob.size,
            text: () => store.readText(path),
            bytes: () => store.readBytes(path),
            slice: (from?: number, to?: number, type?: string) =>
              blob.slice(from, to, type),
            stream: () => blob.stream(),
            arrayBuffer: () => blob.arrayBuffer(),
          });
        }
      }(store),
  ),
  brokenStore("CAP-001", "changes its mind about what it can", (store) => {
    let asked = 0;
    return new class extends PassThrough {
      override supports(capability: Parameters<StoreLike["supports"]>[0]) {
        return super.supports(capability) &&
          (capability !== "presign" || asked++ < 1) &&
          !(capability === "glob" && asked++ > 3);
      }
    }(new PassThrough(store));
  }, () => new FlatBackend()),
  brokenStore(
    "NPR-013",
    "takes database/x to be below data",
    (store) =>
      new class extends PassThrough {
        override child(path: string): StoreLike {
          const parent = this.inner;
          return new class extends PassThrough {
            override toKey(nativePath: string) {
              const root = parent.nativePath(path);
              return nativePath.startsWith(root)
                ? nativePath.slice(root.length).replace(/^\//, "")
                : super.toKey(nativePath);
            }
          }(super.child(path));
        }
      }(store),
  ),
  brokenStore(
    "STORE-012",
    "gives a child the parent's paths",
    (store) =>
      new class extends PassThrough {
        override child(path: string): StoreLike {
          return new class extends PassThrough {
            override async write(
              at: string,
              content: WriteContent,
              options?: WriteOptions,
            ) {
              const result = await super.write(at, content, options);
              return Object.freeze({
                ...result,
                path: `${path}/${result.path}`,
              });
            }
          }(super.child(path));
        }
      }(store),
  ),
  brokenStore(
    "BE-020",
    "answers for the root after a terminal close",
    (store) =>
      new class extends PassThrough {
        override exists(path: string, options?: CallOptions) {
          return path === ""
            ? Promise.resolve(true)
            : super.exists(path, options);
        }
      }(store),
    () => new FlatBackend(),
  ),
  brokenStore(
    "STORE-013",
    "unwraps whatever it is asked for",
    (store) =>
      new class extends PassThrough {
        override unwrap<T>(_type: abstract new (...args: never[]) => T): T {
          return this.inner as T;
        }
      }(store),
    () => new MemoryBackend(),
  ),
];

function proxyOf(
  writer: AtomicWriter,
  own: Partial<AtomicWriter>,
): AtomicWriter {
  return {
    get position() {
      return writer.position;
    },
    get result() {
      return writer.result;
    },
    writable: writer.writable,
    write: (chunk) => writer.write(chunk),
    close: () => writer.close(),
    abort: (reason) => writer.abort(reason),
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
    ...own,
  };
}
