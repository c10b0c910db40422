import { assert, assertEquals } from "@std/assert";
import { Capability } from "@remote-store/core";

function read(path: string): Promise<string> {
  return Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
}

const page = await read("docs/writing-a-backend.md");

Deno.test("docs/writing-a-backend.md shows examples/map_backend.ts as it is", async () => {
  const [, code = ""] = page.match(/^```ts\n(import \{\n[^]*?)^```$/m) ?? [];
  const file = await read("examples/map_backend.ts");
  assertEquals(code, file.slice(file.indexOf("import {")));
});

Deno.test("docs/writing-a-backend.md names every capability", () => {
  const missing = Object.keys(Capability).filter((key) => !page.includes(key));
  assertEquals(missing, []);
});

Deno.test("docs/writing-a-backend.md says what every member of Backend is for", async () => {
  const source = await read("core/backend.ts");
  const body = source.match(/^export interface Backend \{\n([^]*?)^\}$/m)?.[1];
  const members = [...(body ?? "").matchAll(/^ {2}(?:readonly )?(\w+)[?:(<]/gm)]
    .map(([, name]) => name);
  assert(members.length > 15);
  const missing = members.filter((name) => !page.includes(`\`${name}\``));
  assertEquals(missing, []);
});
