import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { pendingUploads, resumableUpload } from "../../../ext/resume.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  InvalidArgumentError,
  NotFoundError,
  type OpenPartsRequest,
} from "../../../mod.ts";
import { bytesOf, killed, memory } from "../../ext/_resume/fixture.ts";
import { FakeS3, type Fault } from "../../fakes/s3/service.ts";
import { optionsOf, storeOf } from "./setup.ts";

const PART = 5 * 1024 * 1024;
const FILE = bytesOf(4 * PART - 7);
const OPTIONS = { partSize: PART, concurrency: 2 };

/** Loses the answer to a completion, which the service does or does not make. */
function losing(acts: boolean, times: number): Fault {
  let left = times;
  return ({ method, query }, next) => {
    if (method !== "POST" || !query.has("uploadId") || left-- <= 0) return;
    return (acts ? next() : Promise.resolve()).then(() => {
      throw new TypeError("the connection was closed");
    });
  };
}

function again(fake: FakeS3, tokens: ReturnType<typeof memory>, options = {}) {
  const store = storeOf(fake, options);
  return resumableUpload(store, new Blob([FILE]), "a.bin", {
    ...OPTIONS,
    tokens,
  });
}

function partsIn(log: readonly string[]): string[] {
  return log.filter((line) => line.includes("partNumber="));
}

Deno.test("RES-001 S3: an upload whose process has ended goes on with the parts that are there, listed in pages", async () => {
  const fake = new FakeS3({ pageSize: 1 });
  const tokens = memory();
  const token = await killed(storeOf(fake), tokens, {
    parts: 3,
    file: FILE,
    ...OPTIONS,
  });
  const before = fake.log.length;
  const { kept } = await again(fake, tokens);
  const bytes = token.parts.reduce((sum, { size }) => sum + size, 0);
  assertEquals(kept, bytes);
  assertEquals(
    partsIn(fake.log.slice(before)).length,
    4 - token.parts.length,
  );
  assertEquals(fake.bucket.objects.get("a.bin")?.bytes, FILE);
  assertEquals(fake.bucket.uploads.size, 0);
});

Deno.test("RES-004 S3: an upload that was completed before the kill is found completed", async () => {
  for (const dialect of ["aws", "unknown"] as const) {
    const fake = new FakeS3({ ignoresConditions: dialect === "unknown" });
    const options = dialect === "aws" ? {} : { dialect: undefined };
    const tokens = memory();
    const kill = { at: "completed", file: FILE, ...OPTIONS } as const;
    await killed(storeOf(fake, options), tokens, kill);
    const before = fake.log.length;
    const { kept, etag } = await again(fake, tokens, options);
    assertEquals([kept, etag], [
      FILE.byteLength,
      fake.bucket.objects.get("a.bin")?.etag,
    ]);
    assertEquals(partsIn(fake.log.slice(before)), []);
    assertEquals(await Array.fromAsync(pendingUploads(tokens)), []);
  }
});

Deno.test("RES-004 S3: an upload that a lifecycle rule has ended begins anew", async () => {
  const fake = new FakeS3();
  const tokens = memory();
  await killed(storeOf(fake), tokens, { parts: 3, file: FILE, ...OPTIONS });
  fake.bucket.uploads.clear();
  assertEquals((await again(fake, tokens)).because, "gone");
  assertEquals(fake.bucket.objects.get("a.bin")?.bytes, FILE);
});

Deno.test("RES-005 S3: of 1,001 parts all are listed", async () => {
  const fake = new FakeS3();
  const { uploads } = new S3Backend(optionsOf(fake));
  const request = {
    size: 1001,
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
  const id = await uploads.open("a", request);
  const open: OpenPartsRequest = { ...request, id };
  const tags = await Promise.all(
    Array.from(
      { length: 1001 },
      (_, at) => uploads.part("a", at + 1, Uint8Array.of(at), null, open),
    ),
  );
  const listed: string[] = [];
  let pages = 0;
  for (let cursor: string | null = null;; pages++) {
    const page = await uploads.parts("a", cursor, open);
    for (const { number, tag } of page!.parts) listed[number - 1] = tag;
    cursor = page!.cursor;
    if (cursor === null) break;
  }
  assertEquals([pages, listed], [1, tags]);
});

Deno.test("UPL-013 S3: a completion whose answer is lost throws nothing away, and is asked for again", async () => {
  for (const acts of [true, false]) {
    const fake = new FakeS3();
    const store = storeOf(fake);
    const upload = await store.openUpload("a", { size: 3, partSize: PART });
    const parts = [await upload.part(1, Uint8Array.of(1, 2, 3))];
    fake.fault = losing(acts, 9);
    if (acts) {
      const { etag } = await upload.complete(parts);
      assertEquals(etag, fake.bucket.objects.get("a")?.etag);
      continue;
    }
    const error = await assertRejects(
      () => upload.complete(parts),
      BackendUnavailableError,
    );
    assertEquals(error.inDoubt, true);
    assertEquals(fake.bucket.uploads.size, 1);
    fake.fault = null;
    assertEquals((await upload.complete(parts)).size, 3);
  }
});

Deno.test("UPL-004 S3: where the service looks at no condition the look at the end finds the conflict, and the upload stays", async () => {
  const fake = new FakeS3({ ignoresConditions: true });
  const store = storeOf(fake, { dialect: undefined });
  const upload = await store.openUpload("a", { size: 3, partSize: PART });
  const parts = [await upload.part(1, Uint8Array.of(1, 2, 3))];
  fake.bucket.put("a", Uint8Array.of(9), {});
  await assertRejects(() => upload.complete(parts), AlreadyExistsError);
  assertEquals(fake.bucket.uploads.size, 1);
  fake.bucket.objects.delete("a");
  await upload.complete(parts);
});

Deno.test("UPL-006 S3: another file at the key is not what these parts make", async () => {
  for (const opaqueTags of [false, true]) {
    const fake = new FakeS3({ opaqueTags });
    const store = storeOf(fake);
    const upload = await store.openUpload("a", {
      size: 3,
      partSize: PART,
      overwrite: true,
    });
    const parts = [await upload.part(1, Uint8Array.of(1, 2, 3))];
    await upload.complete(parts);
    if (!opaqueTags) await upload.complete(parts);
    fake.bucket.put("a", Uint8Array.of(1, 2, 4), {});
    await assertRejects(
      () => upload.complete(parts),
      NotFoundError,
      "the upload is gone",
    );
  }
});

Deno.test("UPL-003 S3: with a checksum each part is verified by its SHA-256, and listed with it", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake, { checksum: "crc64nvme" });
  const upload = await store.openUpload("a", { size: 3, partSize: PART });
  const parts = [await upload.part(1, Uint8Array.of(1, 2, 3))];
  const hash = "A5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=";
  assert(parts[0]!.tag.endsWith(` ${hash}`), parts[0]!.tag);
  assertEquals((await upload.complete(parts)).size, 3);
});

