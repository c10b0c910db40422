import { MemoryBackend } from "../../backends/memory.ts";
import {
  type Body,
  type DeleteRequest,
  type ListPage,
  type ListRequest,
  NotFoundError,
  type ReadRequest,
  type RemoveFolderRequest,
  type SignalRequest,
  type WriteRequest,
} from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { brokenBackend, type Mutant } from "./mutant.ts";

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

/** Backends that are wrong when they list, delete, or about keys. */
export const LISTING_MUTANTS: readonly Mutant[] = [
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
    "lists each file as a folder, too",
    () =>
      listing(async (list, prefix, request) => {
        const page = await list(prefix, request);
        const folders = [...page.folders, ...page.files.map(({ key }) => key)];
        return { ...page, folders };
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
    () => listing((list, _prefix, request) => list("", request)),
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
    "NAME-001",
    "lists runs of slashes as one",
    () =>
      listing(async (list, prefix, request) => {
        const page = await list(prefix, request);
        const files = page.files.map((file) => ({
          ...file,
          key: file.key.replaceAll(/\/+/g, "/"),
        }));
        return { ...page, files };
      }),
  ),
  brokenBackend(
    "NAME-006",
    "hides markers",
    () =>
      listing(async (list, prefix, request) => {
        const page = await list(prefix, request);
        const files = page.files.filter(({ key }) => !key.endsWith("/"));
        return { ...page, files };
      }),
  ),
  brokenBackend(
    "NAME-008",
    "deletes another object than the one named",
    () =>
      new class extends FlatBackend {
        override delete(key: string, request: DeleteRequest) {
          return super.delete(key.replaceAll(/\/+/g, "/"), request);
        }
      }(),
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
    "CAS-006",
    "deletes any version",
    () =>
      new class extends MemoryBackend {
        override delete(key: string, request: DeleteRequest) {
          return super.delete(key, { ...request, ifMatch: null });
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
          }, {
            condition,
            headers,
            metadata: null,
            check: null,
            signal: undefined,
          });
        }
      }(),
  ),
];
