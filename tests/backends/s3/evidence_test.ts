import { assert, assertEquals, assertRejects } from "@std/assert";
import { probeDialect } from "../../../backends/s3/mod.ts";
import {
  BackendUnavailableError,
  isRemoteStoreError,
  type Store,
} from "../../../mod.ts";
import { answerError, type Arrived } from "../../fakes/s3/answers.ts";
import { FakeS3, type Fault } from "../../fakes/s3/service.ts";
import { optionsOf, source, storeOf } from "./setup.ts";

const MIB = 1024 * 1024;
const LONG = 21 * MIB;
const HOUR = 3_600_000;

const isComplete = ({ method, query }: Arrived) =>
  method === "POST" && query.has("uploadId");
const isPut = ({ method, query }: Arrived) => method === "PUT" && !query.size;
const isDelete = ({ method, query }: Arrived) =>
  method === "DELETE" && !query.size;

/** Does something with the first request that fits, and lets the others pass. */
function first(
  fits: (arrived: Arrived) => boolean,
  act: (next: () => Promise<Response>) => unknown,
): Fault {
  let done = false;
  return async (arrived, next) => {
    if (done || !fits(arrived)) return await next();
    done = true;
    await act(next);
    throw new TypeError("connection reset");
  };
}

/** Puts a file that was there before. */
function putOld(fake: FakeS3, key: string, bytes: Uint8Array, etag: string) {
  const object = fake.bucket.put(key, bytes.slice(), {}, etag);
  const modified = object.modified - HOUR;
  fake.bucket.objects.set(key, { ...object, modified });
}

/** Expects a call to say that nobody knows, because of something. */
async function isInDoubt(
  call: () => Promise<unknown>,
  cause: string,
): Promise<void> {
  const error = await assertRejects(call, BackendUnavailableError);
  assert(error.inDoubt, "the error does not say that it is in doubt");
  assert(isRemoteStoreError(error.cause), `${error.cause}`);
  assertEquals(error.cause.code, cause);
}

/** Returns the code of the error that a call is rejected with, and that nothing was changed. */
async function refusal(call: () => Promise<unknown>): Promise<string> {
  const error = await call().then(() => null, (error: unknown) => error);
  assert(isRemoteStoreError(error), `it came to ${error}`);
  if (error.code === "BackendUnavailable") assertEquals(error.inDoubt, false);
  return error.code;
}

Deno.test("S3-029: an older file of the same size and number of parts is nobody's upload", async () => {
  const fake = new FakeS3();
  putOld(fake, "a.bin", new Uint8Array(LONG), '"old-3"');
  fake.fault = first(isComplete, () => fake.bucket.uploads.clear());
  await isInDoubt(
    () =>
      storeOf(fake).write("a.bin", source(LONG).stream, { overwrite: true }),
    "RemoteStoreError",
  );
  assertEquals(fake.bucket.objects.get("a.bin")?.etag, '"old-3"');
});

Deno.test("S3-029: a move by parts keeps its source where its copy is not proven", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake, { copyThreshold: 5 * MIB });
  fake.bucket.put("a", new Uint8Array(12 * MIB).fill(1), {});
  putOld(fake, "b", new Uint8Array(12 * MIB), '"old-3"');
  fake.fault = first(isComplete, () => fake.bucket.uploads.clear());
  await isInDoubt(
    () => store.move("a", "b", { overwrite: true }),
    "RemoteStoreError",
  );
  assertEquals([...fake.bucket.objects.keys()], ["a", "b"]);
});

Deno.test("S3-029: a write with ifMatch whose answer was lost is in doubt when somebody has gone on from there", async () => {
  const contents = [
    () => "mine",
    () => source(LONG).stream,
  ];
  for (const content of contents) {
    const fake = new FakeS3();
    const { etag: ifMatch } = fake.bucket.put("a", new Uint8Array(1), {});
    const isCommit = (arrived: Arrived) =>
      isPut(arrived) || isComplete(arrived);
    fake.fault = first(isCommit, async (next) => {
      await (await next()).body?.cancel();
      fake.bucket.put("a", new TextEncoder().encode("theirs"), {});
    });
    const write = () => storeOf(fake).write("a", content(), { ifMatch });
    const error = await assertRejects(write, BackendUnavailableError);
    assert(error.inDoubt);
  }
});

Deno.test("S3-029: equal bytes do not tell whose write with ifMatch it was", async () => {
  const fake = new FakeS3();
  const { etag: ifMatch } = fake.bucket.put("n", new Uint8Array(1), {});
  // Two who count from the same version store the same.
  fake.fault = first(
    isPut,
    () => fake.bucket.put("n", new TextEncoder().encode("2"), {}),
  );
  await isInDoubt(
    () => storeOf(fake).write("n", "2", { ifMatch }),
    "PreconditionFailed",
  );
});

