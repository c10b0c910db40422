import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Reporter } from "../../../ext/_observe/reporter.ts";

Deno.test("Reporter.run() adds to the event what describe says of the result", async () => {
  const events: unknown[] = [];
  const reporter = new Reporter(
    { onAny: (event) => events.push(event.metadata) },
    "memory",
  );
  const start = reporter.start("read_bytes", "", "a");
  const result = await reporter.run(
    start,
    () => Promise.resolve(7),
    { describe: (size) => ({ size }) },
  );
  assertEquals([result, events], [7, [{ size: 7 }]]);
});

Deno.test("Reporter.run() leaves no rejection behind that nobody handles", async () => {
  const reporter = new Reporter({
    around: (_, next) => {
      // Not awaited: a careless hook.
      next();
      return Promise.reject(new Error("careless"));
    },
  }, "memory");
  await assertRejects(
    () =>
      reporter.run(
        reporter.start("read", "", "a"),
        () => Promise.reject(new Error("lost")),
      ),
    Error,
    "careless",
  );
});

Deno.test("Reporter.runNow() reports and throws what an operation throws", () => {
  const seen: unknown[] = [];
  const reporter = new Reporter(
    { onError: ({ error }) => seen.push((error as Error).message) },
    "memory",
  );
  assertThrows(
    () =>
      reporter.runNow(reporter.start("child", "", "a"), () => {
        throw new Error("no");
      }),
    Error,
    "no",
  );
  assertEquals(seen, ["no"]);
});

Deno.test("Reporter.start() asks for the correlation anew each time, and takes none for null", () => {
  let asked = 0;
  const reporter = new Reporter({
    correlationId: () => asked++ === 0 ? "first" : undefined,
  }, "memory");
  assertEquals(reporter.start("ping", "", "").correlationId, "first");
  assertEquals(reporter.start("ping", "", "").correlationId, null);
});
