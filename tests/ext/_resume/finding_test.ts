import { assertEquals } from "@std/assert";
import { candidatesOf, madeBy } from "../../../ext/_resume/finding.ts";
import type { Job } from "../../../ext/_resume/job.ts";
import { Shelf } from "../../../ext/_resume/shelf.ts";
import { hashOf, openSource } from "../../../ext/_resume/source.ts";
import type { UploadToken } from "../../../ext/_resume/token.ts";
import { bytesOf, fileOf, memory } from "./fixture.ts";

const TARGET = "0".repeat(32);
const FILE = bytesOf(100);

async function setting() {
  const tokens = memory();
  const shelf = new Shelf(tokens);
  const job = {
    shelf,
    target: TARGET,
    token: null,
    source: await openSource("a", fileOf(FILE), undefined),
    options: {},
    signal: undefined,
  } as unknown as Job;
  const put = async (change: Partial<UploadToken>) => {
    const key = `${TARGET}/${crypto.randomUUID()}.json`;
    const sha256 = (await hashOf(FILE)).value;
    const token: UploadToken = {
      v: 1,
      key,
      target: TARGET,
      path: "a",
      id: "id",
      size: 100,
      partSize: 100,
      name: "a.bin",
      lastModified: 1000,
      created: 0,
      options: {},
      parts: [{ number: 1, size: 100, tag: "t", sha256 }],
      owner: "one",
      state: "open",
      made: null,
      ...change,
    };
    await shelf.write(token, null);
    return key;
  };
  return { tokens, job, put };
}

Deno.test("RES-002 the tokens of the same name and time come first, those of another size not at all", async () => {
  const { job, put, tokens } = await setting();
  const other = await put({ name: "b.bin", lastModified: 1 });
  const time = await put({ name: "b.bin" });
  const same = await put({});
  await put({ size: 99 });
  await put({ state: "discarded" });
  const torn = await put({});
  await tokens.write(torn, "torn", { overwrite: true });
  const { found, because } = await candidatesOf(job);
  assertEquals(found.map(({ token }) => token.key), [same, time, other]);
  assertEquals(because, "torn");
  assertEquals(await tokens.exists(torn), false);
  assertEquals((await candidatesOf(job)).because, "content");
});

Deno.test("RES-007 who waits gets what was made of the same file, and of no other one", async () => {
  const made = {
    etag: "e",
    versionId: null,
    lastModified: null,
    at: Date.now(),
  };
  const done = { state: "done", made } as const;
  for (
    const [change, isFound] of [
      [done, true],
      [{ ...done, size: 99 }, false],
      [{ ...done, options: { overwrite: true } }, false],
      [{
        ...done,
        parts: [{ number: 1, size: 100, tag: "t", sha256: "0".repeat(64) }],
      }, false],
      [{ state: "discarded" }, false],
      [{}, false],
    ] as const
  ) {
    const { job, put, tokens } = await setting();
    const key = await put(change);
    const found = await madeBy(job, made.at);
    assertEquals(found, isFound ? made : null);
    const isOpen = !("state" in change);
    assertEquals(await tokens.exists(key), isOpen);
  }
  const { job, put } = await setting();
  await put(done);
  assertEquals(await madeBy(job, made.at + 1), null);
});
