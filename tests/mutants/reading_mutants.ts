import { MemoryBackend } from "../../backends/memory.ts";
import type {
  Body,
  DeleteRequest,
  Entry,
  ListPage,
  ListRequest,
  ReadAnswer,
  ReadRequest,
  RemoveFolderRequest,
  SignalRequest,
  WriteRequest,
} from "../../mod.ts";
import { NotFoundError } from "../../mod.ts";
import { FlatBackend } from "./flat_backend.ts";
import { brokenBackend, type Mutant } from "./mutant.ts";

/** A flat store whose answer to a read is another one. */
function reading(
  change: (
    answer: ReadAnswer,
    backend: FlatBackend,
    key: string,
    request: ReadRequest,
  ) => Partial<ReadAnswer>,
): FlatBackend {
  return new class extends FlatBackend {
    override async read(key: string, request: ReadRequest) {
      const answer = await super.read(key, request);
      return answer && { ...answer, ...change(answer, this, key, request) };
    }
  }();
}

/** A flat store that is asked for another listing than the kernel wants. */
function listing(
  change: (
    list: (prefix: string, request: ListRequest) => Promise<ListPage>,
    prefix: string,
    request: ListRequest,
    backend: FlatBackend,
  ) => Promise<ListPage>,
): FlatBackend {
  return new class extends FlatBackend {
    override list(prefix: string, request: ListRequest): Promise<ListPage> {
      const list = (at: string, asked: ListRequest) => super.list(at, asked);
      return change(list, prefix, request, this);
    }
  }();
}

