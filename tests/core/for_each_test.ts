import { assert, assertEquals, assertRejects } from "@std/assert";
import { askAll, forEach } from "../../core/for_each.ts";

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

Deno.test("ID-211 askAll() answers in the order of the questions, eight at a time", async () => {
  let inFlight = 0;
  let most = 0;
  const ask = async (key: string) => {
    const at = KEYS.indexOf(key);
    most = Math.max(most, ++inFlight);
    for (let tick = at % 3; tick >= 0; tick--) await Promise.resolve();
    inFlight--;
    return key;
  };
  assertEquals(await askAll(KEYS, ask, undefined), KEYS);
  assertEquals(most, 8);
  assertEquals(await askAll([], ask, undefined), []);
});

Deno.test("ID-211 askAll() ends the others at the first failure, and waits for them", async () => {
  let ended = 0;
  const ask = async (key: string, signal: AbortSignal) => {
    if (key === "key 3") throw new Error(key);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => setTimeout(resolve, 5));
    });
    ended++;
    throw signal.reason;
  };
  await assertRejects(() => askAll(KEYS, ask, undefined), Error, "key 3");
  assert(ended === 7, `${ended} had begun, and ended`);
});

Deno.test("SIO-005 askAll() passes an abort on, and rejects with its reason", async () => {
  const controller = new AbortController();
  const ask = async (_: string, signal: AbortSignal) => {
    controller.abort(new Error("why"));
    await Promise.resolve();
    signal.throwIfAborted();
  };
  const asked = askAll(KEYS, ask, controller.signal);
  await assertRejects(() => asked, Error, "why");
});
