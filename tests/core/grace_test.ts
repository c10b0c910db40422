import { assertEquals, assertRejects } from "@std/assert";
import { withGrace } from "../../mod.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
const deaf = () => new Promise<never>(() => {});

Deno.test("ABORT-001 withGrace() gives what the work gives, with a signal and without one", async () => {
  const { signal } = new AbortController();
  for (const given of [undefined, null as unknown as undefined, signal]) {
    assertEquals(await withGrace(Promise.resolve(5), given), 5);
    const error = new Error("broken");
    const got = await assertRejects(() =>
      withGrace(Promise.reject(error), given)
    );
    assertEquals(got, error);
  }
});

Deno.test("ABORT-001 withGrace() awaits what ends by the signal, and gives the caller's reason", async () => {
  const reason = { why: "the user left" };
  const controller = new AbortController();
  const { signal } = controller;
  let hasLetGo = false;
  const work = async () => {
    while (!signal.aborted) await turn();
    await turn();
    hasLetGo = true;
    throw new Error("an error of its own");
  };
  const waited = withGrace(work(), signal).catch((error) => error);
  controller.abort(reason);
  assertEquals(await waited === reason, true);
  assertEquals(hasLetGo, true);
  // What was done in spite of it was done.
  assertEquals(await withGrace(Promise.resolve(5), signal), 5);
});

Deno.test("ABORT-001 withGrace() leaves what ignores the signal, and lets go of what comes late", async () => {
  for (const isEarly of [true, false]) {
    const reason = new Error("enough");
    const controller = new AbortController();
    if (isEarly) controller.abort(reason);
    const { promise, resolve } = Promise.withResolvers<string>();
    const late: string[] = [];
    const waited = withGrace(
      promise,
      controller.signal,
      (value) => late.push(value),
      5,
    ).catch((error) => error);
    if (!isEarly) controller.abort(reason);
    assertEquals(await waited === reason, true);
    resolve("a body");
    await turn();
    assertEquals(late, ["a body"]);
  }
  const failing = withGrace(
    deaf(),
    AbortSignal.abort("enough"),
    () => {
      throw new Error("nobody hears it");
    },
    0,
  );
  assertEquals(await failing.catch((error) => error), "enough");
});