/** A flat store whose keys are other ones than it is given. */
function renaming(rename: (key: string) => string): FlatBackend {
  return new class extends FlatBackend {
    override stat(key: string) {
      return super.stat(rename(key));
    }

    override read(key: string, request: ReadRequest) {
      return super.read(rename(key), request);
    }

    override write(key: string, body: Body, request: WriteRequest) {
      return super.write(rename(key), body, request);
    }

    override delete(key: string, request: DeleteRequest) {
      return super.delete(rename(key), request);
    }
  }();
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** A stream whose end is never told to the backend. */
function leaking(
  answer: ReadAnswer,
  backend: FlatBackend,
): Partial<ReadAnswer> {
  backend.openBodies.add({});
  return answer;
}

/** Backends that are wrong when they read, list or find. */
export const READING_MUTANTS: readonly Mutant[] = [
  brokenBackend("SIO-001", "forgets to release a body", () => reading(leaking)),
  brokenBackend(
    "BE-006",
    "reads one byte too few",
    () =>
      reading(({ body, length }) => ({
        body: body instanceof ReadableStream
          ? body.pipeThrough(dropFirst())
          : body,
        length: Math.max((length ?? 0) - 1, 0),
      })),
  ),
  brokenBackend(
    "SEEK-002",
    "starts a range one byte late",
    () =>
      new class extends FlatBackend {
        override read(key: string, request: ReadRequest) {
          const { range } = request;
          return super.read(key, {
            ...request,
            range: range && "offset" in range && range.offset > 0
              ? { ...range, offset: range.offset + 1 }
              : range,
          }).then((answer) =>
            answer && range !== null && "offset" in range
              ? { ...answer, offset: Math.min(range.offset, answer.offset) }
              : answer
          );
        }
      }(),
  ),
  brokenBackend(
    "SEEK-002",
    "takes a suffix for an offset",
    () =>
      new class extends FlatBackend {
        override read(key: string, request: ReadRequest) {
          const { range } = request;
          return super.read(key, {
            ...request,
            range: range && "suffix" in range
              ? { offset: range.suffix }
              : range,
          }).then((answer) => {
            if (
              answer === null || range === null || !("suffix" in range)
            ) return answer;
            const offset = Math.max(0, (answer.entry.size ?? 0) - range.suffix);
            return { ...answer, offset };
          });
        }
      }(),
  ),
  brokenBackend(
    "MEM-011",
    "hands out the bytes that it keeps",
    () =>
      reading((_, backend, key) => {
        const bytes = backend.objects.get(key)?.bytes ?? new Uint8Array(0);
        return {
          offset: 0,
          length: bytes.byteLength,
          body: new ReadableStream<Uint8Array>({
            start(controller) {
              controller.enqueue(bytes);
              controller.close();
            },
          }),
        };
      }),
  ),
  brokenBackend(
    "MEM-010",
    "reads on in a version that came in between",
    () =>
      reading((answer, backend, key, { range }) => {
        if (range !== null) return {};
        const size = answer.length ?? 0;
        let at = 0;
        return {
          body: new ReadableStream<Uint8Array>({
            pull(controller) {
              const bytes = backend.objects.get(key)?.bytes ??
                new Uint8Array(0);
              if (at >= size) return controller.close();
              controller.enqueue(bytes.slice(at, at += 16 * 1024));
            },
          }, { highWaterMark: 0 }),
        };
      }),
  ),
  brokenBackend(
    "BE-006",
    "reads an absent file as an empty one",
    () =>
      new class extends MemoryBackend {
        override async read(
          key: string,
          request: ReadRequest,
        ): Promise<ReadAnswer | null> {
          const answer = await super.read(key, request);
          if (answer !== null || (await this.stat(key)) !== null) return answer;
          const entry = {
            kind: "file",
            size: 0,
            lastModified: null,
            etag: null,
            digest: null,
            contentType: null,
            metadata: null,
            extra: null,
          } as const;
          return { entry, offset: 0, length: 0, body: new Uint8Array(0) };
        }
      }(),
  ),
  brokenBackend(
    "BE-021",
    "reports an absent file as a failure of its own",
    () =>
      new class extends MemoryBackend {
        override async read(key: string, request: ReadRequest) {
          const answer = await super.read(key, request);
          if (answer === null) throw new TypeError("404");
          return answer;
        }
      }(),
  ),
  brokenBackend(
    "BE-005",
    "takes a folder for an empty file",
    () =>
      new class extends MemoryBackend {
        override async stat(key: string): Promise<Entry> {
          const entry = await super.stat(key);
          if (entry?.kind !== "folder") return entry;
          return {
            kind: "file",
            size: 0,
            lastModified: null,
            etag: null,
            digest: null,
            contentType: null,
            metadata: null,
            extra: null,
          };
        }
      }(),
  ),
  brokenBackend(
    "BE-014",
    "lists ab/x under a",
    () =>
      listing((list, prefix, request) =>
        list(prefix.endsWith("/") ? prefix.slice(0, -1) : prefix, request)
      ),
  ),
  brokenBackend(
    "BE-014",
    "lists the first page only",
    () =>
      listing(async (list, prefix, request) => ({
        ...await list(prefix, request),
        cursor: null,
      })),
  ),
  brokenBackend("BE-014", "ends a listing quietly at its third page", () => {
    let pages = 0;
    return listing(async (list, prefix, request) => {
      pages = request.cursor === null ? 1 : pages + 1;
      const page = await list(prefix, request);
      return pages < 3 ? page : { ...page, cursor: null };
    });
  }),
  brokenBackend(
    "BE-014",
    "lists an entry of the last page again",
    () =>
      listing(async (list, prefix, request) => {
        const page = await list(prefix, request);
        return { ...page, files: [...page.files, ...page.files.slice(-1)] };
      }),
  ),
  brokenBackend(
    "BE-015",
    "lists a folder once for each of its files",
    () =>
      listing(async (list, prefix, request) => {
        const page = await list(prefix, request);
        return {
          ...page,
          folders: page.folders.flatMap((key) => [key, ...page.folders]),
        };
      }),
  ),
  brokenBackend(
    "BE-015",
    "knows no folders",
    () =>
      listing(async (list, prefix, request) => ({
        ...await list(prefix, request),
        folders: [],
      })),
  ),
  brokenBackend(
    "BE-014",
    "rejects where there is nothing to list",
    () =>
      listing(async (list, prefix, request) => {
        const page = await list(prefix, request);
        if (
          prefix === "" || request.cursor !== null ||
          page.files.length + page.folders.length > 0
        ) return page;
        throw new NotFoundError();
      }),
  ),
  brokenBackend(
    "BE-014",
    "lists the whole root everywhere",
    () =>
      listing((list, prefix, request) =>
        list(prefix === "" ? "" : "", request)
      ),
  ),
  brokenBackend(
    "WR-001a",
    "lists another etag than it gives elsewhere",
    () =>
      listing(async (list, prefix, request) => {
        const page = await list(prefix, request);
        const files = page.files.map((file) => ({
          ...file,
          etag: file.etag?.slice(0, -1) + '-l"',
        }));
        return { ...page, files };
      }),
  ),
  brokenBackend(
    "GLOB-014",
    "globs in whole folders only",
    () =>
      listing((list, prefix, request) =>
        prefix === "" || prefix.endsWith("/")
          ? list(prefix, request)
          : list(`${prefix}/`, request)
      ),
  ),
  brokenBackend(
    "PATH-013",
    "knows no upper case",
    () => renaming((key) => key.toLowerCase()),
  ),
  brokenBackend(
    "PATH-013",
    "composes letters",
    () => renaming((key) => key.normalize("NFC")),
  ),
  brokenBackend("PATH-006", "decodes percent signs", () => renaming(decoded)),
  brokenBackend(
    "PATH-006",
    "writes a plus for a space",
    () => renaming((key) => key.replaceAll(" ", "+")),
  ),
  brokenBackend(
    "PATH-006",
    "trims spaces",
    () =>
      renaming((key) =>
        key.split("/").map((name) => name.trim() || name).join("/")
      ),
  ),
  brokenBackend(
    "BE-025",
    "encodes native paths, and cannot undo it",
    () =>
      new class extends FlatBackend {
        override nativePath(key: string) {
          return encodeURI(super.nativePath(key)) + "?versionId=1";
        }
      }(),
  ),
  brokenBackend(
    "BE-012",
    "deletes what begins alike",
    () =>
      new class extends FlatBackend {
        override delete(key: string, request: DeleteRequest) {
          for (const at of [...this.objects.keys()]) {
            if (at.startsWith(key)) this.objects.delete(at);
          }
          return super.delete(key, request);
        }
      }(),
  ),
  brokenBackend(
    "BE-012",
    "says of everything that it has deleted it",
    () =>
      new class extends MemoryBackend {
        override async delete(key: string, request: DeleteRequest) {
          await super.delete(key, request);
          return true;
        }
      }(),
  ),
  brokenBackend(
    "MEM-014",
    "removes a folder with its last file",
    () =>
      new class extends MemoryBackend {
        override async delete(key: string, request: DeleteRequest) {
          const removed = await super.delete(key, request);
          const parent = key.slice(0, Math.max(0, key.lastIndexOf("/")));
          if (parent !== "") {
            await this.removeFolder(parent, {
              recursive: false,
              signal: undefined,
            });
          }
          return removed;
        }
      }(),
  ),
  brokenBackend(
    "BE-013",
    "removes folders with all in them, asked or not",
    () =>
      new class extends MemoryBackend {
        override removeFolder(key: string, { signal }: RemoveFolderRequest) {
          return super.removeFolder(key, { recursive: true, signal });
        }
      }(),
  ),
  brokenBackend(
    "BE-013",
    "removes the folder that begins alike, too",
    () =>
      new class extends MemoryBackend {
        override async removeFolder(key: string, request: RemoveFolderRequest) {
          await super.removeFolder(`${key}2`, request);
          return await super.removeFolder(key, request);
        }
      }(),
  ),
  brokenBackend(
    "BE-020",
    "can be used after close, and has forgotten all",
    () =>
      new class extends MemoryBackend {
        override close() {
          return super.removeFolder("folder", {
            recursive: true,
            signal: undefined,
          })
            .then(() =>
              super.delete("a.txt", { ifMatch: null, signal: undefined })
            ).then(() => {});
        }
      }(),
  ),
  brokenBackend(
    "PING-001",
    "writes to see whether it lives",
    () =>
      new class extends MemoryBackend {
        override async ping(..._: [SignalRequest?]) {
          const headers = {
            contentType: null,
            cacheControl: null,
            contentDisposition: null,
            contentEncoding: null,
            contentLanguage: null,
          };
          const condition = { overwrite: true, ifMatch: null };
          await this.write("ping.tmp", {
            kind: "bytes",
            bytes: new Uint8Array(0),
          }, { condition, headers, metadata: null, signal: undefined });
        }
      }(),
  ),
];

function dropFirst(): TransformStream<Uint8Array, Uint8Array> {
  let isFirst = true;
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(isFirst ? chunk.slice(1) : chunk);
      isFirst = false;
    },
  });
}
