import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AlreadyExistsError,
  type MultipartUpload,
  type Store,
} from "@remote-store/core";
import { pendingUploads, resumableUpload } from "../../ext/resume.ts";
import { cache } from "../../ext/cache.ts";
import { observe } from "../../ext/observe.ts";
import { bytesOf, counted, fileOf, killed, memory } from "./_resume/fixture.ts";

const PART = 100;
const FILE = bytesOf(10 * PART - 7);
const OPTIONS = { partSize: PART, concurrency: 2 };

async function openAgain(
  store: Store,
  token: { id: string; path: string; size: number; partSize: number },
): Promise<MultipartUpload> {
  const { path, id, size, partSize } = token;
  return await store.openUpload(path, { id, size, partSize });
}

Deno.test("RES-004 an upload that is gone begins anew, and says so", async () => {
  const [store, tokens] = [memory(), memory()];
  const token = await killed(store, tokens, {
    parts: 4,
    file: FILE,
    ...OPTIONS,
  });
  await (await openAgain(store, token)).discard();
  const again = counted(store);
  const result = await resumableUpload(again, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    tokens,
  });
  assertEquals([result.resumed, result.because], [false, "gone"]);
  assertEquals(again.sent.parts.toSorted((a, b) => a - b), [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  ]);
  assertEquals(await store.readBytes("a.bin"), FILE);
  assertEquals(await Array.fromAsync(pendingUploads(tokens)), []);
});

Deno.test("RES-004 an upload that goes under way begins anew too", async () => {
  const [store, tokens] = [memory(), memory()];
  let isGone = false;
  const shaken = counted(store, {
    async before(number) {
      if (number !== 6 || isGone) return;
      isGone = true;
      const [token] = await Array.fromAsync(pendingUploads(tokens));
      await (await openAgain(store, token!)).discard();
    },
  });
  const result = await resumableUpload(shaken, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    tokens,
  });
  assertEquals([result.because, result.size], ["gone", FILE.byteLength]);
  assertEquals(shaken.sent.steps.filter((s) => s === "open").length, 2);
  assertEquals(await store.readBytes("a.bin"), FILE);
});

Deno.test("RES-004 one that was completed, and nobody was told, is found completed", async () => {
  const [store, tokens] = [memory(), memory()];
  await killed(store, tokens, { at: "completed", file: FILE, ...OPTIONS });
  const { etag } = await store.getFileInfo("a.bin");
  const again = counted(store);
  const result = await resumableUpload(again, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    tokens,
  });
  assertEquals([result.etag, result.kept], [etag, FILE.byteLength]);
  assertEquals(again.sent.parts, []);
  assertEquals(again.sent.steps.includes("open"), false);
  assertEquals(await Array.fromAsync(pendingUploads(tokens)), []);
  await assertRejects(
    async () =>
      await resumableUpload(again, fileOf(FILE), "a.bin", {
        ...OPTIONS,
        tokens,
      }),
    AlreadyExistsError,
  );
});

Deno.test("RES-005 of 1,001 parts, which are listed in pages, none is sent again", async () => {
  const [store, tokens] = [memory(), memory()];
  const file = bytesOf(1001 * 4 - 1);
  const cut = { partSize: 4, concurrency: 8 };
  await killed(store, tokens, { at: "complete", file, ...cut });
  const again = counted(store);
  const result = await resumableUpload(again, fileOf(file), "a.bin", {
    ...cut,
    tokens,
  });
  assertEquals([result.kept, again.sent.parts], [file.byteLength, []]);
  assertEquals(await store.readBytes("a.bin"), file);
});

Deno.test("RES-010 a part that the service has otherwise, or not, is sent again, and no other one", async () => {
  const [store, tokens] = [memory(), memory()];
  const token = await killed(store, tokens, {
    parts: 6,
    file: FILE,
    ...OPTIONS,
  });
  const [one, two] = token.parts;
  const upload = await openAgain(store, token);
  await upload.part(one!.number, new Uint8Array(PART));
  const forged = token.parts.map((part) =>
    part === two ? { ...part, tag: '"999"' } : part
  );
  const result = await resumableUpload(counted(store), fileOf(FILE), "a.bin", {
    ...OPTIONS,
    token: { ...token, parts: forged },
  });
  assertEquals(result.kept, (token.parts.length - 2) * PART);
  assertEquals(await store.readBytes("a.bin"), FILE);
});

Deno.test("RES-012 an upload through observe, cache and child stores is resumed, and all of them know of its end", async () => {
  const [inner, tokens] = [memory(), memory()];
  const seen: string[] = [];
  const wrap = () =>
    cache(observe(inner, {
      onAny: ({ operation, status }) => seen.push(`${operation} ${status}`),
    })).child("in");
  const first = counted(wrap());
  await killed(first, tokens, { parts: 3, file: FILE, ...OPTIONS });
  const store = wrap();
  assertEquals(await store.exists("a.bin"), false);
  const result = await resumableUpload(store, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    tokens,
  });
  assert(result.kept >= 3 * PART);
  assertEquals(await store.exists("a.bin"), true);
  assertEquals(await inner.readBytes("in/a.bin"), FILE);
  for (
    const step of [
      "open_upload",
      "upload_part",
      "list_parts",
      "complete_upload",
    ]
  ) {
    assert(seen.includes(`${step} ok`), step);
  }
});