Deno.test("S3-029: what is older than the call shows that nothing was changed", async () => {
  const fake = new FakeS3();
  const old = new TextEncoder().encode("old");
  putOld(fake, "a", old, '"old"');
  for (const options of [{}, { ifMatch: '"other"' }]) {
    fake.fault = first(isPut, () => {});
    assertEquals(
      await refusal(() => storeOf(fake).write("a", "new", options)),
      "ifMatch" in options ? "PreconditionFailed" : "AlreadyExists",
    );
  }
  // The date of a cache is an old one, and proves nothing.
  const lose = first(isPut, () => {});
  fake.fault = async (arrived, next) => {
    const response = await lose(arrived, next) as Response;
    response.headers.set("age", "60");
    return response;
  };
  await isInDoubt(() => storeOf(fake).write("a", "new"), "AlreadyExists");
});

Deno.test("S3-029: a Complete that never arrived has changed nothing once the upload is thrown away", async () => {
  const fake = new FakeS3();
  putOld(fake, "a.bin", new Uint8Array(LONG), '"old-3"');
  fake.fault = (arrived) => {
    if (isComplete(arrived)) throw new TypeError("connection reset");
    return undefined;
  };
  const write = () =>
    storeOf(fake).write("a.bin", source(LONG).stream, { overwrite: true });
  assertEquals(await refusal(write), "BackendUnavailable");
  assertEquals(fake.bucket.uploads.size, 0);
});

Deno.test("S3-029: an upload that cannot be thrown away for sure leaves doubt", async () => {
  const fake = new FakeS3();
  const aborts: string[] = [];
  fake.fault = async (arrived, next) => {
    if (isComplete(arrived)) throw new TypeError("connection reset");
    if (arrived.method !== "DELETE") return await next();
    aborts.push(arrived.key);
    return answerError(arrived, 503, "SlowDown");
  };
  const write = () => storeOf(fake).write("a.bin", source(LONG).stream);
  const error = await assertRejects(write, BackendUnavailableError);
  assert(error.inDoubt);
  assert(aborts.length > 0);
});

Deno.test("S3-029: an overwrite in parts is its own where its tag is new and the upload is gone", async () => {
  const fake = new FakeS3();
  putOld(fake, "a.bin", new Uint8Array(LONG), '"old-3"');
  fake.fault = first(
    isComplete,
    async (next) => await (await next()).body?.cancel(),
  );
  const { etag } = await storeOf(fake).write("a.bin", source(LONG).stream, {
    overwrite: true,
  });
  assertEquals(etag, fake.bucket.objects.get("a.bin")?.etag);
});

Deno.test("S3-029: a delete whose answer was lost is done where nothing is left, and a move with it", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  fake.bucket.put("a", new Uint8Array(1), {});
  let deletes = 0;
  fake.fault = async (arrived, next) => {
    if (!isDelete(arrived)) return await next();
    if (++deletes > 1) return answerError(arrived, 412, "PreconditionFailed");
    await next();
    throw new TypeError("connection reset");
  };
  await store.move("a", "b");
  assertEquals([...fake.bucket.objects.keys()], ["b"]);
  assertEquals(deletes, 2);
});

Deno.test("S3-029: a page with 404 is no proof that a file was deleted", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", new Uint8Array(1), {});
  let isDown = false;
  fake.fault = async (arrived, next) => {
    if (isDelete(arrived)) isDown = true;
    if (!isDown) return await next();
    if (isDelete(arrived)) throw new TypeError("connection reset");
    return new Response(arrived.method === "HEAD" ? null : "<html></html>", {
      status: 404,
    });
  };
  await isInDoubt(() => storeOf(fake).delete("a"), "BackendUnavailable");
});

Deno.test("S3-029: a copy whose answer was lost is in doubt, however alike what stands there is", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const { bytes } = fake.bucket.put("a", new Uint8Array(3), {});
  const put = () => void fake.bucket.put("b", bytes, {});
  fake.fault = first(({ headers }) => headers.has("x-amz-copy-source"), put);
  await isInDoubt(() => store.move("a", "b"), "AlreadyExists");
  assertEquals([...fake.bucket.objects.keys()], ["a", "b"]);
});

Deno.test("S3-029: a batch of deletes whose answers are lost is in doubt, key by key", async () => {
  const fake = new FakeS3();
  for (const key of ["a", "b"]) fake.bucket.put(key, new Uint8Array(1), {});
  fake.fault = async ({ query }, next) => {
    const response = await next();
    if (!query.has("delete")) return response;
    throw new TypeError("connection reset");
  };
  const failed = await storeOf(fake).deleteMany(["a", "b"]);
  assertEquals([...failed.keys()], ["a", "b"]);
  for (const error of failed.values()) {
    assert(error instanceof BackendUnavailableError);
    assert(error.inDoubt);
  }
});

