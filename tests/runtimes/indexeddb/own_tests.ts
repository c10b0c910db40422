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
import { isRemoteStoreError, Store } from "../../../mod.ts";
import { collector, type Result, runAll } from "../collector.ts";
import { audit, isInBlobs, loseChunk } from "./audit.ts";
import { removeDatabase, upgrade } from "./rows.ts";

const MEBIBYTE = 1024 * 1024;

/** What has not ended by then on a busy machine waits for ever; below the patience with a test. */
const LATE_MS = 15_000;

/** What is expected otherwise of an engine. */
interface Otherwise {
  /** Its private sessions refuse Blobs in IndexedDB, and its driver has no others. */
  readonly refusesBlobs?: true;
  /** It has no `navigator.storage`: `estimate` and `persist` say that they do not know. */
  readonly hasNoManager?: true;
}

const OTHERWISE: Readonly<Record<string, Otherwise>> = {
  webkit: { refusesBlobs: true, hasNoManager: true },
};

/** Runs them. */
export async function ownTests({ name }: { name: string }): Promise<Result[]> {
  const { refusesBlobs = false, hasNoManager = false } = OTHERWISE[name] ?? {};
  const { test, tests } = collector();
  const own = (title: string, run: (database: string) => Promise<void>) =>
    test(`IDB ${title} [${name}]`, async () => {
      const database = `own-${crypto.randomUUID()}`;
      await run(database);
      await removeDatabase(database);
    });

  for (const representation of ["auto", "bytes"] as const) {
    for (const change of ["overwritten", "deleted", "moved"] as const) {
      // Rows go with their version; what is moved stays what it is.
      const inRows = representation === "bytes" || refusesBlobs;
      const fails = inRows && change !== "moved";
      own(
        `a stream ${
          fails ? "ends with an error" : "goes on"
        } when another tab has ${change} the file, ${representation}`,
        async (at) => {
          const store = open(at, representation);
          const other = open(at, representation);
          await store.write("a.bin", filled(40, 1));
          const stream = await store.read("a.bin");
          const outcome = readOn(stream, 1, async () => {
            if (change === "overwritten") {
              await other.write("a.bin", filled(40, 2), { overwrite: true });
            } else if (change === "deleted") await other.delete("a.bin");
            else await other.move("a.bin", "b.bin");
          });
          equal(await outcome, fails ? "BackendUnavailable" : "all of it");
          await store.close();
          await other.close();
        },
      );
    }
  }

  own(
    "SIO-012 content that was lost is a typed error of every read",
    async (at) => {
      const store = open(at, "bytes");
      await store.write("a.bin", filled(40, 1));
      await loseChunk(at, 20);
      equal(await codeOf(store.readBytes("a.bin")), "BackendUnavailable");
      equal(await codeOf(store.readText("a.bin")), "BackendUnavailable");
      const blob = await store.openBlob("a.bin");
      equal(await codeOf(blob.bytes()), "BackendUnavailable");
      const whole = { offset: 0, length: 20 * MEBIBYTE };
      equal(
        (await store.readBytes("a.bin", { range: whole })).length,
        whole.length,
      );
      await store.close();
    },
  );

  own("an engine that refuses Blobs is given rows", async (at) => {
    const { put } = IDBObjectStore.prototype;
    let refused = 0;
    // As Safari does in a private session.
    IDBObjectStore.prototype.put = function (value, key) {
      if (value instanceof Blob) {
        refused++;
        throw new DOMException(
          "Error preparing Blob/File data",
          "UnknownError",
        );
      }
      return put.call(this, value, key);
    };
    try {
      const store = open(at);
      await store.write("a.bin", filled(40, 1));
      equal(await readOn(await store.read("a.bin"), 1), "all of it");
      await store.close();
      equal(refused > 0, true);
      equal(await isInBlobs(at), false);
    } finally {
      IDBObjectStore.prototype.put = put;
    }
  });

  own(
    "another tab deletes the database at once, and the store goes on",
    async (at) => {
      const store = open(at);
      await store.write("a.txt", "A");
      await within(LATE_MS, removeDatabase(at));
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
      const version = await within(LATE_MS, upgrade(at, 7));
      equal(version, 7);
      equal(await store.readText("a.txt"), "A");
      await store.close();
    },
  );

  own(
    "a tab that holds up an upgrade is an error of every call, and no endless wait",
    async (at) => {
      const held = await openHeld(at, 3);
      const store = open(at);
      for (let i = 0; i < 2; i++) {
        equal(
          await codeOf(within(LATE_MS, store.exists("a"))),
          "BackendUnavailable",
        );
      }
      await within(LATE_MS, store.close());
      held.close();
      await within(LATE_MS, store.write("a.txt", "A"));
      await store.close();
    },
  );

  own(
    "a tab that holds up a deletion holds up no call that is given up, and no close",
    async (at) => {
      const store = open(at);
      await store.write("a.txt", "A");
      const held = await openHeld(at);
      const removed = removeDatabase(at);
      await wait(100);
      const calls: ((signal: AbortSignal) => Promise<unknown>)[] = [
        (signal) => store.exists("a.txt", { signal }),
        (signal) => store.write("b.txt", "B", { signal }),
        (signal) => store.write("b.bin", filled(20, 1), { signal }),
        (signal) => store.write("b.bin", new Blob([filled(20, 1)]), { signal }),
        (signal) => store.delete("a.txt", { signal }),
      ];
      for (const call of calls) {
        const signal = AbortSignal.timeout(50);
        const failure = call(signal).then(() => null, (error) => error);
        equal(await within(LATE_MS, failure), signal.reason);
      }
      await within(LATE_MS, store.close());
      held.close();
      await within(LATE_MS, removed);
      equal(await within(LATE_MS, store.exists("a.txt")), false);
      await store.close();
    },
  );

  own("stores with two names live in one database", async (at) => {
    const one = open(at);
    const two = new Store({
      backend: new IndexedDBBackend({ databaseName: at, storeName: "second" }),
    });
    await one.write("a.txt", "one");
    await within(LATE_MS, two.write("a.txt", "two"));
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

  own("tabs that pack the same files at once leave whole ones", async (at) => {
    const tabs = [open(at), open(at)];
    const paths = Array.from({ length: 60 }, (_, i) => `packed/${i}`);
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        tabs.flatMap((store, tab) =>
          paths.map((path, i) =>
            store.write(path, new Uint8Array(1000 + i).fill(10 * round + tab), {
              overwrite: true,
            })
          )
        ),
      );
      // In transactions of their own, some of one pack.
      await Promise.all(
        tabs.map((store, tab) => store.delete(`packed/${10 * round + tab}`)),
      );
    }
    const { orphans, broken } = await audit(at);
    equal([...orphans, ...broken].join(), "");
    const [store] = tabs;
    for (const path of paths) {
      if (!await store?.exists(path)) continue;
      const bytes = await store?.readBytes(path) ?? new Uint8Array(0);
      equal(new Set(bytes).size, 1);
    }
    await store?.deleteFolder("packed", { recursive: true });
    equal((await audit(at)).records, 0);
    for (const one of tabs) await one.close();
  });

  own("persist and estimate answer", async () => {
    equal(typeof await within(LATE_MS, persist({ waitMs: 2000 })), "boolean");
    const answer = await within(LATE_MS, estimate({ waitMs: 2000 }));
    equal(typeof answer?.quota, hasNoManager ? "undefined" : "number");
  });

  return await runAll(tests);
}

function open(
  databaseName: string,
  representation: "auto" | "bytes" = "auto",
): Store {
  return new Store({
    backend: new IndexedDBBackend({ databaseName, representation }),
  });
}

/** Reads 40 MiB that are all one byte; after the first of it, something happens. */
async function readOn(
  stream: ReadableStream<Uint8Array>,
  byte: number,
  happening: () => Promise<unknown> = () => Promise.resolve(),
): Promise<string> {
  const reader = stream.getReader();
  let bytes = 0;
  try {
    for (let next; !(next = await reader.read()).done;) {
      if (bytes === 0) await happening();
      bytes += next.value.byteLength;
      if (next.value.some((one) => one !== byte)) return "a mixture";
    }
  } catch (error) {
    if (!isRemoteStoreError(error)) throw error;
    return error.code;
  }
  return bytes === 40 * MEBIBYTE ? "all of it" : `${bytes} bytes`;
}

/** Opens a database as a tab does that closes for nobody. */
function openHeld(name: string, version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(() => "none", (error) => error.code);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function filled(mebibytes: number, byte: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(mebibytes * MEBIBYTE).fill(byte);
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
