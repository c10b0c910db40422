import {
  BackendUnavailableError,
  type CallOptions,
  type DeleteOptions,
  type FileInfo,
  isRemoteStoreError,
  type ListFilesOptions,
  NotFoundError,
  type OpenFile,
  type OpenOptions,
  type ReadOptions,
  type TransferOptions,
} from "../../mod.ts";
import { brokenStore, type Mutant } from "./mutant.ts";
import { PassThrough } from "./pass_through.ts";

/** Proxies that are wrong when they read, look or move: what the kernel does not let a backend do. */
export const PROXY_READING_MUTANTS: readonly Mutant[] = [
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
    "FIND-002",
    "forgets missingOk of open",
    (store) =>
      new class extends PassThrough {
        override open(path: string, options: OpenOptions = {}) {
          return super.open(path, { ...options, missingOk: false });
        }
      }(store),
  ),
  brokenStore(
    "FIND-002",
    "takes a folder for an error of open, with missingOk too",
    (store) =>
      new class extends PassThrough {
        override async open(path: string, options: OpenOptions = {}) {
          const { missingOk, ...rest } = options;
          if (!missingOk || await this.exists(path)) {
            return await super.open(path, rest);
          }
          return await super.open(path, options) as OpenFile;
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
];