Deno.test("S3-030: a conflict under way that does not end is no file, and nothing is stored", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) =>
    isPut(arrived)
      ? answerError(arrived, 409, "ConditionalRequestConflict")
      : undefined;
  const store = storeOf(fake);
  assertEquals(
    await refusal(() => store.write("a", "a")),
    "BackendUnavailable",
  );
  fake.bucket.put("a", new Uint8Array(1), {});
  assertEquals(await refusal(() => store.move("a", "b")), "BackendUnavailable");
  assertEquals([...fake.bucket.objects.keys()], ["a"]);
});

const PAGE = "<!DOCTYPE html><html><body>Please sign in</body></html>";

Deno.test("S3-031: a page with a good status is no success of anything", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", new Uint8Array(1), {});
  const bytes = new Uint8Array(9 * MIB);
  const changes: ((store: Store) => Promise<unknown>)[] = [
    (store) => store.write("b", "hello", { overwrite: true }),
    (store) =>
      store.write("b", new Blob([bytes]).stream(), { overwrite: true }),
    (store) => store.copy("a", "b", { overwrite: true }),
    (store) => store.move("a", "b", { overwrite: true }),
    (store) => store.delete("a"),
    (store) => store.readBytes("a"),
    (store) => Array.fromAsync(store.listFiles("")),
  ];
  for (const [at, change] of changes.entries()) {
    // A HEAD has no page: what it would tell is true here.
    fake.fault = (arrived) =>
      arrived.method === "HEAD" ? undefined : new Response(PAGE, {
        headers: { "content-type": "text/html", etag: '"page"' },
      });
    if (change === changes[5]) {
      fake.fault = () =>
        new Response(PAGE, { headers: { "content-type": "text/html" } });
    }
    await assertRejects(() => change(storeOf(fake)), Error, "", `call ${at}`);
  }
  assertEquals([...fake.bucket.objects.keys()], ["a"]);
});

Deno.test("S3-031: an answer of HEAD or GET without a tag and a time is no object's", async () => {
  const fake = new FakeS3();
  fake.fault = ({ method }) =>
    new Response(method === "HEAD" ? null : PAGE, {
      headers: { "content-length": `${PAGE.length}` },
    });
  const store = storeOf(fake);
  for (
    const call of [
      () => store.getFileInfo("a"),
      () => store.readText("a"),
      () => store.exists("a"),
    ]
  ) {
    assertEquals(await refusal(call), "BackendUnavailable");
  }
});

Deno.test("S3-031: a page in place of tags is repeated, and loses none", async () => {
  const fake = new FakeS3();
  const stored = { "x-amz-tagging": "k=v" };
  fake.bucket.put("a", new Uint8Array(6 * MIB), stored);
  let pages = 1;
  fake.fault = ({ query }) =>
    query.has("tagging") && pages-- > 0 ? new Response(PAGE) : undefined;
  await storeOf(fake, { copyThreshold: 5 * MIB }).copy("a", "b");
  const { headers } = fake.bucket.objects.get("b") ?? {};
  assertEquals(headers?.["x-amz-tagging"], "k=v");
});

Deno.test("S3-032: a condition that is declared and not implemented is said to be missing", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) =>
    arrived.headers.has("if-none-match") || arrived.headers.has("if-match")
      ? answerError(arrived, 501, "NotImplemented")
      : undefined;
  const store = storeOf(fake);
  const creates = await Promise.allSettled(
    Array.from({ length: 16 }, (_, at) => store.write("a", `${at}`)),
  );
  assertEquals(creates.filter(({ status }) => status === "fulfilled"), []);
  assertEquals(
    await refusal(() => store.write("a", "x", { ifMatch: '"e"' })),
    "CapabilityNotSupported",
  );
  assertEquals(fake.bucket.objects.size, 0);
  const { conditions } = await probeDialect(optionsOf(fake));
  assertEquals(conditions.put, false);
  assertEquals(fake.bucket.objects.size, 0);
});

Deno.test("S3-033: a service that does not know its own tag of a file in parts still copies it", async () => {
  for (const copyThreshold of [5 * MIB, 20 * MIB]) {
    const fake = new FakeS3();
    const bytes = new Uint8Array(12 * MIB).fill(7);
    fake.bucket.put("a", bytes, {}, '"0123456789abcdef0123456789abcdef-2"');
    fake.fault = (arrived) =>
      arrived.headers.has("x-amz-copy-source-if-match")
        ? answerError(arrived, 412, "PreconditionFailed")
        : undefined;
    const store = storeOf(fake, { copyThreshold });
    await store.copy("a", "b");
    assertEquals(fake.bucket.objects.get("b")?.bytes, bytes);
    // A file that was there all the time still is the reason.
    assertEquals(await refusal(() => store.copy("a", "b")), "AlreadyExists");
  }
});

