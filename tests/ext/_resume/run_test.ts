import { assertEquals } from "@std/assert";
import { pendingUploads, resumableUpload } from "../../../ext/resume.ts";
import { bytesOf, counted, fileOf, memory, withoutLocks } from "./fixture.ts";

Deno.test("RES-007 what an upload has made is known for a minute where nobody can be asked, and then cleared away", async () => {
  const [store, tokens] = [memory(), memory()];
  const file = fileOf(bytesOf(950));
  const asked = { tokens, partSize: 100, overwrite: true };
  await withoutLocks(async () => {
    const pause = new AbortController();
    await resumableUpload(counted(store), file, "a", {
      ...asked,
      signal: pause.signal,
      onProgress: ({ acknowledged }) => acknowledged > 300 && pause.abort(),
    }).then(() => {}, () => {});
    await resumableUpload(store, file, "a", asked);
  });
  const left = await Array.fromAsync(tokens.listFiles("", { recursive: true }));
  assertEquals(left.length, 1);
  assertEquals(await Array.fromAsync(pendingUploads(tokens)), []);
  // What was made within the same step of the clock may be what the next one waits for.
  const made = Date.now();
  while (Date.now() === made) await new Promise((done) => setTimeout(done, 1));
  // The next one begins anew, and takes it away where it can ask who waits.
  const { kept } = await resumableUpload(store, file, "a", asked);
  assertEquals(kept, 0);
  assertEquals(
    await Array.fromAsync(tokens.listFiles("", { recursive: true })),
    [],
  );
});

Deno.test("RES-004 an upload that is gone again and again is an error in the end", async () => {
  const [store, tokens] = [memory(), memory()];
  const shaken = counted(store, {
    async before(number) {
      if (number !== 2) return;
      const [token] = await Array.fromAsync(pendingUploads(tokens));
      const { id, size, partSize } = token!;
      const upload = await store.openUpload("a", { id, size, partSize });
      await upload.discard();
    },
  });
  const error = await resumableUpload(shaken, fileOf(bytesOf(950)), "a", {
    tokens,
    partSize: 100,
    concurrency: 1,
  }).then(() => null, (error) => error);
  assertEquals(error.message, 'Cannot upload "a": the upload is gone');
  assertEquals(shaken.sent.steps.filter((step) => step === "open").length, 4);
});
