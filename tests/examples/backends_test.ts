import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { BACKENDS, credentialsIn } from "../../examples/backends.ts";
import { BadInput } from "../../examples/command_line.ts";
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

Deno.test("a key is taken from the variables of AWS, and one that is not there is told by name", () => {
  const variables: Record<string, string> = {
    AWS_ACCESS_KEY_ID: "A",
    AWS_SECRET_ACCESS_KEY: "S",
  };
  const read = (name: string) => variables[name];
  assertEquals(credentialsIn(read), {
    accessKeyId: "A",
    secretAccessKey: "S",
  });
  variables["AWS_SESSION_TOKEN"] = "T";
  assertEquals(credentialsIn(read).sessionToken, "T");
  delete variables["AWS_SECRET_ACCESS_KEY"];
  assertThrows(
    () => credentialsIn(read),
    BadInput,
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY hold no key",
  );
});
