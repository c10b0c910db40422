import { assert, assertEquals } from "@std/assert";
import { uploadFolder } from "../../examples/upload_folder.ts";
import { storeOf } from "../backends/s3/setup.ts";
import { FakeS3 } from "../fakes/s3/service.ts";

Deno.test("SYNC-001 the example uploads a real folder, byte for byte, and the second time nothing", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  try {
    assertEquals(await uploadFolder("docs", store), []);
    const files = [];
    for await (const file of store.listFiles("", { recursive: true })) {
      files.push(file.path);
      assertEquals(
        await store.readBytes(file.path),
        await Deno.readFile(`docs/${file.path}`),
      );
    }
    assert(files.includes("adr/0001-kernel-and-thin-backends.md"));
    assertEquals(lines.at(-1), `${files.length} of ${files.length}`);
    fake.log.length = 0;
    assertEquals(await uploadFolder("docs", store), []);
    assertEquals(fake.log.filter((line) => line.startsWith("PUT")), []);
  } finally {
    console.log = log;
  }
});
