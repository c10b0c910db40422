import { assertEquals } from "@std/assert";
import {
  difference,
  uploadedFiles,
  warnings,
} from "../../tools/publish_output.ts";

const OUTPUT = `Check mod.ts
Checking for slow types in the public API...
Simulating publish of @remote-store/core@0.1.0 with files:
   file:///a%20b/mod.ts (1.2KB)
   file:///a%20b/LICENSE (99B)
   file:///a%20b/deno.chosen.json (1KB)
   file:///a%20b/without_jsr/std/path/deno.json (99B)
   file:///elsewhere/x.ts (1MB)
Warning no license
Success Dry run complete
`;

Deno.test("uploadedFiles() lists the package's own files", () => {
  assertEquals(
    uploadedFiles(OUTPUT, new URL("file:///a%20b/")),
    ["LICENSE", "deno.json", "mod.ts"],
  );
});

Deno.test("warnings() finds what the dry run lets pass", () => {
  assertEquals(warnings(OUTPUT), ["Warning no license"]);
});

Deno.test("difference() says what is gone and what is new", () => {
  assertEquals(difference(["a", "b"], ["b", "c"]), ["- a", "+ c"]);
  assertEquals(difference(["a"], ["a"]), []);
});
