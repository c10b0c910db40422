import { pullIterable } from "../../../ext/_digest/puller.ts";
import { assertEquals } from "@std/assert";

Deno.test("pullIterable() copies each chunk: a generator may fill its buffer again", async () => {
  const buffer = new Uint8Array(1);
  const puller = pullIterable((async function* () {
    for (const n of [1, 2]) {
      await Promise.resolve();
      buffer[0] = n;
      yield buffer;
    }
  })());
  const first = await puller.read();
  const second = await puller.read();
  assertEquals([first.value, second.value], [
    new Uint8Array([1]),
    new Uint8Array([2]),
  ]);
  assertEquals((await puller.read()).done, true);
});

Deno.test("pullIterable() returns the iterator when it is cancelled, without waiting", async () => {
  let returned = false;
  const puller = pullIterable({
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return() {
        returned = true;
        return new Promise(() => {});
      },
    }),
  });
  await puller.cancel("enough");
  assertEquals(returned, true);
});

Deno.test("pullIterable() is cancelled where the iterator has no return, or one that fails", async () => {
  const next = () => Promise.resolve({ done: true as const, value: undefined });
  for (
    const iterator of [
      { next },
      { next, return: () => Promise.reject(new Error("no")) },
    ]
  ) {
    await pullIterable({ [Symbol.asyncIterator]: () => iterator }).cancel("x");
  }
});
