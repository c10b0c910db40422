import { assert, assertEquals } from "@std/assert";
import type { StoreLike } from "@remote-store/core";
import { uploadFolder } from "../../examples/upload_folder.ts";
import { storeOf } from "../backends/s3/setup.ts";
import { FakeS3 } from "../fakes/s3/service.ts";
import { uploadFolder as uploadByHand } from "./upload_by_hand.ts";

type Upload = (root: string, store: StoreLike) => Promise<string[]>;

/** Uploads a folder twice, and returns what is there, with what the second time sent. */
async function twice(upload: Upload) {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  try {
    assertEquals(await upload("docs", store), []);
    const files = new Map<string, Uint8Array>();
    for await (const { path } of store.listFiles("", { recursive: true })) {
      files.set(path, await store.readBytes(path));
    }
    assertEquals(lines.at(-1), `${files.size} of ${files.size}`);
    fake.log.length = 0;
    assertEquals(await upload("docs", store), []);
    const sent = fake.log.filter((line) => line.startsWith("PUT"));
    return { files, sent };
  } finally {
    console.log = log;
  }
}

Deno.test("SYNC-001 the example uploads a real folder, byte for byte, and the second time nothing", async () => {
  const { files, sent } = await twice(uploadFolder);
  for (const [path, bytes] of files) {
    assertEquals(bytes, await Deno.readFile(`docs/${path}`));
  }
  assert(files.has("adr/0001-kernel-and-thin-backends.md"));
  assertEquals(sent, []);
});

/** Counts the lines of a script that are neither empty, nor comments, nor imports. */
async function linesOf(path: string): Promise<number> {
  const text = await Deno.readTextFile(path);
  const code = text.replaceAll(/\/\*\*[^]*?\*\/|^import [^]*?;$/gm, "");
  return code.split("\n").filter((line) => line.trim() !== "").length;
}

Deno.test("SYNC-015 what the example does in fewer than 15 lines takes more than 80 by hand, and comes to the same", async () => {
  const [example, hand] = await Promise.all([
    linesOf("examples/upload_folder.ts"),
    linesOf("tests/examples/upload_by_hand.ts"),
  ]);
  assert(example < 15, `the example has ${example} lines`);
  assert(hand > 80, `the script has ${hand} lines`);
  const [short, long] = [await twice(uploadFolder), await twice(uploadByHand)];
  const sorted = (files: Map<string, Uint8Array>) =>
    [...files].sort(([a], [b]) => a < b ? -1 : 1);
  assertEquals(sorted(short.files), sorted(long.files));
  assertEquals([short.sent, long.sent], [[], []]);
});
