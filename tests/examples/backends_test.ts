import { assertEquals, assertStringIncludes } from "@std/assert";
import { BACKENDS } from "../../examples/backends.ts";
import { main } from "../../examples/quickstart.ts";

for (const name of ["memory", "indexeddb", "r2"]) {
  Deno.test(`demo finds no difference on ${name}`, async () => {
    const out: string[] = [];
    const err: string[] = [];
    const code = await main([name, "docs"], {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
    });
    assertEquals(err, []);
    assertEquals(code, 0);
    assertStringIncludes(out.at(-1) ?? "", "0 differences");
  });
}

Deno.test("demo says that its IndexedDB is an imitation", () => {
  assertStringIncludes(BACKENDS.indexeddb?.about ?? "", "fake-indexeddb");
});
