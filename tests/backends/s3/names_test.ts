import { assert, assertEquals, assertRejects } from "@std/assert";
import { probeDialect } from "../../../backends/s3/mod.ts";
import { answerError } from "../../fakes/s3/answers.ts";
import { FakeS3, type Fault } from "../../fakes/s3/service.ts";
import { isComplete, optionsOf, source, storeOf } from "./setup.ts";

const MIB = 1024 * 1024;
const LONG = 21 * MIB;

Deno.test("S3-039: a suffix that is longer than the file is all of it, where the service says 416 too", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  fake.bucket.put("a", new Uint8Array([1, 2, 3]), {});
  fake.bucket.put("empty", new Uint8Array(0), {});
  fake.fault = (arrived) =>
    arrived.headers.get("range") === "bytes=-10"
      ? answerError(arrived, 416, "InvalidRange")
      : undefined;
  const range = { suffix: 10 };
  assertEquals(
    await store.readBytes("a", { range }),
    new Uint8Array([1, 2, 3]),
  );
  assertEquals((await store.readBytes("empty", { range })).byteLength, 0);
});

Deno.test("S3-040: more metadata keys than an answer can bring back are refused before they are sent", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const keys = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`k${at}`, ""]),
    );
  for (const content of ["a", source(LONG).stream]) {
    await assertRejects(
      () => store.write("a", content, { metadata: keys(91) }),
      TypeError,
      "metadata keys",
    );
  }
  assertEquals(fake.log, []);
  await store.write("a", "a", { metadata: keys(64) });
  const { metadata } = await store.getFileInfo("a");
  assertEquals(Object.keys(metadata ?? {}).length, 64);
});

Deno.test("S3-041: a key that no path names is no folder that cannot be deleted", async () => {
  const fake = new FakeS3();
  fake.bucket.put("q//x", new Uint8Array(1), {});
  const store = storeOf(fake);
  const listed = await Array.fromAsync(store.listFolders(""));
  assertEquals(listed.map(({ path }) => path), ["q"]);
  assertEquals(await store.isFolder("q"), true);
  await store.deleteFolder("q", { recursive: true });
  assertEquals(fake.bucket.objects.size, 0);
});

Deno.test("S3-041: a marker that has bytes is content, and goes with nothing but a recursive deletion", async () => {
  const fake = new FakeS3();
  fake.bucket.put("data/", new Uint8Array(5), {});
  const store = storeOf(fake);
  const error = await assertRejects(() => store.deleteFolder("data"));
  assertEquals((error as { code?: string }).code, "DirectoryNotEmpty");
  assertEquals(fake.bucket.objects.has("data/"), true);
  await store.deleteFolder("data", { recursive: true });
  assertEquals(fake.bucket.objects.size, 0);
});

Deno.test("S3-041: a marker without bytes goes with its folder", async () => {
  const fake = new FakeS3();
  fake.bucket.put("data/", new Uint8Array(0), {});
  fake.bucket.put("data/sub/", new Uint8Array(0), {});
  const store = storeOf(fake);
  assertEquals(await store.isFolder("data"), true);
  await store.deleteFolder("data", { recursive: true });
  assertEquals(fake.bucket.objects.size, 0);
});

/** Makes underscores hyphens where an upload in parts is opened, and everywhere. */
function renaming(everywhere: boolean): Fault {
  return async (arrived, next) => {
    const { method, query, headers } = arrived;
    const stores = query.has("uploads") ||
      (everywhere && method === "PUT" && !query.size);
    if (stores) {
      for (const [name, value] of [...headers]) {
        if (!name.startsWith("x-amz-meta-") || !name.includes("_")) continue;
        headers.delete(name);
        headers.set(name.replaceAll("_", "-"), value);
      }
    }
    return await next();
  };
}

Deno.test("S3-042: a metadata key comes back as it was written, in parts too, on a service that is not known", async () => {
  const metadata = { "a_b": "1", "c%5f": "2", d: "3" };
  for (const size of [3, LONG]) {
    const fake = new FakeS3({ trusting: true });
    fake.fault = renaming(false);
    const store = storeOf(fake, { dialect: "generic" });
    await store.write("a", source(size).stream, { metadata });
    assertEquals((await store.getFileInfo("a")).metadata, metadata);
    await storeOf(fake, { dialect: "generic", copyThreshold: 5 * MIB })
      .copy("a", "b");
    assertEquals((await store.getFileInfo("b")).metadata, metadata);
  }
});

Deno.test("S3-042: probeDialect() finds out where underscores are kept", async () => {
  const faults = [null, renaming(false), renaming(true)];
  const kept = [];
  for (const fault of faults) {
    const fake = new FakeS3({ trusting: true });
    fake.fault = fault;
    kept.push((await probeDialect(optionsOf(fake))).metadataUnderscores);
    assertEquals([fake.bucket.objects.size, fake.bucket.uploads.size], [0, 0]);
  }
  assertEquals(kept, [true, "put", false]);
});

Deno.test("S3-043: the list of parts names its tags as they are", async () => {
  const fake = new FakeS3();
  const lists: string[] = [];
  fake.fault = (arrived) => {
    if (isComplete(arrived)) lists.push(new TextDecoder().decode(arrived.body));
    return undefined;
  };
  await storeOf(fake).write("a.bin", source(LONG).stream);
  assertEquals(lists.length, 1);
  assert(/<ETag>"[0-9a-f]{32}"<\/ETag>/.test(lists[0] ?? ""), lists[0]);
});
