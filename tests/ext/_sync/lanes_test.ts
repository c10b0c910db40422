import { assert, assertEquals, assertRejects } from "@std/assert";
import { inLanes } from "../../../ext/_sync/lanes.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
const never = new AbortController().signal;

Deno.test("SYNC-012 inLanes() works on as many at once as it may, on each once and by its place", async () => {
  let running = 0;
  let most = 0;
  const seen: [string, number][] = [];
  await inLanes([..."abcde"], 2, never, async (item, index) => {
    most = Math.max(most, ++running);
    await turn();
    running--;
    seen.push([item, index]);
  });
  assertEquals(most, 2);
  assertEquals(seen, [["a", 0], ["b", 1], ["c", 2], ["d", 3], ["e", 4]]);
  await inLanes([], 2, never, () => Promise.reject(new Error("nothing")));
});

Deno.test("SYNC-012 inLanes() ends the others, waits for them, and throws the first error", async () => {
  const first = new Error("first");
  let ended = 0;
  const error = await assertRejects(
    () =>
      inLanes([..."abc"], 2, never, async (item, _, signal) => {
        assert(item !== "c");
        if (item === "b") throw first;
        while (!signal.aborted) await turn();
        ended++;
        throw new Error("second");
      }),
    Error,
  );
  assertEquals([error, ended], [first, 1]);
});

Deno.test("SYNC-012 inLanes() throws the caller's reason, whatever else went wrong", async () => {
  const reason = new Error("reason");
  const controller = new AbortController();
  const error = await assertRejects(
    () =>
      inLanes([..."ab"], 1, controller.signal, () => {
        controller.abort(reason);
        return Promise.reject(new Error("other"));
      }),
    Error,
  );
  assertEquals(error, reason);
});
