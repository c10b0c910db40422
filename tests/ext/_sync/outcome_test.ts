import { assert, assertEquals } from "@std/assert";
import { Account } from "../../../ext/_sync/outcome.ts";

Deno.test("SYNC-009 Account counts each file's bytes once, and never more than were listed", () => {
  const seen: number[] = [];
  const account = new Account([{ size: 4 }, { size: null }, { size: 2 }], {
    onProgress: ({ bytes }) => seen.push(bytes.done),
  });
  account.bytesOf(0)(3);
  account.bytesOf(2)(1);
  account.bytesOf(0)(9);
  account.settle("a", "copied", null, 0);
  account.settle("b", "failed", new Error("b"), 1);
  account.settle("c", "failed", new Error("c"), 2);
  assertEquals(seen, [3, 4, 5, 5, 5, 6]);
  assertEquals(account.failed, 2);
});

Deno.test("SYNC-009 Account gives a frozen result, in the order of the listings", () => {
  const account = new Account([{ size: 1 }, { size: 1 }], {});
  account.settle("b", "copied", null, 1);
  account.settle("a", "copied", null, 0);
  account.settle("c", "kept", null);
  const result = account.close(7, false);
  assertEquals([result.copied, result.kept], [["a", "b"], ["c"]]);
  assertEquals([result.looks, result.allSucceeded], [7, true]);
  for (const part of [result, result.copied, result.failed]) {
    assert(Object.isFrozen(part));
  }
});
