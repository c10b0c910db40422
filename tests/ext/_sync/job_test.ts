import { assert, assertEquals, assertRejects } from "@std/assert";
import { settle } from "../../../ext/_sync/job.ts";
import type { Item, Target } from "../../../ext/_sync/side.ts";

const LARGE = 5 * 1024 * 1024;

/** A file of a store of which its SHA-256 is not known, and how its bodies ended. */
function remote(size: number) {
  const cancelled: unknown[] = [];
  let opened = 0;
  const item: Item = {
    path: "a",
    size,
    time: 0,
    etag: null,
    local: false,
    known: () => Promise.resolve({ sha256: null, from: null }),
    open() {
      opened++;
      let left = size;
      const content = new ReadableStream<Uint8Array>({
        pull(controller) {
          const bytes = new Uint8Array(Math.min(left, 65536));
          left -= bytes.byteLength;
          if (bytes.byteLength > 0) controller.enqueue(bytes);
          else controller.close();
        },
        cancel: (reason) => void cancelled.push(reason),
      }, { highWaterMark: 0 });
      return Promise.resolve({ content, size, about: {} });
    },
  };
  return { item, cancelled, opened: () => opened };
}

function target(put: Target["put"], keeps = true): Target {
  return {
    keeps,
    put,
    list: async function* () {},
    remove: () => Promise.resolve(new Map()),
  };
}

const JOB = {
  old: undefined,
  dryRun: false,
  byTime: false,
  signal: new AbortController().signal,
  onBytes: () => {},
};

Deno.test("SYNC-010 settle() lets a body go that the target refuses, small or large", async () => {
  const refusal = new Error("refused");
  const put = () => Promise.reject(refusal);
  for (const [size, expected] of [[3, []], [LARGE, [refusal]]] as const) {
    const { item, cancelled } = remote(size);
    const job = { ...JOB, source: item, target: target(put) };
    assertEquals(await assertRejects(() => settle(job), Error), refusal);
    assertEquals(cancelled, [...expected]);
  }
});

Deno.test("SYNC-010 settle() reads a large file of a store once more where its hash differs", async () => {
  const { item, opened } = remote(LARGE);
  const old = {
    ...item,
    known: () => Promise.resolve({ sha256: "00".repeat(32), from: null }),
  };
  let taken: unknown;
  const put: Target["put"] = async (_, content) => {
    taken = (await new Response((content as Blob).stream()).bytes()).byteLength;
  };
  const job = { ...JOB, source: item, old, target: target(put) };
  assertEquals(await settle(job), "copied");
  assertEquals([taken, opened()], [LARGE, 2]);
});

Deno.test("SYNC-002 settle() opens nothing where the target was made from this version", async () => {
  const { item, opened } = remote(3);
  const source = { ...item, etag: '"1"' };
  const old = {
    ...item,
    known: () => Promise.resolve({ sha256: null, from: '"1"' }),
  };
  const put = () => Promise.reject(new Error("sent"));
  const job = { ...JOB, source, old, target: target(put) };
  assertEquals(await settle(job), "unchanged");
  assertEquals(opened(), 0);
});

Deno.test("SYNC-004 settle() adds nothing where the target keeps no metadata", async () => {
  let given: object | undefined;
  const put: Target["put"] = (_, __, options) => {
    given = options;
    return Promise.resolve();
  };
  const { item } = remote(3);
  await settle({ ...JOB, source: item, target: target(put, false) });
  assert(given !== undefined);
  assertEquals(Object(given).metadata, undefined);
});
