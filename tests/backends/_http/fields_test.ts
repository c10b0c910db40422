import { assertEquals } from "@std/assert";
import { readFields } from "../../../backends/_http/fields.ts";

Deno.test("PERF: fields that were read say what the answer's own say", () => {
  const headers = new Headers([["ETag", '"a"'], ["x-a", "1"], ["X-A", "2"]]);
  const fields = readFields(headers);
  for (const name of ["etag", "x-a", "x-b"]) {
    assertEquals(fields.get(name), headers.get(name));
    assertEquals(fields.has(name), headers.has(name));
  }
  const all: Record<string, string> = {};
  fields.forEach((value, name) => all[name] = value);
  assertEquals(all, Object.fromEntries(headers));
});
