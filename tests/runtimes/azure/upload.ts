/**
 * A long stream of unknown length against a counting `fetch`, for any runtime.
 *
 * @module
 */
import { AzureBackend } from "../../../backends/azure/mod.ts";
import { Store } from "../../../mod.ts";

/** What was measured. */
export interface Upload {
  /** The bytes that the write took. */
  readonly size: number;
  /** The most bytes of bodies that were under way at once. */
  readonly inFlight: number;
  /** How many bytes arrived. */
  readonly arrived: number;
}

const CHUNK = 64 * 1024;

/** Uploads `mib` MiB to a server that swallows bodies, as a stream or buffered. */
export async function upload(
  sink: string,
  mib: number,
  buffered: boolean,
): Promise<Upload> {
  const size = mib * 1024 * 1024;
  let under = 0;
  let inFlight = 0;
  let arrived = 0;
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    if (init.method === "HEAD") return new Response(null, { status: 404 });
    const { body = null } = init;
    const bytes = body instanceof Blob
      ? body.size
      : (body as Uint8Array | null)?.byteLength ?? 0;
    under += bytes;
    inFlight = Math.max(inFlight, under);
    const { search } = new URL(url);
    const response = await globalThis.fetch(sink + search, init);
    await response.arrayBuffer();
    under -= bytes;
    if (search.includes("comp=block&")) arrived += bytes;
    return new Response(null, { status: 201, headers: { etag: '"1"' } });
  };
  const backend = new AzureBackend({
    container: "files",
    hns: false,
    accountName: "fake",
    accountKey: btoa("key"),
    fetch,
  });
  // No `await using`: Node 20 does not parse it.
  const store = new Store({ backend });
  const source = streamOf(size);
  const content = buffered
    ? new Uint8Array(await new Response(source).arrayBuffer())
    : source;
  const result = await store.write("large", content, { overwrite: true });
  await store.close();
  return { size: result.size, inFlight, arrived };
}

function streamOf(size: number): ReadableStream<Uint8Array> {
  let left = size;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      left -= CHUNK;
      controller.enqueue(new Uint8Array(CHUNK));
    },
  }, { highWaterMark: 0 });
}
