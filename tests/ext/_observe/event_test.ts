import { assert, assertEquals } from "@std/assert";
import { metadataOf } from "../../../ext/_observe/event.ts";

Deno.test("metadataOf() takes the steering options by their Python names, and no other", () => {
  assertEquals(
    metadataOf({
      overwrite: false,
      ifMatch: '"1"',
      ifNoneMatch: '"2"',
      missingOk: true,
      recursive: false,
      maxDepth: 0,
      pattern: "*",
      range: { suffix: 1 },
      signal: new AbortController().signal,
      metadata: { secret: "x" },
      contentType: undefined,
    }, { dst: "b" }),
    {
      "dst": "b",
      "overwrite": false,
      "if_match": '"1"',
      "if_none_match": '"2"',
      "missing_ok": true,
      "recursive": false,
      "max_depth": 0,
      "pattern": "*",
      "range": { suffix: 1 },
    },
  );
});

Deno.test("metadataOf() leaves out what was not given, and freezes", () => {
  const metadata = metadataOf({ overwrite: undefined });
  assertEquals(metadata, {});
  assert(Object.isFrozen(metadata));
  assertEquals(metadataOf(undefined), {});
});
