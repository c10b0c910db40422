import { assert, assertEquals, assertRejects } from "@std/assert";
import { BackendUnavailableError } from "../../../mod.ts";
import { answerError, type Arrived } from "../../fakes/s3/answers.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import {
  first,
  isComplete,
  isDelete,
  isInDoubt,
  isPut,
  putOld,
  refusal,
  source,
  storeOf,
} from "./setup.ts";

const MIB = 1024 * 1024;
const LONG = 21 * MIB;

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

Deno.test("S3-033: a copy without its condition that nobody can look at afterwards is in doubt", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", new Uint8Array(3), {}, '"own-2"');
  fake.fault = (arrived) => {
    const { headers, method } = arrived;
    if (headers.has("x-amz-copy-source-if-match")) {
      return answerError(arrived, 412, "PreconditionFailed");
    }
    return method === "HEAD" && fake.bucket.objects.has("b")
      ? answerError(arrived, 403, "AccessDenied")
      : undefined;
  };
  await isInDoubt(() => storeOf(fake).copy("a", "b"), "PermissionDenied");
});
