import { assertEquals } from "@std/assert";
import { watchStream } from "../../../ext/_observe/handles.ts";
import { Reporter } from "../../../ext/_observe/reporter.ts";

Deno.test("watchStream() reads nothing ahead", async () => {
  let pulled = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(++pulled));
    },
  }, { highWaterMark: 0 });
  const reporter = new Reporter({ onStreamEnd: () => {} }, "memory");
  const start = reporter.start("read", "", "a");
  const reader = watchStream(source, reporter, start).getReader();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(pulled, 0);
  await reader.read();
  assertEquals(pulled, 1);
  await reader.cancel();
});

Deno.test("watchStream() reports an end once, whatever comes after it", async () => {
  const ends: string[] = [];
  const reporter = new Reporter(
    { onStreamEnd: ({ status }) => ends.push(status) },
    "memory",
  );
  const source = new Response("abc").body as ReadableStream<Uint8Array>;
  const start = reporter.start("read", "", "a");
  const reader = watchStream(source, reporter, start).getReader();
  while (!(await reader.read()).done);
  await reader.cancel("late");
  assertEquals(ends, ["ok"]);
});
