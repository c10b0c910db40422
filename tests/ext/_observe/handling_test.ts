import { assert, assertEquals } from "@std/assert";
import type { OpenFile } from "@remote-store/core";
import { HANDLING } from "../../../ext/_observe/handling.ts";
import { Reporter } from "../../../ext/_observe/reporter.ts";

Deno.test("HANDLING.open gives the file as it is where nobody watches its body, or it has none", () => {
  const start = new Reporter({}, "memory").start("open", "", "a");
  const watch = (file: OpenFile, options: object) =>
    HANDLING.open?.watch?.(
      file,
      new Reporter(options, "memory"),
      start,
      () => start,
    );
  const info = {} as OpenFile["info"];
  const none: OpenFile = { info, body: null };
  assert(watch(none, { onStreamEnd: () => {} }) === none);
  const some: OpenFile = { info, body: new ReadableStream() };
  assert(watch(some, {}) === some);
  const watched = watch(some, { onStreamEnd: () => {} });
  assert(watched !== some && watched?.body !== some.body);
  assertEquals(watched?.info, info);
});
