import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvalidArgumentError, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { observe, type StoreEvent } from "../../../ext/observe.ts";
import { ObservedUpload } from "../../../ext/_observe/upload.ts";

Deno.test("RES-012 each step of an upload is an operation, with its own signal and what it is about", async () => {
  const any: StoreEvent[] = [];
  const written: string[] = [];
  const listed: string[] = [];
  const store = observe(new Store({ backend: new MemoryBackend() }), {
    onAny: (event) => any.push(event),
    onWrite: ({ operation }) => written.push(operation),
    onList: ({ operation }) => listed.push(operation),
  });
  const upload = await store.openUpload("a", {
    size: 3,
    partSize: 2,
    overwrite: true,
  });
  assert(upload instanceof ObservedUpload);
  const { path, size, partSize } = upload;
  assertEquals({ path, size, partSize }, { path: "a", size: 3, partSize: 2 });
  await upload.part(1, Uint8Array.of(1, 2));
  await upload.part(2, Uint8Array.of(3));
  const parts = await Array.fromAsync(upload.parts());
  const result = await upload.complete(parts);
  await upload.discard();
  assertEquals(written, [
    "open_upload",
    "upload_part",
    "upload_part",
    "complete_upload",
    "discard_upload",
  ]);
  assertEquals(listed, ["list_parts"]);
  const [open, one] = any;
  assertEquals(open?.metadata, { overwrite: true });
  assertEquals(one?.metadata, { part: 1, size: 2 });
  const end = any.find(({ operation }) => operation === "complete_upload");
  assert(end?.metadata.write_result === result);
  assertEquals(any.map(({ path }) => path), any.map(() => "a"));
  const reason = new Error("enough");
  await assertRejects(
    () =>
      upload.part(1, Uint8Array.of(1, 2), {
        signal: AbortSignal.abort(reason),
      }),
    Error,
    "enough",
  );
  assertEquals(any.at(-1)?.aborted, true);
  await assertRejects(
    () => upload.part(9, Uint8Array.of(1)),
    InvalidArgumentError,
  );
  assertEquals([any.at(-1)?.status, any.at(-1)?.metadata], ["error", {
    part: 9,
  }]);
});