Deno.test("S3-033: a source that changes while it is copied without its condition is told", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", new Uint8Array(3), {}, '"own-2"');
  fake.fault = (arrived) => {
    const { headers } = arrived;
    if (headers.has("x-amz-copy-source-if-match")) {
      return answerError(arrived, 412, "PreconditionFailed");
    }
    if (headers.has("x-amz-copy-source")) {
      fake.bucket.put("a", new Uint8Array(4), {}, '"new-2"');
    }
    return undefined;
  };
  await isInDoubt(() => storeOf(fake).copy("a", "b"), "PreconditionFailed");
});

Deno.test("S3-034: only the service's own word for it makes an empty listing, or an absent file", async () => {
  const answers: ((arrived: Arrived) => Response)[] = [
    (arrived) => answerError(arrived, 404, "NoSuchKey"),
    () => new Response(PAGE, { status: 404 }),
    () => new Response(null, { status: 404 }),
  ];
  const isListing = ({ query }: Arrived) => query.has("list-type");
  for (const answer of answers) {
    const fake = new FakeS3();
    const store = storeOf(fake);
    fake.fault = (arrived) => isListing(arrived) ? answer(arrived) : undefined;
    for (
      const call of [
        () => Array.fromAsync(store.listFiles("d")),
        () => store.getFolderInfo("d"),
        () => store.deleteFolder("d", { missingOk: true }),
        () => store.exists("d"),
      ]
    ) {
      assertEquals(await refusal(call), "BackendUnavailable");
    }
  }
  for (const answer of answers.slice(1)) {
    const fake = new FakeS3();
    fake.bucket.put("a", new Uint8Array(1), {});
    let left = 1;
    fake.fault = (arrived) =>
      arrived.method === "GET" && left-- > 0 ? answer(arrived) : undefined;
    assertEquals((await storeOf(fake).readBytes("a")).byteLength, 1);
  }
});

Deno.test("S3-034: a listing that is cut, empty, or another document is asked for again", async () => {
  const fake = new FakeS3();
  for (const key of ["a", "b"]) fake.bucket.put(key, new Uint8Array(1), {});
  const whole = async (next: () => Promise<Response>) =>
    await (await next()).text();
  const bodies: ((next: () => Promise<Response>) => Promise<string>)[] = [
    async (next) => (await whole(next)).replace("</ListBucketResult>", ""),
    async (next) => (await whole(next)).slice(0, 120),
    () => Promise.resolve(""),
    () => Promise.resolve(PAGE),
    () => Promise.resolve('{"files":[]}'),
    () => Promise.resolve("<DeleteResult></DeleteResult>"),
  ];
  for (const body of bodies) {
    let left = 2;
    fake.fault = async (_, next) =>
      left-- > 0 ? new Response(await body(next)) : await next();
    const files = await Array.fromAsync(storeOf(fake).listFiles(""));
    assertEquals(files.map(({ path }) => path), ["a", "b"]);
    left = 3;
    assertEquals(
      await refusal(() => Array.fromAsync(storeOf(fake).listFiles(""))),
      "BackendUnavailable",
    );
  }
});

Deno.test("S3-037: a 412 to a call that sent no condition is told in the service's own words", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) => answerError(arrived, 412, "PreconditionFailed");
  const store = storeOf(fake);
  for (
    const call of [
      () => store.ping(),
      () => Array.fromAsync(store.listFiles("")),
      () => store.readBytes("a"),
    ]
  ) {
    const error = await assertRejects(call) as Error;
    assertEquals((error as { code?: string }).code, "RemoteStoreError");
    assert(error.message.includes("412"), error.message);
  }
});

Deno.test("S3-038: a HEAD that cannot say which region it is lets a GET ask", async () => {
  const fake = new FakeS3({ region: "eu-west-1" });
  fake.bucket.put("a", new Uint8Array(3), {});
  // As where the field is hidden, or was never sent.
  fake.fault = async ({ method }, next) => {
    const response = await next();
    if (response.status !== 400) return response;
    const text =
      "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>";
    return new Response(method === "HEAD" ? null : text, { status: 400 });
  };
  const store = storeOf(fake);
  assertEquals((await store.getFileInfo("a")).size, 3);
  const before = fake.log.length;
  assertEquals(await store.isFile("b"), false);
  assertEquals(fake.log.length, before + 1);
  await storeOf(fake).ping();
});

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
