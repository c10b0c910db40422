/**
 * A backend that sends what it is given to a discarding server, in parts as S3 takes
 * them, or to nobody: what a write costs on this side.
 *
 * @module
 */
import { uploadStream } from "../backends/_http/upload.ts";
import { planUpload } from "../backends/_http/upload_plan.ts";
import {
  type Backend,
  type Body,
  CapabilitySet,
  type WriteFacts,
  type WriteRequest,
} from "../mod.ts";

const MIB = 1024 * 1024;
const FACTS: WriteFacts = {
  etag: null,
  versionId: null,
  lastModified: null,
  digest: null,
};

/** Takes writes and forgets them. */
export class DiscardingBackend implements Backend {
  readonly name = "discarding";
  readonly capabilities = new CapabilitySet([
    "write",
    "atomic_write",
    "conditional_write",
  ]);
  readonly namespace = "flat" as const;
  readonly closeIsTerminal = false;
  readonly deleteTells = false;
  readonly #url: string | null;

  /** Creates the backend; without a server bytes go nowhere. */
  constructor(url: string | null) {
    this.#url = url;
  }

  async write(
    _: string,
    body: Body,
    { signal }: WriteRequest,
  ): Promise<WriteFacts> {
    if (body.kind === "bytes") throw new Error("streams only");
    if (this.#url === null) return await this.#drop(body.stream);
    const send = async (
      part: Uint8Array<ArrayBuffer>,
      signal: AbortSignal | undefined,
    ) => {
      const request = { method: "PUT", body: part, signal: signal ?? null };
      await (await fetch(this.#url!, request)).body?.cancel();
      return null;
    };
    return await uploadStream(
      body.stream,
      planUpload(null, {
        partSize: 8 * MIB,
        concurrency: 4,
        maxParts: 10_000,
        maxPartSize: 5120 * MIB,
      }),
      {
        single: async (bytes, signal) => {
          await send(bytes, signal);
          return FACTS;
        },
        begin: () => Promise.resolve(),
        part: (_, bytes, signal) => send(bytes, signal),
        complete: () => Promise.resolve(FACTS),
        abort: () => Promise.resolve(),
      },
      signal,
    );
  }

  async #drop(stream: ReadableStream<Uint8Array>): Promise<WriteFacts> {
    const reader = stream.getReader();
    while (!(await reader.read()).done);
    return FACTS;
  }

  stat = refuse;
  read = refuse;
  delete = refuse;
  list = refuse;
  ping = refuse;
  close = () => Promise.resolve();
  nativePath = (key: string) => key;
  toKey = (path: string) => path;
}

function refuse(): Promise<never> {
  return Promise.reject(new Error("it only takes writes"));
}
