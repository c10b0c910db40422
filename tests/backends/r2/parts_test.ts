import { assertEquals, assertRejects } from "@std/assert";
import { PartUpload } from "../../../backends/r2/parts.ts";
import { BackendUnavailableError, RemoteStoreError } from "../../../mod.ts";
import { at, createFake, type Fault, LOST } from "./setup.ts";

const MIB = 1024 * 1024;
const { signal } = new AbortController();

async function upload(fault?: Fault) {
  const fakeStore = createFake(fault);
  const parts = new PartUpload(fakeStore.settings, "a", {});
  await parts.begin(signal);
  const sent = [
    await parts.part(1, () => new Uint8Array(5 * MIB), signal),
    await parts.part(2, () => new Uint8Array(1), signal),
  ];
  return { ...fakeStore, parts, sent };
}

Deno.test("R2-007: what opens an upload and sends its parts is repeated", async () => {
  for (const method of ["createMultipartUpload", "uploadPart", "complete"]) {
    const { parts, sent, fake } = await upload(at(method, 1, new Error(LOST)));
    await parts.complete(sent, signal);
    assertEquals(fake.objects.get("a")?.bytes.byteLength, 5 * MIB + 1);
  }
});

Deno.test("R2-006: an end whose answer was lost is known by the upload that is gone", async () => {
  const { parts, sent, fake } = await upload(at("complete", 1, "lost"));
  const facts = await parts.complete(sent, signal);
  assertEquals([facts.etag, facts.versionId], [null, null]);
  assertEquals(fake.objects.get("a")?.bytes.byteLength, 5 * MIB + 1);
});

Deno.test("R2-006: an upload that is gone at the first try was not ended by it", async () => {
  const { parts, sent, fake } = await upload();
  fake.uploads.clear();
  await assertRejects(
    () => parts.complete(sent, signal),
    RemoteStoreError,
    "(10024)",
  );
});

Deno.test("R2-006: an end that was lost for good is in doubt", async () => {
  const { parts, sent } = await upload((method) =>
    method === "complete" ? new Error(LOST) : null
  );
  await assertRejects(
    () => parts.complete(sent, signal),
    BackendUnavailableError,
    "the change may have been made",
  );
});

Deno.test("R2-015: an upload is thrown away once, one that comes after an abort too", async () => {
  const { parts, fake } = await upload();
  await parts.abort();
  await parts.abort();
  assertEquals([fake.uploads.size, fake.counts.get("abort")], [0, 1]);
  await assertRejects(
    () => parts.complete([], signal),
    RemoteStoreError,
    "ended",
  );
  const stop = new AbortController();
  const late = new PartUpload(createFake().settings, "a", {});
  const other = createFake();
  const opening = new PartUpload(other.settings, "a", {}).begin(stop.signal);
  stop.abort("enough");
  assertEquals(await opening.catch((reason) => reason), "enough");
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(other.fake.uploads.size, 0);
  await late.abort();
});
