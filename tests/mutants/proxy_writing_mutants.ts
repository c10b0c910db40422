import type {
  AtomicWriter,
  OpenAtomicOptions,
  WriteContent,
  WriteOptions,
} from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
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

/** Proxies that are wrong when they write. */
export const PROXY_WRITING_MUTANTS: readonly Mutant[] = [
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
            new TextDecoder("utf-8", { ignoreBOM: true }).decode(
              new TextEncoder().encode(text),
            ),
            options,
          );
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
              if (options?.overwrite) await store.write(path, chunk, options);
            },
          });
        }
      }(store),
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
