import type { Capability, MultipartUpload, UploadedPart } from "../../mod.ts";
import { assert, assertEquals, isEqual } from "./assert.ts";
import { type Bench, collect } from "./bench.ts";
import { patternAt } from "./bodies.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefused } from "./refusals.ts";

const NEEDS: { readonly needs: readonly Capability[] } = {
  needs: ["write", "resumable_upload"],
};
const READ: typeof NEEDS = { needs: [...NEEDS.needs, "read", "metadata"] };

/** What S3 takes as a part that is not the last one. */
const PART = 5 * 1024 * 1024;
const SIZE = PART + 1000;
const CUT = { size: SIZE, partSize: PART };

let made: Uint8Array<ArrayBuffer> | undefined;

// Made where it is needed: who skips these tests does not wait for it.
function content(): Uint8Array<ArrayBuffer> {
  return made ??= Uint8Array.from({ length: SIZE }, (_, at) => patternAt(at));
}

function partOf(number: number): Uint8Array<ArrayBuffer> {
  return content().subarray((number - 1) * PART, number * PART);
}

async function sendAll(upload: MultipartUpload): Promise<UploadedPart[]> {
  return await Promise.all([2, 1].map((n) => upload.part(n, partOf(n))));
}

async function assertContent({ store }: Bench, path: string): Promise<void> {
  const stored = await store.readBytes(path);
  assert(isEqual(stored, content()), "the content is another one");
}

