import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  Capability,
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
  NotFoundError,
  RemoteStoreError,
  Store,
  type StoreLike,
} from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import {
  observe,
  ObservedStore,
  type StoreEvent,
  type StoreStart,
} from "../../ext/observe.ts";
import { last, memory, watched } from "./observe_fixture.ts";

Deno.test("OBS-001 an event says what was done, where, how long, with which outcome, and is frozen", async () => {
  const { store, events } = watched({ correlationId: "job 7" });
  const before = performance.now();
  const result = await store.write("a/b.txt", "B", { overwrite: true });
  const event = last(events);
  assert(Object.isFrozen(event) && Object.isFrozen(event.metadata));
  assertEquals(
    { ...event, startedAt: 0, duration: 0 },
    {
      operation: "write",
      path: "a/b.txt",
      root: "",
      backend: "memory",
      startedAt: 0,
      duration: 0,
      status: "ok",
      error: null,
      aborted: false,
      metadata: { "overwrite": true, "write_result": result },
      correlationId: "job 7",
    },
  );
  assert(event.startedAt >= before && event.duration >= 0);
  assert(event.startedAt + event.duration <= performance.now());
});

Deno.test("OBS-001 the steering options are reported by their Python names, contents and metadata are not", async () => {
  const { store, events } = watched();
  await store.delete("a", { missingOk: true });
  assertEquals(last(events).metadata, { "missing_ok": true });
  await Array.fromAsync(
    store.listFiles("", { recursive: true, maxDepth: 2, pattern: "*" }),
  );
  assertEquals(last(events).metadata, {
    "recursive": true,
    "max_depth": 2,
    "pattern": "*",
    "count": 0,
    "complete": true,
  });
  const { etag } = await store.write("a", "secret", {
    metadata: { token: "secret" },
  });
  const { write_result: _, ...said } = last(events).metadata;
  assertEquals(said, {});
  await store.readBytes("a", { range: { offset: 1 }, ifMatch: etag ?? "" });
  assertEquals(last(events).metadata, {
    "range": { offset: 1 },
    "if_match": etag ?? "",
    "size": 5,
  });
  await store.copy("a", "b");
  assertEquals(last(events).metadata, { "dst": "b" });
});

Deno.test("OBS-001 an operation without a path has an empty one, one of a child store says where that lies", async () => {
  const { store, events } = watched();
  await store.ping();
  assertEquals([last(events).operation, last(events).path], ["ping", ""]);
  await store.child("x").child("y/z").exists("a");
  assertEquals([last(events).root, last(events).path], ["x/y/z", "a"]);
  await store.child("x/").child("./y").exists("a");
  assertEquals(last(events).root, "x/y");
});

Deno.test("OBS-002 without hooks a store is observed by nobody and works", async () => {
  const store = observe(memory());
  assertEquals((await store.write("a", "A")).size, 1);
  assertEquals(await store.readText("a"), "A");
  assert(store.inner instanceof Store);
});

Deno.test("OBS-003 hooks run in order: start, around, the operation, its own, any, error, the rest of around", async () => {
  const order: string[] = [];
  const note = (text: string) => () => void order.push(text);
  const inner = memory();
  const { stat } = MemoryBackend.prototype;
  inner.unwrap(MemoryBackend).stat = function (...args) {
    order.push("operation");
    return stat.apply(this, args);
  };
  const store = observe(inner, {
    onStart: note("start"),
    async around(_, next) {
      order.push("enter");
      await next().finally(note("leave"));
    },
    onList: note("own"),
    onAny: note("any"),
    onError: note("error"),
  });
  await assertRejects(() => store.getFileInfo("absent"), NotFoundError);
  assertEquals(order, [
    "start",
    "enter",
    "operation",
    "own",
    "any",
    "error",
    "leave",
  ]);
});

Deno.test("OBS-003 arguments and results pass untouched", async () => {
  const given: unknown[][] = [];
  const answer = Object.freeze({ path: "a" });
  const inner = new Proxy(memory(), {
    get(target, name) {
      const own = Reflect.get(target, name, target);
      if (typeof own !== "function") return own;
      if (name === "resolve") return own.bind(target);
      return (...args: unknown[]) => {
        given.push(args);
        return Promise.resolve(answer);
      };
    },
  });
  const store = observe(inner, { around: (_, next) => next() });
  const content = new Uint8Array(1);
  const options = { overwrite: true };
  const result: unknown = await store.write("a", content, options);
  assert(result === answer);
  assert(given[0]?.[1] === content && given[0]?.[2] === options);
});

