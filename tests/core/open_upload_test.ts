import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  BackendUnavailableError,
  type BackendUploads,
  InvalidPathError,
  type OpenPartsRequest,
  Store,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";

const CUT = { size: 3, partSize: 2 };

/** A flat backend whose uploads are told by the test. */
function flat(uploads: Partial<BackendUploads>, closeIsTerminal = true) {
  const backend = new FlatBackend({
    capabilities: [
      "read",
      "write",
      "resumable_upload",
      "conditional_write",
      "user_metadata",
    ],
    closeIsTerminal,
  });
  const all: BackendUploads = {
    partSizeFor: (_, wanted) => wanted ?? 2,
    open: () => Promise.resolve("id"),
    part: (_, number) => Promise.resolve(`tag ${number}`),
    parts: () => Promise.resolve({ parts: [], cursor: null }),
    complete: () => Promise.reject(new Error("not told")),
    discard: () => Promise.resolve(),
    ...uploads,
  };
  return new Store({
    backend: Object.assign(backend, { uploads: all }),
    root: "root",
  });
}

Deno.test("UPL-002 each step is told the whole promise, the backend's key and its own signal", async () => {
  const asked: [key: string, request: OpenPartsRequest][] = [];
  const store = flat({
    part(key, _number, _bytes, _digest, request) {
      asked.push([key, request]);
      return Promise.resolve("tag");
    },
  }, false);
  const opening = new AbortController();
  const own = new AbortController();
  const upload = await store.openUpload("a/b.bin", {
    ...CUT,
    ifMatch: '"1"',
    contentType: "text/plain",
    metadata: { k: "v" },
    signal: opening.signal,
  });
  opening.abort();
  await upload.part(1, Uint8Array.of(1, 2), { signal: own.signal });
  const [[key, request]] = asked as [typeof asked[0]];
  assertEquals(key, "root/a/b.bin");
  const { id, size, partSize, condition, headers, metadata } = request;
  assertEquals({ id, size, partSize }, { id: "id", ...CUT });
  assertEquals(condition, { overwrite: true, ifMatch: '"1"' });
  assertEquals(headers.contentType, "text/plain");
  assertEquals(metadata, { k: "v" });
  assert(!request.signal?.aborted);
});

Deno.test("UPL-011 the bytes of a part are taken as they are at the call", async () => {
  const taken: Uint8Array[] = [];
  const store = flat({
    async part(_key, _number, bytes) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      taken.push(bytes);
      return "tag";
    },
  });
  const upload = await store.openUpload("a", CUT);
  const bytes = Uint8Array.of(1, 2);
  const sending = upload.part(1, bytes);
  bytes.fill(9);
  assertEquals(await sending, { number: 1, size: 2, tag: "tag" });
  assertEquals(taken, [Uint8Array.of(1, 2)]);
});

Deno.test("UPL-010 the list of parts goes from page to page; one that goes round ends", async () => {
  const pages = [
    { parts: [{ number: 1, size: 2, tag: "a" }], cursor: "1" },
    { parts: [], cursor: "2" },
    { parts: [{ number: 2, size: 1, tag: "b" }], cursor: null },
  ];
  const seen: (string | null)[] = [];
  const store = flat({
    parts(_key, cursor) {
      seen.push(cursor);
      return Promise.resolve(pages[Number(cursor ?? 0)] ?? null);
    },
  });
  const upload = await store.openUpload("a", CUT);
  const parts = await Array.fromAsync(upload.parts());
  assertEquals(parts.map(({ number }) => number), [1, 2]);
  assertEquals(seen, [null, "1", "2"]);
  const round = await flat({
    parts: () => Promise.resolve({ parts: [], cursor: "1" }),
  }).openUpload("a", CUT);
  await assertRejects(
    () => Array.fromAsync(round.parts()),
    BackendUnavailableError,
    "goes round",
  );
});

Deno.test("UPL-012 what a step throws is told with path and backend; a closed backend takes none", async () => {
  const store = flat({
    open: () => Promise.reject(new Error("no")),
  });
  const error = await store.openUpload("a", CUT).catch((error) => error);
  assertEquals(
    [error.message, error.path, error.backend],
    ['Cannot upload "a": the backend failed: no', "a", "flat"],
  );
  const other = flat({});
  const upload = await other.openUpload("a", CUT);
  await other.close();
  for (
    const step of [
      () => upload.part(1, Uint8Array.of(1, 2)),
      () => upload.complete([]),
      () => upload.discard(),
      () => Array.fromAsync(upload.parts()),
      () => other.openUpload("a", CUT),
    ]
  ) {
    const closed = await assertRejects(
      async () => await step(),
      BackendUnavailableError,
    );
    assert(closed.message.endsWith("the backend is closed"));
  }
});

Deno.test("UPL-004 a folder, and what lies below a file, is refused when it opens", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a/b", "B");
  for (const path of ["a", "a/b/c"]) {
    await assertRejects(() => store.openUpload(path, CUT), InvalidPathError);
  }
});
