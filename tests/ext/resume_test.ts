import { assert, assertEquals, assertRejects } from "@std/assert";
import { AlreadyExistsError, NotFoundError } from "@remote-store/core";
import {
  discardUpload,
  pendingUploads,
  resumableUpload,
} from "../../ext/resume.ts";
import { bytesOf, counted, fileOf, memory } from "./_resume/fixture.ts";

const PART = 100;
const FILE = bytesOf(10 * PART - 7);
const OPTIONS = { partSize: PART, concurrency: 2 };

/** Uploads until so many parts are acknowledged, then pauses. */
async function paused(
  store: Parameters<typeof resumableUpload>[0],
  tokens: ReturnType<typeof memory>,
  parts = 4,
  file: Blob = fileOf(FILE),
) {
  const pause = new AbortController();
  const upload = resumableUpload(store, file, "a.bin", {
    ...OPTIONS,
    tokens,
    signal: pause.signal,
    onProgress({ acknowledged }) {
      if (acknowledged >= parts * PART) pause.abort(new Error("paused"));
    },
  });
  await assertRejects(async () => await upload, Error, "paused");
  return upload.token!;
}

Deno.test("RES-001 an upload goes on where it was paused, and sends no acknowledged part again", async () => {
  const [inner, tokens] = [memory(), memory()];
  const before = counted(inner);
  const token = await paused(before, tokens);
  const there = token.parts.map(({ number }) => number);
  assert(there.length >= 4 && there.length < 10);
  const behind = counted(inner);
  const result = await resumableUpload(behind, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    tokens,
  });
  assertEquals(result.resumed, true);
  assertEquals(result.kept, there.length * PART);
  assertEquals(result.because, null);
  assertEquals(behind.sent.parts.filter((n) => there.includes(n)), []);
  assertEquals(await inner.readBytes("a.bin"), FILE);
  assertEquals(await Array.fromAsync(pendingUploads(tokens)), []);
});

Deno.test("RES-002 the same name, size and time with other bytes in one part begin anew, and leave the old upload alone", async () => {
  const [store, tokens] = [memory(), memory()];
  const token = await paused(store, tokens);
  const other = FILE.slice();
  other[(token.parts[1]!.number - 1) * PART + 3]! ^= 1;
  const result = await resumableUpload(store, fileOf(other), "a.bin", {
    ...OPTIONS,
    tokens,
  });
  assertEquals([result.resumed, result.because], [false, "content"]);
  assertEquals(await store.readBytes("a.bin"), other);
  const [left] = await Array.fromAsync(pendingUploads(tokens));
  assertEquals(left?.key, token.key);
  const upload = await store.openUpload("a.bin", {
    ...token.options,
    id: token.id,
    size: token.size,
    partSize: token.partSize,
  });
  const parts = await Array.fromAsync(upload.parts());
  assert(parts.length >= token.parts.length);
});

Deno.test("RES-003 discarding ends the upload at the service and deletes its token", async () => {
  const [store, tokens] = [memory(), memory()];
  const token = await paused(store, tokens);
  await discardUpload(store, token, { tokens });
  assertEquals(await Array.fromAsync(pendingUploads(tokens)), []);
  const upload = await store.openUpload("a.bin", {
    id: token.id,
    size: token.size,
    partSize: token.partSize,
  });
  await assertRejects(
    () => Array.fromAsync(upload.parts()),
    NotFoundError,
    "the upload is gone",
  );
  await discardUpload(store, token, { tokens });
});

Deno.test("RES-001 content of one part is one write, without a token", async () => {
  const [store, tokens] = [memory(), memory()];
  const file = fileOf(bytesOf(PART), { type: "text/plain" });
  const upload = resumableUpload(store, file, "a.bin", { ...OPTIONS, tokens });
  const { size } = await upload;
  assertEquals([size, upload.token], [PART, null]);
  assertEquals((await store.getFileInfo("a.bin")).contentType, "text/plain");
  await assertRejects(
    async () => await resumableUpload(store, file, "a.bin", OPTIONS),
    AlreadyExistsError,
  );
});
