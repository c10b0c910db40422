import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Backend } from "../../../backends/s3/mod.ts";
import {
  BackendUnavailableError,
  DirectoryNotEmptyError,
  NotFoundError,
  type Store,
} from "../../../mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf, source, storeOf } from "./setup.ts";

const MIB = 1024 * 1024;

Deno.test("S3-003: what is declared follows the dialect", () => {
  const fake = new FakeS3();
  const has = (dialect: "aws" | "generic") =>
    new S3Backend(optionsOf(fake, { dialect })).capabilities.has(
      "conditional_write",
    );
  assertEquals([has("aws"), has("generic")], [true, false]);
  assertEquals(
    new S3Backend(optionsOf(fake)).capabilities.has("atomic_move"),
    false,
  );
});

Deno.test("S3-004: nothing is sent at construction", () => {
  const fake = new FakeS3();
  storeOf(fake);
  assertEquals(fake.log, []);
});

/** The calls of a store over files `d/a`, `d/b` and `long`, and their requests where all goes well. */
const REQUESTS: readonly [
  name: string,
  requests: number,
  call: (store: Store) => Promise<unknown>,
][] = [
  ["create", 1, (store) => store.write("new", "a")],
  ["overwrite", 1, (store) => store.write("d/a", "b", { overwrite: true })],
  ["create of a Blob", 1, (store) => store.write("new", new Blob(["b"]))],
  ["stream within a part", 1, (store) => store.write("new", source(9).stream)],
  // Open, three parts, Complete; a create looks before it sends.
  [
    "overwrite in parts",
    5,
    (store) =>
      store.write("long", source(21 * MIB).stream, { overwrite: true }),
  ],
  [
    "create in parts",
    6,
    (store) => store.write("new", source(21 * MIB).stream),
  ],
  ["readBytes", 1, (store) => store.readBytes("d/a")],
  [
    "read of a range",
    1,
    (store) => store.readBytes("d/a", { range: { suffix: 1 } }),
  ],
  [
    "openBlob and a slice",
    2,
    async (store) => await (await store.openBlob("d/a")).slice(0, 1).text(),
  ],
  ["getFileInfo", 1, (store) => store.getFileInfo("d/a")],
  ["isFile", 1, (store) => store.isFile("d/a")],
  ["exists", 1, (store) => store.exists("d/a")],
  ["exists of nothing", 2, (store) => store.exists("none")],
  ["isFolder", 1, (store) => store.isFolder("d")],
  ["listFiles", 1, (store) => Array.fromAsync(store.listFiles("d"))],
  ["getFolderInfo", 1, (store) => store.getFolderInfo("d")],
  ["copy", 2, (store) => store.copy("d/a", "new")],
  ["move", 3, (store) => store.move("d/a", "new")],
  // HEAD, tags, a look, open, two parts, Complete.
  ["copy in parts", 7, (store) => store.copy("long", "new")],
  ["delete", 2, (store) => store.delete("d/a")],
  [
    "deleteMany",
    1,
    (store) => store.deleteMany(["d/a", "d/b"], { missingOk: true }),
  ],
  ["deleteFolder", 2, (store) => store.deleteFolder("d", { recursive: true })],
  ["ping", 1, (store) => store.ping()],
];

for (const [name, requests, call] of REQUESTS) {
  Deno.test(`PERF: the requests of ${name}, where all goes well`, async () => {
    const fake = new FakeS3();
    for (const key of ["d/a", "d/b"]) {
      fake.bucket.put(key, new Uint8Array(1), {});
    }
    fake.bucket.put("long", new Uint8Array(9 * MIB), {});
    await call(storeOf(fake, { copyThreshold: 5 * MIB }));
    assertEquals(fake.log.length, requests, fake.log.join("\n"));
  });
}

Deno.test("RES-051: where a path leads, without user info", () => {
  const fake = new FakeS3();
  const store = storeOf(fake, { endpoint: "https://me:secret@s3.test/base" });
  const { nativePath, details } = store.resolve("a/b");
  assertEquals(nativePath, "bucket/a/b");
  assertEquals(details, {
    bucket: "bucket",
    objectKey: "a/b",
    endpointUrl: "https://s3.test/base",
  });
});

