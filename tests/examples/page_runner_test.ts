import { assertEquals } from "@std/assert";
import type { Job } from "../../examples/browser/page/job.ts";
import type { Network } from "../../examples/browser/page/network.ts";
import type { Queue } from "../../examples/browser/page/queue.ts";
import type { Connection } from "../../examples/browser/page/remote.ts";
import { Runner } from "../../examples/browser/page/runner.ts";

Deno.test("WEB-003 what breaks off because the page goes is not refused, and goes on if it comes back", async () => {
  const job = { id: "1", service: "s3", state: "waiting" } as Job;
  const ended: string[] = [];
  const queue = {
    jobs: new Map([["1", job]]),
    progress: new Map(),
    listen() {},
    report() {},
    end: (id: string, { state }: Partial<Job>) => {
      ended.push(`${id} ${state}`);
      queue.jobs.set(id, { ...job, state: "refused" });
      return Promise.resolve();
    },
  };
  const network = { failed: () => false } as unknown as Network;
  const tries: PromiseWithResolvers<never>[] = [];
  const connection = {
    open: () => {
      const attempt = Promise.withResolvers<never>();
      tries.push(attempt);
      return attempt.promise;
    },
  } as unknown as Connection;
  const runner = new Runner(
    queue as unknown as Queue,
    network,
    () => connection,
  );
  const { locks } = navigator as { locks?: unknown };
  runner.start();
  if (locks !== undefined) await until(() => runner.leads);
  await until(() => tries.length === 1);
  dispatchEvent(new Event("pagehide"));
  tries[0]!.reject(new Error("the page is going away"));
  await new Promise((done) => setTimeout(done, 0));
  assertEquals([ended, tries.length], [[], 1]);
  dispatchEvent(new Event("pageshow"));
  await until(() => tries.length === 2);
  tries[1]!.reject(new Error("no"));
  await until(() => ended.length === 1);
  assertEquals(ended, ["1 refused"]);
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 1));
}
