import { assertEquals } from "@std/assert";
import type { ListFilesOptions } from "@remote-store/core";
import { listingKey } from "../../../ext/_cache/listing.ts";

Deno.test("listingKey() holds what a listing was asked, in one order, without the signal", () => {
  const { signal } = new AbortController();
  const one: ListFilesOptions = { recursive: true, maxDepth: 1, signal };
  const other: ListFilesOptions = { maxDepth: 1, recursive: true };
  assertEquals(
    listingKey("listFiles", "x", "a", one),
    listingKey("listFiles", "x", "a", other),
  );
  assertEquals(listingKey("glob", "", "*", {}), [
    "list",
    "glob",
    "",
    "*",
    "{}",
  ]);
});
