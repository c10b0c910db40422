import { InvalidArgumentError } from "../../../mod.ts";
import { Passing, type Watcher } from "../../../ext/_digest/passing.ts";
import { portableHasher } from "../../../ext/_digest/portable.ts";
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { collect, WatchedStream } from "../sources.ts";

const ABC = [[1], [], [2, 3]].map((chunk) => new Uint8Array(chunk));
const SHA1_OF_123 = "sha1:7037807198c22a7d2b0807371d763779a84fdfcf";

/** A watcher that writes down what it was told. */
function notes(holdsBack = false, refuse?: Error) {
  const told: string[] = [];
  const watcher: Watcher = {
    holdsBack,
    ended(digest) {
      told.push(`${digest}`);
      if (refuse) throw refuse;
    },
    failed: (reason) => void told.push(`failed: ${reason}`),
  };
  return { told, watcher };
}

function pass(source: WatchedStream, watcher?: Watcher): Passing {
  return new Passing("sha1", () => source.stream.getReader(), watcher);
}

Deno.test("STR-003: what passes is unchanged, and its hash is told once at the end", async () => {
  for (const holdsBack of [false, true]) {
    const { told, watcher } = notes(holdsBack);
    const passing = pass(new WatchedStream(ABC), watcher);
    assertEquals(await collect(passing.stream), new Uint8Array([1, 2, 3]));
    assertEquals(told, [SHA1_OF_123]);
    assertEquals(passing.bytes, 3);
    assertEquals(`${passing.soFar()}`, SHA1_OF_123);
  }
});

Deno.test("STR-003: nothing is read ahead, and the source is untouched before the first read", async () => {
  const source = new WatchedStream(ABC);
  const passing = pass(source);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals([source.stream.locked, source.pulls], [false, 0]);
  const reader = passing.stream.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(source.pulls, 1);
  await reader.cancel("enough");
  assertEquals(source.cancelled, ["enough"]);
});

Deno.test("EW-001: the last bytes are held back until the end has been agreed to", async () => {
  const refusal = new Error("not these");
  const { told, watcher } = notes(true, refusal);
  const source = new WatchedStream([...ABC, new Uint8Array(0)]);
  const reader = pass(source, watcher).stream.getReader();
  assertEquals((await reader.read()).value, new Uint8Array([1]));
  assertStrictEquals(await assertRejects(() => reader.read()), refusal);
  assertEquals(told, [SHA1_OF_123, "failed: Error: not these"]);
});

Deno.test("STR-007: the source's own error passes, and is told", async () => {
  const error = new RangeError("broken");
  const { told, watcher } = notes();
  const { stream } = pass(new WatchedStream(ABC, error), watcher);
  assertStrictEquals(await assertRejects(() => collect(stream)), error);
  assertEquals(told, ["failed: RangeError: broken"]);
});

Deno.test("STR-007: giving up cancels the source, and is told once", async () => {
  const { told, watcher } = notes();
  const source = new WatchedStream(ABC);
  const reader = pass(source, watcher).stream.getReader();
  await reader.read();
  await reader.cancel("enough");
  await reader.cancel("again");
  assertEquals(source.cancelled, ["enough"]);
  assertEquals(told, ["failed: enough"]);
});

Deno.test("STR-007: giving up before the first read leaves the source untouched", async () => {
  const source = new WatchedStream(ABC);
  await pass(source).stream.cancel("enough");
  assertEquals([source.stream.locked, source.cancelled], [false, []]);
});

Deno.test("STR-007: giving up while a chunk is on its way is quiet", async () => {
  const { told, watcher } = notes();
  const { promise, resolve } = Promise.withResolvers<{ done: boolean }>();
  const passing = new Passing("sha1", () => ({
    read: () => promise,
    cancel: () => Promise.resolve(),
  }), watcher);
  const reader = passing.stream.getReader();
  const read = reader.read();
  await reader.cancel("enough");
  resolve({ done: true });
  assertEquals((await read).done, true);
  assertEquals(told, ["failed: enough"]);
});

Deno.test("STR-007: a chunk that is no bytes cancels the source", async () => {
  const source = new WatchedStream([new Uint8Array(1), "text"]);
  const { stream } = pass(source);
  const error = await assertRejects(
    () => collect(stream),
    InvalidArgumentError,
    "it gave a chunk of type string",
  );
  assertEquals(source.cancelled, [error]);
});

Deno.test("STR-007: a source that cannot be opened fails the stream", async () => {
  const { told, watcher } = notes();
  const passing = new Passing("sha1", () => {
    throw new TypeError("locked");
  }, watcher);
  await assertRejects(() => collect(passing.stream), TypeError, "locked");
  assertEquals(told, ["failed: TypeError: locked"]);
});

Deno.test("STR-004: an engine that cannot tell says so", () => {
  assertEquals(portableHasher("sha1")().soFar, undefined);
});
