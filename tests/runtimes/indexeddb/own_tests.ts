/**
 * What only a real engine shows, in one page with several connections.
 *
 * @module
 */
import {
  estimate,
  IndexedDBBackend,
  persist,
} from "../../../backends/indexeddb/mod.ts";
import { Store } from "../../../mod.ts";
import { collector, type Result, runAll } from "../collector.ts";
import { audit } from "./audit.ts";
import { removeDatabase } from "./rows.ts";

const MEBIBYTE = 1024 * 1024;

/** Runs them. */
export async function ownTests({ name }: { name: string }): Promise<Result[]> {
  const { test, tests } = collector();
  const own = (title: string, run: (database: string) => Promise<void>) =>
    test(`IDB ${title} [${name}]`, async () => {
      const database = `own-${crypto.randomUUID()}`;
      await run(database);
      await removeDatabase(database);
    });

  for (const change of ["overwritten", "deleted", "moved"] as const) {
    own(
      `a stream goes on when another tab has ${change} the file`,
      async (at) => {
        const store = open(at);
        const other = open(at);
        await store.write("a.bin", filled(40, 1));
        const reader = (await store.read("a.bin")).getReader();
        let bytes = (await reader.read()).value?.byteLength ?? 0;
        if (change === "overwritten") {
          await other.write("a.bin", filled(40, 2), { overwrite: true });
        } else if (change === "deleted") await other.delete("a.bin");
        else await other.move("a.bin", "b.bin");
        for (let next; !(next = await reader.read()).done;) {
          bytes += next.value.byteLength;
          if (next.value.some((byte) => byte !== 1)) {
            throw new Error("a mixture");
          }
        }
        equal(bytes, 40 * MEBIBYTE);
        await store.close();
        await other.close();
      },
    );
  }

  own(
    "another tab deletes the database at once, and the store goes on",
    async (at) => {
      const store = open(at);
      await store.write("a.txt", "A");
      await within(3000, removeDatabase(at));
      equal(await store.exists("a.txt"), false);
      await store.write("a.txt", "B");
      equal(await store.readText("a.txt"), "B");
      await store.close();
    },
  );

  own(
    "an upgrade by another tab waits for nobody, and the store goes on",
    async (at) => {
      const store = open(at);
      await store.write("a.txt", "A");
      const version = await within(3000, upgrade(at, 7));
      equal(version, 7);
      equal(await store.readText("a.txt"), "A");
      await store.close();
    },
  );

  own("stores with two names live in one database", async (at) => {
    const one = open(at);
    const two = new Store({
      backend: new IndexedDBBackend({ databaseName: at, storeName: "second" }),
    });
    await one.write("a.txt", "one");
    await within(3000, two.write("a.txt", "two"));
    equal(await one.readText("a.txt"), "one");
    equal(await two.readText("a.txt"), "two");
    await one.close();
    await two.close();
  });

  own("a sweep leaves the uploads of other tabs alone", async (at) => {
    const store = open(at);
    const other = new IndexedDBBackend({ databaseName: at });
    let staged = 0;
    let swept = -1;
    const content = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (staged === 60) swept = await other.sweep();
        if (staged++ === 80) return controller.close();
        controller.enqueue(new Uint8Array(MEBIBYTE).fill(7));
      },
    }, { highWaterMark: 0 });
    await store.write("a.bin", content);
    equal(swept, 0);
    equal((await store.getFileInfo("a.bin")).size, 80 * MEBIBYTE);
    await store.close();
    await other.close();
    equal((await audit(at)).orphans.join(), "");
  });

  own("an upload that is given up leaves nothing", async (at) => {
    const store = open(at);
    const giveUp = new AbortController();
    let staged = 0;
    const content = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (staged++ === 50) giveUp.abort(new Error("given up"));
        controller.enqueue(new Uint8Array(MEBIBYTE));
      },
    }, { highWaterMark: 0 });
    const failure = await store.write("a.bin", content, {
      signal: giveUp.signal,
    })
      .then(() => null, (error) => error.message);
    equal(failure, "given up");
    await store.close();
    const { orphans, records } = await audit(at);
    equal(orphans.join(), "");
    equal(records, 0);
  });

  own(
    "bytes that change after the call are stored as they were",
    async (at) => {
      const store = open(at);
      const buffer = new Uint8Array(MEBIBYTE);
      const view = buffer.subarray(10, 20).fill(1);
      const writing = store.write("a.bin", view);
      view.fill(2);
      await writing;
      equal((await store.readBytes("a.bin")).join(""), "1111111111");
      await store.close();
    },
  );

  own("persist and estimate answer", async () => {
    equal(typeof await within(2500, persist({ waitMs: 2000 })), "boolean");
    const answer = await within(2500, estimate({ waitMs: 2000 }));
    equal(typeof answer?.quota, "number");
  });

  return await runAll(tests);
}

function open(databaseName: string): Store {
  return new Store({ backend: new IndexedDBBackend({ databaseName }) });
}

function filled(mebibytes: number, byte: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(mebibytes * MEBIBYTE).fill(byte);
}

function upgrade(name: string, version: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => {
      resolve(request.result.version);
      request.result.close();
    };
    request.onerror = () => reject(request.error);
  });
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not in ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${actual} is not ${expected}`);
}
