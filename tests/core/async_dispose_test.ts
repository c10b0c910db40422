import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { asyncDispose, Store } from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";

Deno.test("DISP-001 asyncDispose is the engine's own symbol, where it has one", async () => {
  assertStrictEquals(asyncDispose, Symbol.asyncDispose);
  const store = new Store({ backend: new MemoryBackend() });
  assert(asyncDispose in store);
  await store[asyncDispose]();
});

Deno.test("DISP-001 without one it is the symbol that bundlers' code takes, and no global changes", async () => {
  // A module of its own each time that its address is another one.
  const source = await Deno.readTextFile(
    new URL("../../core/async_dispose.ts", import.meta.url),
  );
  const expression = /= (Symbol\.asyncDispose \?\?[^;]*);/.exec(source)?.[1];
  assert(expression !== undefined);
  const { for: register } = Symbol;
  const bare = { for: register };
  const found = new Function("Symbol", `return ${expression}`)(bare);
  assertStrictEquals(found, Symbol.for("Symbol.asyncDispose"));
  assertEquals(Object.keys(bare), ["for"]);
});
