import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemoryUploads } from "../../../backends/memory/uploads.ts";
import { Store } from "../../../mod.ts";
import { MemoryBackend } from "../../../backends/memory.ts";

const REQUEST = {
  size: 2001,
  partSize: 1,
  condition: { overwrite: true, ifMatch: null },
  headers: {
    contentType: null,
    cacheControl: null,
    contentDisposition: null,
    contentEncoding: null,
    contentLanguage: null,
  },
  metadata: null,
  signal: undefined,
};

Deno.test("UPL-010 parts are listed a thousand at a time, by their numbers", async () => {
  const memory = new MemoryUploads({
    require() {},
    put: () => {
      throw new Error("nothing is put");
    },
    find: () => null,
  });
  const id = await memory.open("a", REQUEST);
  const request = { ...REQUEST, id };
  for (let number = 2001; number > 0; number--) {
    await memory.part("a", number, Uint8Array.of(1), null, request);
  }
  const numbers: number[] = [];
  const sizes: number[] = [];
  for (let cursor: string | null = null;;) {
    const page = await memory.parts("a", cursor, request);
    sizes.push(page!.parts.length);
    numbers.push(...page!.parts.map((part) => part.number));
    cursor = page!.cursor;
    if (cursor === null) break;
  }
  assertEquals(sizes, [1000, 1000, 1]);
  assertEquals(numbers, Array.from({ length: 2001 }, (_, at) => at + 1));
  assertEquals(await memory.parts("b", null, request), null);
});

Deno.test("UPL-006 a file that was replaced since is not what an upload has made", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const upload = await store.openUpload("a", { size: 1, overwrite: true });
  const parts = [await upload.part(1, Uint8Array.of(1))];
  await upload.complete(parts);
  await upload.complete(parts);
  await store.write("a", Uint8Array.of(1), { overwrite: true });
  const error = await upload.complete(parts).catch((error) => error);
  assertEquals([error.code, error.path], ["NotFound", "a"]);
  assertEquals(error.message, 'Cannot upload "a": the upload is gone');
});

Deno.test("UPL-015 a part that comes twice with the same bytes is one part, with other bytes another", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const upload = await store.openUpload("a", { size: 1 });
  const first = await upload.part(1, Uint8Array.of(1));
  const late = await upload.part(1, Uint8Array.of(1));
  assertEquals(late.tag, first.tag);
  const other = await upload.part(1, Uint8Array.of(2));
  assert(other.tag !== first.tag);
  await assertRejects(async () => await upload.complete([first]));
  // Whoever was told first goes on with it.
  assertEquals((await upload.part(1, Uint8Array.of(2))).tag, other.tag);
  assertEquals((await upload.complete([other])).size, 1);
  assertEquals(await store.readBytes("a"), Uint8Array.of(2));
});
