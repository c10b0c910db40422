import { assert, assertEquals } from "@std/assert";
import { observe, type StoreStart } from "../../ext/observe.ts";
import { watched } from "./observe_fixture.ts";

Deno.test("OBS-016 an abort is told apart from an error, by the caller's own signal", async () => {
  const { store, events } = watched();
  const starts: StoreStart[] = [];
  const told = observe(store, { onStart: (start) => starts.push(start) });
  const controller = new AbortController();
  controller.abort("enough");
  const { signal } = controller;
  for (
    const call of [
      () => told.readText("a", { signal }),
      () => told.write("a", "A", { signal }),
      () => Array.fromAsync(told.listFiles("", { signal })),
      () => Array.fromAsync(told.glob("*", { signal })),
      () => told.readText("a", { signal: new AbortController().signal }),
      () => told.readText("a"),
    ]
  ) {
    try {
      await call();
    } catch {
      // That is what is told.
    }
  }
  const read = events.filter(({ operation }) => operation === "read_text");
  assertEquals(
    read.map(({ aborted, status }) => [aborted, status]),
    [[true, "error"], [false, "error"], [false, "error"]],
  );
  assertEquals(read[0]?.error, "enough");
  for (const operation of ["write", "list_files"]) {
    const event = events.find((event) => event.operation === operation);
    assertEquals(event?.aborted, true, operation);
  }
  assert(starts[0]?.signal === signal && starts.at(-1)?.signal === null);
  // An event may wait in a queue, be logged or be sent to another thread.
  assert(events.every((event) => !("signal" in event)));
});
