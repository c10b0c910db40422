import { MemoryBackend } from "../../backends/memory.ts";
import type { Entry, ReadAnswer, ReadRequest } from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
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
      if (answer === null) return null;
      const changed = change(answer, this, key, request);
      // What is handed out in its stead is the fault, not a body that leaks.
      const { body } = answer;
      const isReplaced = changed.body !== undefined && changed.body !== body;
      if (isReplaced && body instanceof ReadableStream && !body.locked) {
        await body.cancel();
      }
      return { ...answer, ...changed };
    }
  }();
}

/** A stream whose end is never told to the backend. */
function leaking(
  answer: ReadAnswer,
  backend: FlatBackend,
): Partial<ReadAnswer> {
  backend.openBodies.add({});
  return answer;
}

/** Backends that are wrong when they read. */
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
    // Of any other stream the kernel copies what it gives.
    "gives away the bytes that it keeps",
    () =>
      reading((_, backend, key) => {
        const bytes = backend.objects.get(key)?.bytes ?? new Uint8Array(0);
        return {
          offset: 0,
          length: bytes.byteLength,
          body: new ReadableStream({
            type: "bytes",
            start(controller) {
              if (bytes.byteLength > 0) controller.enqueue(bytes);
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