const OPERATIONS: readonly (readonly [
  hook: string,
  operation: string,
  call: (store: StoreLike) => unknown,
])[] = [
  ["onWrite", "write", (s) => s.write("f", "F")],
  ["onWrite", "write_text", (s) => s.writeText("g", "F")],
  ["onWrite", "write_atomic", (s) => s.writeAtomic("h", "F")],
  ["onWrite", "open_atomic", (s) => s.openAtomic("i")],
  ["onRead", "read", async (s) => (await s.read("f")).cancel()],
  ["onRead", "open", async (s) => (await s.open("f")).body?.cancel()],
  ["onRead", "read_bytes", (s) => s.readBytes("f")],
  ["onRead", "read_text", (s) => s.readText("f")],
  ["onRead", "open_blob", (s) => s.openBlob("f")],
  ["onList", "exists", (s) => s.exists("f")],
  ["onList", "is_file", (s) => s.isFile("f")],
  ["onList", "is_folder", (s) => s.isFolder("f")],
  ["onList", "list_files", (s) => Array.fromAsync(s.listFiles(""))],
  ["onList", "list_folders", (s) => Array.fromAsync(s.listFolders(""))],
  ["onList", "iter_children", (s) => Array.fromAsync(s.iterChildren(""))],
  ["onList", "get_file_info", (s) => s.getFileInfo("f")],
  ["onList", "get_folder_info", (s) => s.getFolderInfo("")],
  ["onList", "head", (s) => s.head("f")],
  ["onCopy", "copy", (s) => s.copy("f", "f2")],
  ["onMove", "move", (s) => s.move("f2", "f3")],
  ["onDelete", "delete", (s) => s.delete("f3")],
  ["onDelete", "delete_many", (s) => s.deleteMany(["g", "h"])],
  [
    "onDelete",
    "delete_folder",
    (s) => s.deleteFolder("x", { missingOk: true }),
  ],
  ["onPing", "ping", (s) => s.ping()],
  ["onAny", "supports", (s) => s.supports(Capability.READ)],
  ["onAny", "resolve", (s) => s.resolve("f")],
  ["onAny", "native_path", (s) => s.nativePath("f")],
  ["onAny", "to_key", (s) => s.toKey("f")],
  ["onAny", "unwrap", (s) => s.unwrap(MemoryBackend)],
  ["onAny", "child", (s) => s.child("x")],
  ["onAny", "equals", (s) => s.equals(s)],
  ["onAny", "close", (s) => s.close()],
];

Deno.test("OBS-003 every operation calls its own hook and onAny, once", async () => {
  const inner = memory();
  for (const [hook, operation, call] of OPERATIONS) {
    const calls: string[] = [];
    const own = [...new Set(OPERATIONS.map(([name]) => name))];
    const hooks = Object.fromEntries(own.map((name) => [
      name,
      (event: StoreEvent) => calls.push(`${name} ${event.operation}`),
    ]));
    await call(observe(inner, hooks));
    assertEquals(
      calls,
      hook === "onAny"
        ? [`onAny ${operation}`]
        : [`${hook} ${operation}`, `onAny ${operation}`],
    );
  }
});

Deno.test("PING-010 ping has a hook of its own, in success and failure", async () => {
  const seen: string[] = [];
  const inner = memory();
  const store = observe(inner, { onPing: ({ status }) => seen.push(status) });
  await store.ping();
  inner.unwrap(MemoryBackend).ping = () => Promise.reject(new Error("down"));
  await assertRejects(() => store.ping(), RemoteStoreError, "down");
  assertEquals(seen, ["ok", "error"]);
});

Deno.test("OBS-004 hooks get failures too, and what they throw or reject with changes nothing", async () => {
  const complaints: unknown[] = [];
  const fail = () => {
    throw new Error("hook");
  };
  const store = observe(memory(), {
    onStart: fail,
    onWrite: () => Promise.reject(new Error("later")),
    onList: fail,
    onAny: fail,
    onError: fail,
    correlationId: fail,
    onHookError: (error) => {
      complaints.push((error as Error).message);
      throw error;
    },
  });
  assertEquals((await store.write("a", "A")).size, 1);
  await assertRejects(() => store.getFileInfo("b"), NotFoundError);
  assertEquals(complaints.filter((text) => text === "hook").length, 8);
  assertEquals(complaints.filter((text) => text === "later").length, 1);
});

Deno.test("OBS-004 a hook cannot change what is done through what it is told", async () => {
  const changed: unknown[] = [];
  const { store } = watched({
    onStart: ({ metadata }) => {
      (metadata.range as { offset: number }).offset = 1;
    },
    onHookError: (error) => changed.push((error as Error).name),
  });
  assertEquals((await store.write("a", "0123")).size, 4);
  changed.length = 0;
  const range = { offset: 2 };
  const bytes = await store.readBytes("a", { range });
  assertEquals([bytes, range], [new TextEncoder().encode("23"), { offset: 2 }]);
  assertEquals(changed, ["TypeError"]);
});

