/**
 * A Worker over one store for all of its requests, on its own bucket: what a request
 * brings is written, and what many do at once is counted.
 *
 * @module
 */
import { R2Backend } from "../../../backends/r2/mod.ts";
import { isRemoteStoreError, Store } from "../../../mod.ts";
import type { Env } from "./edge.ts";

const MIB = 1024 * 1024;
let store: Store | undefined;

/** A stream of a known length, as a request's body or a Blob has it. */
function contentOf(fill: number, size: number): Blob {
  const part = new Uint8Array(MIB).fill(fill);
  return new Blob(Array.from({ length: size / MIB }, () => part));
}

async function race(store: Store, path: string, blobs: boolean) {
  const size = 12 * MIB;
  const creators = Array.from({ length: blobs ? 16 : 4 }, async (_, fill) => {
    const blob = contentOf(fill, blobs ? 6 * MIB : size);
    // A stream tells nobody how long it is.
    const content = blobs ? blob : blob.stream();
    try {
      await store.write(path, content);
      return fill;
    } catch (error) {
      return isRemoteStoreError(error) ? error.code : `${error}`;
    }
  });
  const outcomes = await Promise.all(creators);
  const bytes = await store.readBytes(path);
  const whole = bytes.every((byte) => byte === bytes[0]);
  return { outcomes, size: bytes.byteLength, whole, fill: bytes[0] };
}

async function list(store: Store, count: number) {
  const paths = Array.from({ length: count }, (_, i) => `many/${10_000 + i}`);
  for (let at = 0; at < count; at += 100) {
    await Promise.all(
      paths.slice(at, at + 100).map((path) =>
        store.write(path, path, { metadata: { of: path }, contentType: "a/b" })
      ),
    );
  }
  const files = await Array.fromAsync(store.listFiles("many"));
  return {
    files: files.length,
    different: new Set(files.map(({ path }) => path)).size,
    told:
      files.filter(({ path, metadata, contentType }) =>
        metadata?.["of"] === path && contentType === "a/b"
      ).length,
  };
}

async function answer(request: Request, store: Store): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url);
  switch (pathname) {
    case "/race":
      return await race(store, "known", true);
    case "/race-unknown":
      return await race(store, "unknown", false);
    case "/list":
      return await list(store, Number(searchParams.get("count")));
    case "/all":
      return (await Array.fromAsync(store.listFiles("", { recursive: true })))
        .map(({ path }) => path).filter((path) => !path.startsWith("many/"));
    default: {
      const path = `put${pathname}`;
      const result = await store.write(path, request.body ?? "", {
        overwrite: searchParams.has("overwrite"),
      });
      const { size } = await store.getFileInfo(path);
      return { written: result.size, size };
    }
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    store ??= new Store({ backend: new R2Backend({ bucket: env.BUCKET }) });
    try {
      return Response.json(await answer(request, store));
    } catch (error) {
      return new Response(`${(error as Error).stack ?? error}`, {
        status: 500,
      });
    }
  },
};
