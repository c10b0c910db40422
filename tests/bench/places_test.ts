import { assertEquals } from "@std/assert";
import { inEachPlace } from "../../bench/peers/places.ts";

// A process in which the first side pays twice.
function process() {
  const asked: (readonly string[])[] = [];
  const run = (sides: readonly string[]) => {
    asked.push(sides);
    const costs = Object.fromEntries(
      sides.map((name, place) => [name, place === 0 ? 8 : 4]),
    );
    return Promise.resolve({ put: costs, get: costs });
  };
  return { asked, run };
}

Deno.test("PERF: of two checkouts each is first once, so that one of the same code is even", async () => {
  const { asked, run } = process();
  const { put, get } = await inEachPlace(["ours", "base", "sdk"], run);
  assertEquals(asked, [["ours", "base", "sdk"], ["base", "ours", "sdk"]]);
  assertEquals(put?.["ours"], put?.["base"]);
  assertEquals([put?.["sdk"], get?.["sdk"]], [4, 4]);
});

Deno.test("PERF: a row without another checkout runs once", async () => {
  const { asked, run } = process();
  const { put } = await inEachPlace(["ours", "sdk"], run);
  assertEquals(asked.length, 1);
  assertEquals(put, { ours: 8, sdk: 4 });
});
