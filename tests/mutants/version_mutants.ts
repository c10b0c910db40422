import { MemoryBackend } from "../../backends/memory.ts";
import type {
  DeleteRequest,
  Entry,
  ReadAnswer,
  ReadRequest,
  StatRequest,
} from "../../mod.ts";
import { brokenBackend, type Mutant } from "./mutant.ts";

class Versioned extends MemoryBackend {
  constructor() {
    super({ versions: true });
  }
}

/** Versions that are mixed up, lost or left. */
export const VERSION_MUTANTS: readonly Mutant[] = [
  brokenBackend(
    "VER-001",
    "reads the current version, and says that it is the one asked for",
    () =>
      new class extends Versioned {
        override async read(
          key: string,
          request: ReadRequest,
        ): Promise<ReadAnswer | null> {
          const { versionId } = request;
          const found = await super.read(key, { ...request, versionId: null });
          if (found === null || !versionId) return found;
          const extra = { ...found.entry.extra, versionId };
          return { ...found, entry: { ...found.entry, extra } };
        }
      }(),
  ),
  brokenBackend(
    "VER-005",
    "gives the current file for a version that is not there",
    () =>
      new class extends Versioned {
        override async stat(key: string, request: StatRequest): Promise<Entry> {
          const { versionId = null } = request;
          const found = await super.stat(key, request);
          if (found !== null || versionId === null) return found;
          const entry = await super.stat(key, { signal: request.signal });
          return entry?.kind === "file"
            ? { ...entry, extra: { versionId } }
            : entry;
        }
      }(),
  ),
  brokenBackend(
    "VER-004",
    "deletes the file where a version was meant",
    () =>
      new class extends Versioned {
        override delete(key: string, request: DeleteRequest) {
          return super.delete(key, { ...request, versionId: null });
        }
      }(),
  ),
  brokenBackend(
    "VER-003",
    "forgets the versions of what is deleted",
    () =>
      new class extends Versioned {
        override async delete(key: string, request: DeleteRequest) {
          const entry = await super.stat(key, { signal: undefined });
          const done = await super.delete(key, request);
          const versionId = entry?.kind === "file"
            ? entry.extra?.["versionId"]
            : null;
          if (typeof versionId === "string") {
            await super.delete(key, { ...request, versionId });
          }
          return done;
        }
      }(),
  ),
  brokenBackend(
    "VER-002",
    "ignores conditions about a version",
    () =>
      new class extends Versioned {
        override async read(
          key: string,
          request: ReadRequest,
        ): Promise<ReadAnswer | null> {
          const current = await super.stat(key, { signal: request.signal });
          const found = await super.read(key, { ...request, ifMatch: null });
          if (found === null || current?.kind !== "file") return found;
          return { ...found, entry: { ...found.entry, etag: current.etag } };
        }
      }(),
  ),
];
