import { assert, assertEquals, assertRejects } from "@std/assert";
import { sync, type SyncOutcome } from "../../ext/sync.ts";
import { storeOf } from "../backends/s3/setup.ts";
import { answerError } from "../fakes/s3/answers.ts";
import { FakeS3 } from "../fakes/s3/service.ts";

const COUNT = 10_000;

function service() {
  const fake = new FakeS3({ trusting: true, ownSums: false });
  /** Returns how many requests came since, by method. */
  const counts = () => {
    const found: Record<string, number> = {};
    for (const line of fake.log.splice(0)) {
      const [method = ""] = line.split(" ");
      found[method] = (found[method] ?? 0) + 1;
    }
    return found;
  };
  return { fake, store: storeOf(fake), counts };
}

const ENTRIES = Array.from({ length: COUNT }, (_, i) => ({
  path: `${i % 100}/${i}.txt`,
  file: new Blob([`file ${i}`]),
}));

const fails = (path: string) => /50\.txt$/.test(path);

Deno.test("SYNC-013 10,000 files: 1 % fails, an abort, the rest, and then nothing is sent", async () => {
  const { fake, store, counts } = service();
  const refused = ENTRIES.filter(({ path }) => fails(path));
  assertEquals(refused.length, COUNT / 100);
  let denied = true;
  fake.fault = (arrived) =>
    denied && arrived.method === "PUT" && fails(arrived.key)
      ? answerError(arrived, 403, "AccessDenied")
      : undefined;

  // An abort in the middle: what was told is what is there.
  const controller = new AbortController();
  const told: SyncOutcome[] = [];
  const reason = new Error("given up");
  const error = await assertRejects(
    () =>
      sync(ENTRIES, store, {
        signal: controller.signal,
        onOutcome(outcome) {
          told.push(outcome);
          if (told.length === 3000) controller.abort(reason);
        },
      }),
    Error,
  );
  assertEquals([error, fake.pending], [reason, 0]);
  const copied = told.filter(({ outcome }) => outcome === "copied");
  const listed = new Set<string>();
  for await (const { path } of store.listFiles("", { recursive: true })) {
    listed.add(path);
  }
  assert(copied.every(({ path }) => listed.has(path)));
  // What was under way may have arrived, or not.
  assert(listed.size - copied.length <= 6);
  counts();

  const first = await sync(ENTRIES, store);
  assertEquals(
    first.failed.map(({ path }) => path),
    refused.map(({ path }) => path),
  );
  assertEquals(first.copied.length, COUNT - refused.length - listed.size);
  assertEquals(first.looks, listed.size);
  const sent = counts();
  assertEquals([sent["PUT"], sent["HEAD"]], [COUNT - listed.size, listed.size]);

  denied = false;
  const second = await sync(ENTRIES, store);
  assertEquals(second.copied, refused.map(({ path }) => path));
  assertEquals(counts()["PUT"], refused.length);

  const third = await sync(ENTRIES, store, { delete: true });
  assertEquals([third.unchanged.length, third.looks], [COUNT, COUNT]);
  // Listings and looks, and nothing else.
  assertEquals(counts(), { GET: COUNT / 1000, HEAD: COUNT });
});