/** What uploads in parts promise. */
export const UPLOAD_TESTS: readonly Group[] = [
  behaviour(
    "UPL-001",
    "openUpload: parts in any order make the file, and nothing is there before",
    READ,
    async (bench) => {
      const { store } = bench;
      const upload = await store.openUpload("a/b.bin", {
        ...CUT,
        contentType: "text/x-parts",
        ...bench.has("user_metadata") ? { metadata: { by: "ada" } } : {},
      });
      const { path, size, partSize } = upload;
      assertEquals(
        { path, size, partSize },
        { path: "a/b.bin", ...CUT },
        "what it is",
      );
      const sent = await sendAll(upload);
      assert(
        !await store.isFile("a/b.bin"),
        "the file is there before its end",
      );
      const listed = await collect(upload.parts());
      const byNumber = (a: UploadedPart, b: UploadedPart) =>
        a.number - b.number;
      assertEquals(listed.sort(byNumber), sent.sort(byNumber), "the parts");
      const result = await upload.complete(sent);
      assertEquals(
        [result.path, result.size],
        ["a/b.bin", SIZE],
        "path and size",
      );
      await assertContent(bench, "a/b.bin");
      const info = await store.getFileInfo("a/b.bin");
      assertEquals(info.contentType, "text/x-parts", "the type");
      // Not every service tells it at the end.
      if (result.etag !== null) {
        assertEquals(info.etag, result.etag, "the etag");
      }
      if (bench.has("user_metadata")) {
        assertEquals(info.metadata, { by: "ada" }, "the metadata");
        assertEquals(result.metadata, { by: "ada" }, "the result's metadata");
      }
    },
  ),

  behaviour(
    "UPL-002",
    "openUpload: whoever has the id goes on, also below a child store",
    READ,
    async (bench) => {
      const { store } = bench;
      const first = await store.child("a").openUpload("b.bin", CUT);
      const one = await first.part(1, partOf(1));
      const again = await store.openUpload("a/b.bin", {
        ...CUT,
        id: first.id,
      });
      await again.part(2, partOf(2));
      const parts = await collect(again.parts());
      assert(parts.some(({ tag }) => tag === one.tag), "the first part");
      assertEquals((await again.complete(parts)).path, "a/b.bin", "the path");
      await assertContent(bench, "a/b.bin");
    },
  ),

  behaviour(
    "UPL-003",
    "openUpload: of a part that is sent twice the last one counts",
    READ,
    async (bench) => {
      const upload = await bench.store.openUpload("a.bin", CUT);
      const wrong = await upload.part(2, partOf(2).map((byte) => byte ^ 1));
      const parts = await sendAll(upload);
      assert(!parts.some(({ tag }) => tag === wrong.tag), "the tags");
      await upload.complete(parts);
      await assertContent(bench, "a.bin");
    },
  ),

  behaviour(
    "UPL-004",
    "openUpload: a conflict is refused when it opens, and when it ends",
    { needs: [...READ.needs, "conditional_write"] },
    async (bench) => {
      const { store } = bench;
      const refusal = { code: "AlreadyExists", paths: ["a.bin"] } as const;
      const upload = await store.openUpload("a.bin", CUT);
      const parts = await sendAll(upload);
      await store.write("a.bin", "another", { overwrite: true });
      await assertRefused(
        () => store.openUpload("a.bin", CUT),
        refusal,
        bench,
        "a second upload",
      );
      await assertRefused(() => upload.complete(parts), refusal, bench);
      assertEquals(await store.readText("a.bin"), "another", "the content");
    },
  ),

  behaviour(
    "UPL-009",
    "openUpload: a conflict at its end leaves the upload as it is",
    { needs: [...READ.needs, "delete", "conditional_write"] },
    async (bench) => {
      const { store } = bench;
      const upload = await store.openUpload("a.bin", CUT);
      const parts = await sendAll(upload);
      await store.write("a.bin", "another", { overwrite: true });
      await assertRefused(
        () => upload.complete(parts),
        { code: "AlreadyExists", paths: ["a.bin"] },
        bench,
      );
      await store.delete("a.bin");
      await upload.complete(parts);
      await assertContent(bench, "a.bin");
    },
  ),

  behaviour(
    "UPL-005",
    "openUpload: ifMatch replaces its version and no other one",
    { needs: [...READ.needs, "conditional_write"] },
    async (bench) => {
      const { store } = bench;
      const { etag } = await store.write("a.bin", "old");
      assert(etag !== null, "there is no etag");
      const late = await store.openUpload("a.bin", { ...CUT, ifMatch: etag });
      const upload = await store.openUpload("a.bin", { ...CUT, ifMatch: etag });
      await upload.complete(await sendAll(upload));
      await assertContent(bench, "a.bin");
      const parts = await sendAll(late);
      await assertRefused(
        () => late.complete(parts),
        { code: "PreconditionFailed", paths: ["a.bin"] },
        bench,
      );
    },
  ),

  behaviour(
    "UPL-006",
    "openUpload: completed again it says the same, and nothing is written twice",
    READ,
    async (bench) => {
      const { store } = bench;
      const upload = await store.openUpload("a.bin", CUT);
      const parts = await sendAll(upload);
      await upload.complete(parts);
      const { etag } = await store.getFileInfo("a.bin");
      const again = await store.openUpload("a.bin", { ...CUT, id: upload.id });
      const result = await again.complete(parts);
      if (result.etag !== null) assertEquals(result.etag, etag, "the etag");
      assertEquals((await store.getFileInfo("a.bin")).etag, etag, "the file's");
    },
  ),

  behaviour(
    "UPL-007",
    "openUpload: what is discarded is gone, twice too, and is no file",
    NEEDS,
    async (bench) => {
      const { store } = bench;
      const upload = await store.openUpload("a.bin", CUT);
      const parts = await sendAll(upload);
      await upload.discard();
      await upload.discard();
      const gone = { code: "NotFound", paths: ["a.bin"] } as const;
      await assertRefused(() => collect(upload.parts()), gone, bench, "parts");
      await assertRefused(
        () => upload.part(1, partOf(1)),
        gone,
        bench,
        "a part",
      );
      await assertRefused(() => upload.complete(parts), gone, bench, "its end");
      assert(!await store.isFile("a.bin"), "there is a file");
    },
  ),

  behaviour(
    "UPL-008",
    "openUpload: a part of another size or number, and an end without all of them, are refused",
    NEEDS,
    async (bench) => {
      const { store } = bench;
      const refusal = { code: "InvalidArgument" } as const;
      const { id } = await store.openUpload("a.bin", CUT);
      const upload = await store.openUpload("a.bin", { ...CUT, id });
      const [one, two] = await sendAll(upload) as [UploadedPart, UploadedPart];
      const calls: (() => Promise<unknown>)[] = [
        () => store.openUpload("b.bin", { size: 0 }),
        () => store.openUpload("b.bin", { size: 1.5 }),
        () => store.openUpload("b.bin", { size: 9, partSize: 0 }),
        () => store.openUpload("b.bin", { size: 9, id }),
        () => store.openUpload("b.bin", { ...CUT, id: "" }),
        () => upload.part(0, partOf(1)),
        () => upload.part(3, partOf(1)),
        () => upload.part(1, partOf(2)),
        () => upload.part(2, partOf(1)),
        () => upload.complete([one]),
        () => upload.complete([one, one]),
        () => upload.complete([one, two, { ...one, number: 3 }]),
        () => upload.complete([one, { ...two, size: 1 }]),
      ];
      for (const [at, call] of calls.entries()) {
        await assertRefused(call, refusal, bench, `call ${at}`);
      }
      assert(!await store.isFile("a.bin"), "there is a file");
    },
  ),
];