Deno.test("UPL-008 S3: parts that are too small, and a name that is none, are refused before anything is sent", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await assertRejects(
    () => store.openUpload("a", { size: 2 * PART, partSize: PART - 1 }),
    InvalidArgumentError,
    "S3 takes no smaller ones than 5242880",
  );
  const upload = await store.openUpload("a", {
    size: 3,
    partSize: PART,
    id: "none",
  });
  for (
    const step of [
      () => upload.part(1, Uint8Array.of(1, 2, 3)),
      () => upload.discard(),
      () => Array.fromAsync(upload.parts()),
    ]
  ) {
    await assertRejects(
      async () => await step(),
      InvalidArgumentError,
      "its id is none",
    );
  }
  assertEquals(fake.log, []);
});

Deno.test("UPL-007 S3: an end whose answer is lost, of an upload that is gone by then, says that it is gone", async () => {
  const fake = new FakeS3();
  const upload = await storeOf(fake).openUpload("a", {
    size: 3,
    partSize: PART,
  });
  const parts = [await upload.part(1, Uint8Array.of(1, 2, 3))];
  let isFirst = true;
  fake.fault = ({ method, query }) => {
    if (method !== "POST" || !query.has("uploadId") || !isFirst) return;
    isFirst = false;
    fake.bucket.uploads.clear();
    throw new TypeError("the connection was closed");
  };
  await assertRejects(
    () => upload.complete(parts),
    NotFoundError,
    "the upload is gone",
  );
  assertEquals(fake.bucket.objects.size, 0);
});

Deno.test("UPL-014 S3: an end whose answer is lost is in doubt where what stands there may be its work, or have replaced it", async () => {
  for (const opaqueTags of [false, true]) {
    for (const replaced of [false, true]) {
      for (const condition of ["create", "overwrite", "ifMatch"]) {
        // The hash of the parts says whose it is.
        if (!opaqueTags && !replaced) continue;
        const fake = new FakeS3({ opaqueTags });
        const store = storeOf(fake);
        const old = condition === "create"
          ? null
          : await store.writeText("a", "old");
        const upload = await store.openUpload("a", {
          size: 3,
          partSize: PART,
          ...condition === "overwrite" && { overwrite: true },
          ...condition === "ifMatch" && { ifMatch: old?.etag ?? "" },
        });
        const parts = [await upload.part(1, Uint8Array.of(1, 2, 3))];
        const lose = losing(true, 9);
        fake.fault = (arrived, next) =>
          lose(arrived, async () => {
            const answer = await next();
            if (replaced) fake.bucket.put("a", Uint8Array.of(9), {});
            return answer;
          });
        const error = await assertRejects(
          () => upload.complete(parts),
          BackendUnavailableError,
          "the change may have been made",
        );
        assert(error.inDoubt);
        fake.fault = null;
        // Asked anew, it is no more than gone.
        await assertRejects(() => upload.complete(parts), NotFoundError);
      }
    }
  }
});

Deno.test("UPL-014 S3: what stood there before the upload was opened is none of its work", async () => {
  let age = 60_000;
  const fake = new FakeS3({ opaqueTags: true, now: () => Date.now() - age });
  fake.bucket.put("a", Uint8Array.of(9), {});
  age = 0;
  const store = storeOf(fake);
  const upload = await store.openUpload("a", {
    size: 3,
    partSize: PART,
    overwrite: true,
  });
  const parts = [await upload.part(1, Uint8Array.of(1, 2, 3))];
  const lose = losing(false, 9);
  fake.fault = (arrived, next) => {
    const fault = lose(arrived, next);
    if (fault !== undefined) fake.bucket.uploads.clear();
    return fault;
  };
  await assertRejects(() => upload.complete(parts), NotFoundError);
});

Deno.test("UPL-014 S3: a resumed upload whose end is in doubt says so, and begins nothing anew", async () => {
  const fake = new FakeS3({ opaqueTags: true });
  const tokens = memory();
  fake.fault = losing(true, 9);
  const error = await assertRejects(
    async () => await again(fake, tokens),
    BackendUnavailableError,
  );
  assert(error.inDoubt);
  assertEquals(fake.bucket.objects.get("a.bin")?.bytes, FILE);
  assertEquals(fake.log.filter((line) => line.includes("uploads=")).length, 1);
});
