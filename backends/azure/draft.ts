// This module is browser compatible.
import type { Body, WriteRequest } from "../../core/backend.ts";
import { toStream } from "../../core/content.ts";
import { contentFields } from "../_http/headers.ts";
import { uploadStream } from "../_http/upload.ts";
import { partOffset, planUpload } from "../_http/upload_plan.ts";
import { empty } from "../_http/answer.ts";
import { ACCEPTED, CREATED } from "./answers.ts";
import type { Container } from "./container.ts";
import { deletePath } from "./dfs.ts";
import { isConflict } from "./failures.ts";
import { MAX_BLOCK_SIZE, type Settings } from "./options.ts";
import { statBlob } from "./probing.ts";
import { METADATA_PREFIX } from "./wire.ts";
import { partCheck, storedFields } from "./writing.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** How long the removal of a draft may take, in milliseconds. */
const DISCARD_BUDGET = 5000;

/**
 * A file under way, on the Data Lake endpoint: created, appended to, flushed. Nobody else
 * knows its name, so nothing of it is a change before it is renamed.
 */
export class Draft {
  /** Its key. */
  readonly key: string;
  readonly #settings: Settings;
  readonly #container: Container;
  readonly #request: WriteRequest;
  readonly #headers: Readonly<Record<string, string>>;
  #created = false;

  constructor(settings: Settings, key: string, request: WriteRequest) {
    this.key = key;
    this.#settings = settings;
    this.#container = settings.container;
    this.#request = request;
    this.#headers = pathFields(request);
  }

  /** Takes all of the content and returns the version that holds it. */
  async fill(
    body: Body,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly etag: string | null }> {
    const [stream, size] = body.kind === "bytes"
      ? [toStream(body.bytes), body.bytes.byteLength]
      : [body.stream, body.size];
    const { blockSize, concurrency } = this.#settings;
    const plan = planUpload(size, {
      partSize: blockSize,
      concurrency,
      maxParts: Infinity,
      maxPartSize: MAX_BLOCK_SIZE,
    });
    return await uploadStream<number, { etag: string | null }>(
      stream,
      plan,
      {
        single: async (bytes, inner) => {
          const etag = await this.#create(inner);
          if (bytes.byteLength === 0) return { etag };
          await this.#append(0, bytes, inner);
          return await this.#flush(bytes.byteLength, inner);
        },
        begin: async (inner) => {
          await this.#create(inner);
        },
        part: async (number, bytes, inner) => {
          await this.#append(partOffset(plan, number), bytes, inner);
          return bytes.byteLength;
        },
        complete: (sizes, inner) =>
          this.#flush(sizes.reduce((sum, part) => sum + part, 0), inner),
        abort: () => Promise.resolve(),
      },
      signal,
      {
        buffers: this.#container.buffers,
        blob: body.kind === "stream" ? body.blob : null,
      },
    );
  }

  /** Removes what there is of it, with a signal of its own: the caller's may be aborted. */
  async discard(): Promise<void> {
    if (!this.#created) return;
    const signal = AbortSignal.timeout(DISCARD_BUDGET);
    await deletePath(this.#container, this.key, { signal }).catch(() => {});
  }

  async #create(signal: AbortSignal | undefined): Promise<string | null> {
    const url = this.#container.dfsUrl(this.key, { resource: "file" });
    // From here on it may exist, whatever the answer says.
    this.#created = true;
    // A try that arrives late must not empty what has been written since.
    const headers = { ...this.#headers, "if-none-match": "*" };
    const answer = await this.#container.ask("PUT", url, {
      headers,
      answers: CREATED,
      refusals: [409, 412],
      signal,
    });
    if (answer.outcome === "done") return answer.value.get("etag");
    if (!isConflict(answer.error)) throw answer.error;
    // By an earlier try: nobody else knows the name.
    return (await statBlob(this.#container, this.key, signal))?.etag ?? null;
  }

  async #append(
    position: number,
    body: Bytes,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const query = { action: "append", position };
    const url = this.#container.dfsUrl(this.key, query);
    const headers = await partCheck(this.#request, body);
    const recipe = { headers, body, answers: ACCEPTED, signal };
    await this.#container.get("PATCH", url, recipe);
  }

  async #flush(
    position: number,
    signal: AbortSignal | undefined,
  ): Promise<{ etag: string | null }> {
    const query = { action: "flush", position, close: "true" };
    const url = this.#container.dfsUrl(this.key, query);
    const recipe = { answers: { 200: empty }, signal };
    const answered = await this.#container.get("PATCH", url, recipe);
    return { etag: answered.get("etag") };
  }
}

// Metadata travels as one field of base64 values here; on the blob endpoint each value
// comes back as its text.
function pathFields(request: WriteRequest): Record<string, string> {
  const headers = contentFields(request.headers, "x-ms-");
  const properties = Object.entries(storedFields(request))
    .filter(([name]) => name.startsWith(METADATA_PREFIX))
    .map(([name, value]) =>
      `${name.slice(METADATA_PREFIX.length)}=${btoa(value)}`
    );
  if (properties.length > 0) headers["x-ms-properties"] = properties.join(",");
  return headers;
}
