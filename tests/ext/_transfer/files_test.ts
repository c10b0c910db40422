import { assertEquals } from "@std/assert";
import * as transfer from "../../../ext/transfer.ts";
import * as files from "../../../ext/_transfer/files.ts";

// What they do is tested at the entry: tests/ext/transfer_test.ts.
Deno.test("upload() and download() are those of the entry", () => {
  assertEquals(
    [transfer.upload, transfer.download],
    [files.upload, files.download],
  );
});
