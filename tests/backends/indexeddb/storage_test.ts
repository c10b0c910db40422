import { assertEquals } from "@std/assert";
import { estimate, persist } from "../../../backends/indexeddb/storage.ts";

Deno.test("IDB persist gives the browser's answer", async () => {
  for (const answer of [true, false]) {
    const storage = { persist: () => Promise.resolve(answer) };
    assertEquals(await persist({ storage }), answer);
  }
});

Deno.test("IDB persist is false where nobody answers, fails or is there", async () => {
  const silent = { persist: () => new Promise<boolean>(() => {}) };
  assertEquals(await persist({ storage: silent, waitMs: 1 }), false);
  const failing = { persist: () => Promise.reject(new TypeError()) };
  assertEquals(await persist({ storage: failing }), false);
  const throwing = {
    persist: () => {
      throw new TypeError();
    },
  };
  assertEquals(await persist({ storage: throwing }), false);
  assertEquals(await persist({ storage: {} }), false);
  assertEquals(await persist(), false);
});

Deno.test("IDB estimate gives numbers, or null for what is not told", async () => {
  const of = (answer: { usage?: number; quota?: number }) =>
    estimate({ storage: { estimate: () => Promise.resolve(answer) } });
  assertEquals(await of({ usage: 1, quota: 2 }), { usage: 1, quota: 2 });
  assertEquals(await of({ usage: 1 }), { usage: 1, quota: null });
  assertEquals(await estimate({ storage: {} }), null);
  const silent = { estimate: () => new Promise<object>(() => {}) };
  assertEquals(await estimate({ storage: silent, waitMs: 1 }), null);
});
