import { assertEquals } from "@std/assert";
import { untilAborted } from "../../../ext/_transfer/waiting.ts";

Deno.test("LATE-003: untilAborted() ends with the work, or with the signal, before it or in between", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  assertEquals(await untilAborted(Promise.resolve(1), undefined), 1);
  assertEquals(await untilAborted(Promise.resolve(2), signal), 2);
  const failure = await untilAborted(Promise.reject("no"), signal)
    .catch((error) => error);
  assertEquals(failure, "no");
  const waiting = untilAborted(new Promise(() => {}), signal);
  controller.abort("enough");
  for (const wait of [waiting, untilAborted(new Promise(() => {}), signal)]) {
    assertEquals(await wait.catch((reason) => reason), "enough");
  }
});

Deno.test("LATE-003: untilAborted() hands on what comes too late, and swallows how it fails", async () => {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<string>();
  const late: string[] = [];
  const waiting = untilAborted(promise, controller.signal, (value) => {
    late.push(value);
    throw new Error("nobody listens");
  });
  controller.abort("enough");
  assertEquals(await waiting.catch((reason) => reason), "enough");
  resolve("here");
  await promise;
  await Promise.resolve();
  assertEquals(late, ["here"]);
});
