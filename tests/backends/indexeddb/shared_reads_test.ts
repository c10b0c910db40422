import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type RunRead,
  SharedReads,
} from "../../../backends/indexeddb/shared_reads.ts";
import type { Transaction } from "../../../backends/indexeddb/transaction.ts";
import { NotFoundError } from "../../../mod.ts";

/** A transaction that nothing is asked of. */
const ALONE = { gather: <T>(asking: () => T) => asking() } as Transaction;

/** Runs without a database, and counts the transactions. */
function counted(fails: (transaction: number) => boolean = () => false) {
  let count = 0;
  const run: RunRead = async (work, signal) => {
    const number = ++count;
    await Promise.resolve();
    signal?.throwIfAborted();
    const found = await work(ALONE);
    if (fails(number)) throw new DOMException("", "AbortError");
    return found;
  };
  return { reads: new SharedReads(run), count: () => count };
}

const many = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)));

Deno.test("GROW-004: the reads of one microtask share a transaction, a thousand at most", async () => {
  const { reads, count } = counted();
  assertEquals(
    await many(5, (i) => reads.read(() => i, undefined)),
    [0, 1, 2, 3, 4],
  );
  assertEquals(count(), 1);
  await many(2500, (i) => reads.read(() => i, undefined));
  assertEquals(count(), 4);
});

Deno.test("GROW-004: a read by itself has its own", async () => {
  const { reads, count } = counted();
  assertEquals(await reads.read(() => "a", undefined), "a");
  assertEquals(await reads.read(() => "b", undefined), "b");
  assertEquals(count(), 2);
});

Deno.test("GROW-005: what fails fails for itself", async () => {
  const { reads, count } = counted();
  const gone = new NotFoundError("it does not exist");
  const settled = await Promise.allSettled([
    reads.read(() => 1, undefined),
    reads.read(() => Promise.reject(gone), undefined),
    reads.read(() => 3, undefined),
  ]);
  assertEquals(settled.map(({ status }) => status), [
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  assertEquals(count(), 1);
});

Deno.test("GROW-005: what the engine refuses to one is asked again by those it has cost their answer", async () => {
  const { reads, count } = counted();
  let tries = 0;
  const broken = () => Promise.reject(new DOMException("", "DataError"));
  const held = async () => {
    if (++tries === 1) throw new DOMException("", "AbortError");
    return await Promise.resolve("there");
  };
  const settled = await Promise.allSettled([
    reads.read(broken, undefined),
    reads.read(held, undefined),
  ]);
  assertEquals(settled[0]?.status, "rejected");
  assertEquals(settled[1], { status: "fulfilled", value: "there" });
  assertEquals(count(), 3);
});

Deno.test("GROW-005: a transaction that is lost takes no answer with it that is there", async () => {
  const { reads } = counted((number) => number === 1);
  assertEquals(await many(3, (i) => reads.read(() => i, undefined)), [0, 1, 2]);
});

Deno.test("GROW-005: an abort ends one read at once, and the transaction when it was the last", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  let ended: AbortSignal | undefined;
  const reads = new SharedReads(async (work, signal) => {
    ended = signal;
    return await work(ALONE);
  });
  const [first, second] = [new AbortController(), new AbortController()];
  const one = reads.read(() => promise, first.signal);
  const two = reads.read(() => promise, second.signal);
  await Promise.resolve();
  first.abort(new Error("one"));
  await assertRejects(() => one, Error, "one");
  assert(ended !== undefined && !ended.aborted, "two still waits");
  second.abort(new Error("two"));
  await assertRejects(() => two, Error, "two");
  assert(ended.aborted);
  resolve(1);
  await assertRejects(
    () => reads.read(() => 1, AbortSignal.abort(new Error("three"))),
    Error,
    "three",
  );
});