Deno.test("OBS-004 what a hook of another realm rejects with is told as well", async () => {
  const told: unknown[] = [];
  const { store } = watched({
    // No instance of this realm's Promise.
    onAny: () => ({
      then: (_: unknown, reject: (error: unknown) => void) => reject("foreign"),
    }),
    onHookError: (error) => told.push(error),
  });
  await store.exists("a");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(told, ["foreign"]);
});

Deno.test("OBS-004 a hook that takes its time is not waited for", async () => {
  const store = observe(memory(), { onAny: () => new Promise(() => {}) });
  assertEquals((await store.write("a", "A")).size, 1);
});

Deno.test("OBS-005 around is called with the start, its errors are thrown, and one before next skips the operation", async () => {
  const starts: StoreStart[] = [];
  const { store, events, inner } = watched({
    around(start, next) {
      starts.push(start);
      if (start.path === "forbidden") throw new Error("refused");
      return next();
    },
  });
  await assertRejects(() => store.write("forbidden", "A"), Error, "refused");
  assert(!await inner.exists("forbidden"));
  assertEquals(events.length, 0);
  await store.write("a", "A").then(({ size }) => assertEquals(size, 1));
  assertEquals(starts.map(({ path }) => path), ["forbidden", "a"]);
  assert(Object.isFrozen(starts[0]));
});

Deno.test("OBS-005 around cannot change a result, hide an error or run an operation twice", async () => {
  const { store, events } = watched({
    around: async (_, next) => {
      await Promise.allSettled([next(), next()]);
      return "another result";
    },
  });
  assertEquals((await store.write("a", "A")).size, 1);
  assertEquals(events.length, 1);
  await assertRejects(() => store.readText("b"), NotFoundError);
});

Deno.test("OBS-005 around that does not call next is a mistake, and told", async () => {
  const store = observe(memory(), { around: () => Promise.resolve() });
  await assertRejects(() => store.exists("a"), InvalidArgumentError, "next");
  await assertRejects(
    () => Array.fromAsync(store.listFiles("")),
    InvalidArgumentError,
    "next",
  );
});

Deno.test("OBS-005 what around throws behind next is thrown, the operation has been done", async () => {
  const { store, inner } = watched({
    async around(_, next) {
      await next();
      throw new Error("behind");
    },
  });
  await assertRejects(() => store.write("a", "A"), Error, "behind");
  assert(await inner.exists("a"));
});

Deno.test("OBS-007 every method of a store is an operation with an event of its own", () => {
  const inner = memory();
  const operations: string[] = [];
  const store = observe(inner, {
    onStart: ({ operation }) => operations.push(operation),
  });
  const methods = Object.getOwnPropertyNames(Store.prototype)
    .filter((name) => name !== "constructor" && name !== "toString");
  for (const name of methods) {
    const call = store[name as keyof StoreLike] as (
      ...of: unknown[]
    ) => unknown;
    const before = operations.length;
    try {
      // Of a listing, the first step is where it begins.
      const gave = call.call(store, "a", "b", {});
      const iterator = Object(gave)[Symbol.asyncIterator]?.();
      Promise.resolve(iterator ? iterator.next() : gave).catch(() => {});
    } catch {
      // A wrong argument is told, too.
    }
    if (Object(inner)[name] === undefined) continue;
    assert(operations.length > before || /^(list|iter|glob)/.test(name), name);
  }
  assert(Symbol.asyncDispose in ObservedStore.prototype);
});

Deno.test("OBS-008 nothing is logged by itself", async () => {
  const console = globalThis.console;
  const spoken: unknown[] = [];
  globalThis.console = new Proxy(console, {
    get: (_, name) => (...args: unknown[]) => spoken.push(name, args),
  });
  try {
    const store = observe(memory(), {
      onAny() {
        throw new Error("hook");
      },
    });
    await store.exists("a");
    await store.readText("a").catch(() => {});
  } finally {
    globalThis.console = console;
  }
  assertEquals(spoken, []);
});

Deno.test("OBS-009 errors reach the caller as the same object, and the hooks", async () => {
  const reason = new Error("enough");
  const { store, events } = watched();
  const signal = AbortSignal.abort(reason);
  const error = await store.readBytes("a", { signal }).catch((error) => error);
  assert(error === reason && last(events).error === reason);
  assertEquals(last(events).status, "error");
  assertThrows(() => store.glob("*"), CapabilityNotSupportedError);
  assertEquals([last(events).operation, last(events).status], [
    "glob",
    "error",
  ]);
  assertThrows(() => store.child(".."), InvalidPathError);
  assertEquals(last(events).operation, "child");
});

Deno.test("OBS-010 closing closes what is observed, and nothing else is held", async () => {
  let closed = 0;
  const inner = memory();
  inner.unwrap(MemoryBackend).close = () => Promise.resolve(void closed++);
  {
    await using store = observe(inner);
    await store.close();
  }
  assertEquals(closed, 2);
  await observe(inner).child("x").close();
  assertEquals(closed, 2);
});
