import { assertEquals, assertRejects } from "@std/assert";
import { forEach } from "../../core/for_each.ts";

const KEYS = Array.from({ length: 30 }, (_, at) => `key ${at}`);

Deno.test("BE-012 forEach() works on every key once, on eight at a time, and returns what failed", async () => {
  const seen: string[] = [];
  let inFlight = 0;
  let most = 0;
  const failed = await forEach(KEYS, async (key) => {
    most = Math.max(most, ++inFlight);
    await Promise.resolve();
    inFlight--;
    seen.push(key);
    if (key.endsWith("7")) throw new Error(key);
  }, undefined);
  assertEquals(seen.toSorted(), KEYS.toSorted());
  assertEquals(most, 8);
  assertEquals([...failed.keys()], ["key 7", "key 17", "key 27"]);
  assertEquals((failed.get("key 17") as Error).message, "key 17");
});

Deno.test("SIO-005 forEach() begins nothing after an abort, and rejects with its reason", async () => {
  const controller = new AbortController();
  let begun = 0;
  const thrown = await assertRejects(() =>
    forEach(KEYS, async () => {
      if (++begun === 3) controller.abort(new Error("why"));
      await Promise.resolve();
    }, controller.signal)
  );
  assertEquals([begun, (thrown as Error).message], [3, "why"]);
});