Deno.test("NPR-005: toKey() is the inverse of nativePath()", () => {
  const backend = new S3Backend(optionsOf(new FakeS3()));
  for (const key of ["", "a", "a/b", "bucket/a"]) {
    assertEquals(backend.toKey(backend.nativePath(key)), key);
  }
  assertEquals(backend.toKey("bucketeer/a"), "bucketeer/a");
});

Deno.test("S3-008: a foreign marker is a folder, and goes with it", async () => {
  const fake = new FakeS3();
  fake.bucket.put("d/", new Uint8Array(0), {});
  const store = storeOf(fake);
  assertEquals(await store.isFolder("d"), true);
  assertEquals(
    await Array.fromAsync(store.listFiles("", { recursive: true })),
    [],
  );
  await store.deleteFolder("d");
  assertEquals(fake.bucket.objects.size, 0);
});

Deno.test("BE-022: a listing that is denied is no empty one", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake, {
    credentials: { accessKeyId: "nobody", secretAccessKey: "x" },
  });
  await assertRejects(() => Array.fromAsync(store.listFiles("")));
  await assertRejects(() => store.exists("a"));
});

Deno.test("S3-002: its name is s3, and is in its errors", async () => {
  const error = await storeOf(new FakeS3()).readText("a").catch((e) => e);
  assert(error instanceof NotFoundError);
  assertEquals([error.backend, error.path], ["s3", "a"]);
});

Deno.test("S3-006, S3-007: a folder is there as long as a key lies below it, which one listing tells", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.write("d/e/a", "a");
  await store.write("different", "b");
  for (
    const [path, is] of [["d", true], ["d/e", true], ["diff", false]] as const
  ) {
    fake.log.length = 0;
    assertEquals(await store.isFolder(path), is);
    assertEquals(fake.log.length, 1);
  }
});

Deno.test("S3-009: a folder goes with its last file, and an absent one is NotFound, or tolerated", async () => {
  const store = storeOf(new FakeS3());
  await store.write("d/a", "a");
  await store.delete("d/a");
  assertEquals(await store.exists("d"), false);
  await assertRejects(() => store.deleteFolder("d"), NotFoundError);
  await store.deleteFolder("d", { missingOk: true });
});

Deno.test("S3-012: a folder with files is not empty, and they stay", async () => {
  const store = storeOf(new FakeS3());
  await store.write("d/a", "a");
  await assertRejects(() => store.deleteFolder("d"), DirectoryNotEmptyError);
  assertEquals(await store.readText("d/a"), "a");
  await store.deleteFolder("d", { recursive: true });
  assertEquals(await store.exists("d"), false);
});

Deno.test("S3-019: close may come twice and is for good, and nothing is sent then", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.close();
  await store.close();
  await assertRejects(() => store.readText("a"), BackendUnavailableError);
  await assertRejects(() => store.exists(""), BackendUnavailableError);
  assertEquals(fake.log, []);
});

Deno.test("S3-020: the backend is its own handle", () => {
  const store = storeOf(new FakeS3());
  assert(store.unwrap(S3Backend) instanceof S3Backend);
});

Deno.test("S3-028: one instance serves many callers at once", async () => {
  const store = storeOf(new FakeS3());
  const names = Array.from({ length: 50 }, (_, i) => `d/${i}`);
  await Promise.all(names.map((name) => store.write(name, name)));
  const texts = await Promise.all(names.map((name) => store.readText(name)));
  assertEquals(texts, names);
});

Deno.test("RET-015: a page that breaks off is asked for again", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.write("a", "a");
  let broken = 2;
  fake.fault = async (_, next) => {
    const response = await next();
    if (broken-- <= 0) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(bytes.subarray(0, 200));
        controller.error(new TypeError("connection reset"));
      },
    });
    return new Response(body);
  };
  const files = await Array.fromAsync(store.listFiles(""));
  assertEquals(files.map(({ path }) => path), ["a"]);
  assertEquals(broken, -1);
});
