import { assertEquals } from "@std/assert";
import { chunksOf } from "../../../ext/_batch/chunks.ts";

const cut = (paths: string[], size: number) =>
  Array.fromAsync(chunksOf(paths, size));

Deno.test("chunksOf() cuts in order and leaves nothing out", async () => {
  assertEquals(await cut([], 2), []);
  assertEquals(await cut(["a", "b", "c", "d"], 2), [["a", "b"], ["c", "d"]]);
  assertEquals(await cut(["a", "b", "c"], 2), [["a", "b"], ["c"]]);
});

Deno.test("chunksOf() has no file twice in a chunk, however it is spelled", async () => {
  assertEquals(await cut(["a", "b", "a", "./b", "c"], 9), [
    ["a", "b"],
    ["a", "./b", "c"],
  ]);
  assertEquals(await cut(["..", ".."], 9), [[".."], [".."]]);
});

Deno.test("chunksOf() takes what is still coming", async () => {
  const paths = (async function* () {
    yield* ["a", "b"];
  })();
  assertEquals(await Array.fromAsync(chunksOf(paths, 1)), [["a"], ["b"]]);
});
