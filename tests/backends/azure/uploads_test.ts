import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  InvalidArgumentError,
  NotFoundError,
  PreconditionFailedError,
} from "../../../mod.ts";
import { bytesOf, killed } from "../../ext/_resume/fixture.ts";
import { memory } from "../../ext/_resume/fixture.ts";
import { pendingUploads, resumableUpload } from "../../../ext/resume.ts";
import { createFake } from "./fake_store.ts";

const PART = 1000;
const FILE = bytesOf(9 * PART - 7);
const OPTIONS = { partSize: PART, concurrency: 2 };

Deno.test("RES-001 Azure: an upload whose process has ended goes on with the blocks that are there", async () => {
  const { service, store } = createFake();
  const tokens = memory();
  const token = await killed(store, tokens, {
    parts: 5,
    file: FILE,
    ...OPTIONS,
  });
  service.counts.clear();
  const { kept, size } = await resumableUpload(
    store,
    new Blob([FILE]),
    "a.bin",
    { ...OPTIONS, tokens },
  );
  assertEquals([kept, size], [token.parts.length * PART, FILE.byteLength]);
  assertEquals(service.counts.get("PUT block"), 9 - token.parts.length);
  assertEquals(await store.readBytes("a.bin"), FILE);
});

Deno.test("RES-004 Azure: a list that was committed, and not answered, is found; nothing is written again", async () => {
  for (const overwrite of [false, true]) {
    const { service, store } = createFake();
    const tokens = memory();
    await killed(store, tokens, {
      at: "completed",
      file: FILE,
      ...OPTIONS,
      overwrite,
    });
    const { etag } = await store.getFileInfo("a.bin");
    service.counts.clear();
    const result = await resumableUpload(store, new Blob([FILE]), "a.bin", {
      ...OPTIONS,
      overwrite,
      tokens,
    });
    assertEquals([result.etag, result.kept], [etag, FILE.byteLength]);
    assertEquals(service.counts.get("PUT block") ?? 0, 0);
    assertEquals((await store.getFileInfo("a.bin")).etag, etag);
    assertEquals(await Array.fromAsync(pendingUploads(tokens)), []);
  }
});

Deno.test("RES-004 Azure: blocks that another writer's commit has discarded are sent again", async () => {
  const { store } = createFake();
  const tokens = memory();
  await killed(store, tokens, {
    parts: 5,
    file: FILE,
    ...OPTIONS,
    overwrite: true,
  });
  await store.write("a.bin", "another");
  const result = await resumableUpload(store, new Blob([FILE]), "a.bin", {
    ...OPTIONS,
    overwrite: true,
    tokens,
  });
  assertEquals([result.kept, result.because], [0, "gone"]);
  assertEquals(await store.readBytes("a.bin"), FILE);
});

Deno.test("UPL-004 Azure: blocks that are lost under way end the upload by what is in the way", async () => {
  const { store } = createFake();
  const cut = { size: 4, partSize: 2 };
  const send = async (options: object) => {
    const upload = await store.openUpload("a", { ...cut, ...options });
    const parts = [
      await upload.part(1, Uint8Array.of(1, 2)),
      await upload.part(2, Uint8Array.of(3, 4)),
    ];
    await store.write("a", "another", { overwrite: true });
    return () => upload.complete(parts);
  };
  const { etag } = await store.write("a", "first");
  await assertRejects(await send({ ifMatch: etag }), PreconditionFailedError);
  await assertRejects(
    await send({ overwrite: true }),
    NotFoundError,
    "is gone",
  );
});

Deno.test("UPL-002 Azure: a part carries its digest in its name, and a name that is none is refused", async () => {
  const { store, sent } = createFake();
  const upload = await store.openUpload("a", { size: 4, partSize: 2 });
  const one = await upload.part(1, Uint8Array.of(1, 2));
  const other = await upload.part(1, Uint8Array.of(1, 3));
  const again = await upload.part(1, Uint8Array.of(1, 2));
  assert(one.tag === again.tag && one.tag !== other.tag);
  const lost = await store.openUpload("b", { size: 4, partSize: 2, id: "x" });
  const before = sent.length;
  await assertRejects(
    () => lost.part(1, Uint8Array.of(1, 2)),
    InvalidArgumentError,
    "its id is none",
  );
  assertEquals(sent.length, before);
});
