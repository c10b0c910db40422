import { MemoryBackend } from "../../backends/memory.ts";
import type { CopyRequest } from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { brokenBackend, type Mutant } from "./mutant.ts";

const ANY = { overwrite: true, ifMatch: null };

/** Backends that are wrong when they copy or move. */
export const TRANSFER_MUTANTS: readonly Mutant[] = [
  brokenBackend(
    "BE-018",
    "moves, and keeps the source",
    () =>
      new class extends MemoryBackend {
        override move(source: string, target: string, request: CopyRequest) {
          return super.copy(source, target, request);
        }
      }(),
  ),
  brokenBackend(
    "BE-018",
    "moves at the second try only",
    () =>
      new class extends FlatBackend {
        override delete(key: string) {
          return Promise.resolve(this.objects.has(key));
        }
      }(),
  ),
  brokenBackend(
    "BE-019",
    "copies over what is there",
    () =>
      new class extends FlatBackend {
        override copy(source: string, target: string, request: CopyRequest) {
          return super.copy(source, target, { ...request, condition: ANY });
        }
      }(),
  ),
  brokenBackend(
    "BE-018",
    "moves over what came in between",
    () =>
      new class extends MemoryBackend {
        override async move(
          source: string,
          target: string,
          request: CopyRequest,
        ) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          await super.move(source, target, { ...request, condition: ANY });
        }
      }(),
  ),
  brokenBackend(
    "WR-013",
    "copies the bytes and not the metadata",
    () =>
      new class extends FlatBackend {
        override async copy(
          source: string,
          target: string,
          request: CopyRequest,
        ) {
          await super.copy(source, target, request);
          const stored = this.objects.get(target);
          if (stored === undefined) return;
          const entry = { ...stored.entry, metadata: null, contentType: null };
          this.objects.set(target, { ...stored, entry });
        }
      }(),
  ),
  brokenBackend(
    "WR-013",
    "copies onto the metadata that is there",
    () =>
      new class extends FlatBackend {
        override async copy(
          source: string,
          target: string,
          request: CopyRequest,
        ) {
          const old = this.objects.get(target)?.entry.metadata ?? null;
          await super.copy(source, target, request);
          const stored = this.objects.get(target);
          if (stored === undefined || old === null) return;
          const metadata = { ...old, ...stored.entry.metadata };
          this.objects.set(target, {
            ...stored,
            entry: { ...stored.entry, metadata },
          });
        }
      }(),
  ),
  brokenBackend("BE-019", "links instead of copying", () => {
    const links = new Map<string, string>();
    return new class extends FlatBackend {
      override async copy(
        source: string,
        target: string,
        request: CopyRequest,
      ) {
        await super.copy(source, target, request);
        links.set(target, source);
      }

      override read(...[key, request]: Parameters<FlatBackend["read"]>) {
        return super.read(links.get(key) ?? key, request);
      }
    }();
  }),
  brokenBackend(
    "BE-018",
    "claims ATOMIC_MOVE, and deletes first",
    () =>
      new class extends MemoryBackend {
        override async move(
          source: string,
          target: string,
          request: CopyRequest,
        ) {
          const hidden = ".moving";
          await super.move(source, hidden, { ...request, condition: ANY });
          await new Promise((resolve) => setTimeout(resolve, 1));
          await super.move(hidden, target, request);
        }
      }(),
  ),
];
