import { assert, assertEquals, assertRejects } from "@std/assert";
import { PermissionDeniedError } from "@remote-store/core";
import { resumableUpload } from "../../ext/resume.ts";
import { ACCOUNT, FakeS3 } from "../fakes/s3/service.ts";
import { bytesOf, killed, memory } from "./_resume/fixture.ts";
import { scene } from "./sign_fixture.ts";

const PART = 5 * 1024 * 1024;
const FILE = bytesOf(4 * PART - 7);
const OPTIONS = { partSize: PART, concurrency: 2 };

for (const complete of ["page", "here"] as const) {
  Deno.test(`RES-001 a page without a secret goes on after a reload, with the ticket of its token; uploads end: ${complete}`, async () => {
    const fake = new FakeS3();
    const tokens = memory();
    const asked: string[] = [];
    const handler = {
      complete,
      authorize({ operation, path }: { operation: string; path: string }) {
        asked.push(`${operation} ${path}`);
        return true;
      },
    };
    const before = scene({ fake, handler });
    const kill = { parts: 2, file: FILE, ...OPTIONS };
    const token = await killed(before.store, tokens, kill);
    const writes = () => asked.filter((one) => one === "write a.bin").length;
    assertEquals(writes(), 1);
    // The handler has forgotten all, and so has the page.
    const after = scene({ fake, handler });
    const result = await resumableUpload(
      after.store,
      new Blob([FILE]),
      "a.bin",
      {
        ...OPTIONS,
        tokens,
      },
    );
    const there = token.parts.reduce((sum, { size }) => sum + size, 0);
    assertEquals([result.kept, result.size], [there, FILE.byteLength]);
    // The end is asked for once more.
    assertEquals(writes(), 2);
    assertEquals(fake.bucket.objects.get("users/42/a.bin")?.bytes, FILE);
    assert(!after.seen().includes(ACCOUNT.secretAccessKey), "the secret");
  });

  Deno.test(`RES-004 a page finds what was completed before the reload, and what is gone; uploads end: ${complete}`, async () => {
    const fake = new FakeS3();
    const tokens = memory();
    const handler = { complete };
    const kill = { at: "completed", file: FILE, ...OPTIONS } as const;
    await killed(scene({ fake, handler }).store, tokens, kill);
    const upload = () =>
      resumableUpload(
        scene({ fake, handler }).store,
        new Blob([FILE]),
        "a.bin",
        { ...OPTIONS, tokens },
      );
    assertEquals((await upload()).kept, FILE.byteLength);
    fake.bucket.objects.clear();
    await killed(scene({ fake, handler }).store, tokens, {
      parts: 3,
      file: FILE,
      ...OPTIONS,
    });
    fake.bucket.uploads.clear();
    assertEquals((await upload()).because, "gone");
  });
}

Deno.test("RES-001 who may not write there any more does not go on when the ticket has ended", async () => {
  const fake = new FakeS3();
  const tokens = memory();
  let isAllowed = true;
  const handler = { maxPartExpires: 1, authorize: () => isAllowed };
  const page = () => scene({ fake, handler }).store;
  await killed(page(), tokens, { parts: 2, file: FILE, ...OPTIONS });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const upload = async () =>
    await resumableUpload(page(), new Blob([FILE]), "a.bin", {
      ...OPTIONS,
      tokens,
    });
  isAllowed = false;
  await assertRejects(upload, PermissionDeniedError);
  isAllowed = true;
  assert((await upload()).kept > 0);
});
