import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  InvalidArgumentError,
  PermissionDeniedError,
  Store,
  type StoreLike,
} from "@remote-store/core";
import { sync, type SyncOutcome } from "../../ext/sync.ts";
import { FailingBackend } from "../fakes/failing_backend.ts";
import { MemoryFolder } from "./_sync/folder.ts";
import { filled, memory, texts } from "./_sync/fixture.ts";

const FILES = { "a.txt": "A", "b/c.txt": "C", "b/d/e.txt": "" };

Deno.test("SYNC-001 a store, a folder, files and a listing of one's own go to a store, and again nothing does", async () => {
  const folder = new MemoryFolder(
    Object.fromEntries(
      Object.entries(FILES).map((
        [path, text],
      ) => [path, new File([text], "x")]),
    ),
  );
  const entries = Object.entries(FILES).map(([path, text]) => ({
    path,
    file: new Blob([text]),
  }));
  const later = async function* () {
    yield* entries;
  };
  const picked = Object.entries(FILES).map(([path, text]) =>
    Object.defineProperty(new File([text], "x"), "webkitRelativePath", {
      value: path,
    })
  );
  const sources = [
    () => filled(FILES),
    () => folder,
    () => entries,
    later,
    () => picked,
  ];
  for (const source of sources) {
    const from = await source();
    const to = memory();
    const { copied, allSucceeded } = await sync(from, to);
    assertEquals([copied, allSucceeded], [Object.keys(FILES), true]);
    assertEquals(await texts(to), FILES);
    const again = await sync(await source(), to);
    assertEquals([again.copied, again.unchanged], [[], Object.keys(FILES)]);
  }
});

Deno.test("SYNC-001 a store goes to a folder, and the folder back", async () => {
  const store = await filled(FILES);
  const folder = new MemoryFolder({ "old.txt": new File(["old"], "old.txt") });
  const down = await sync(store, folder, { delete: true });
  assertEquals(down.copied.toSorted(), Object.keys(FILES));
  assertEquals(down.deleted, ["old.txt"]);
  assertEquals(await folder.texts(), FILES);
  const again = await sync(store, folder);
  assertEquals(again.unchanged, down.copied);
  const back = memory();
  const up = await sync(folder, back);
  assertEquals(up.copied.toSorted(), Object.keys(FILES));
  assertEquals(await texts(back), FILES);
});

Deno.test("SYNC-002 a file of the same size is told by its SHA-256", async () => {
  const to = memory();
  await sync([new File(["one"], "a")], to);
  const { metadata } = await to.getFileInfo("a");
  assertEquals(metadata, {
    sha256: "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
  });
  assertEquals((await sync([new File(["two"], "a")], to)).copied, ["a"]);
  assertEquals(await to.readText("a"), "two");
});

Deno.test("SYNC-002 a file of the same size of which nothing is known is copied", async () => {
  const to = await filled({ a: "two" });
  assertEquals((await sync(await filled({ a: "one" }), to)).copied, ["a"]);
  assertEquals(await to.readText("a"), "one");
});

Deno.test("SYNC-002 a target that was changed by others is seen, though its size is the same", async () => {
  const from = await filled({ a: "one" });
  const to = memory();
  await sync(from, to);
  await to.write("a", "two", { overwrite: true });
  assertEquals((await sync(from, to)).copied, ["a"]);
  assertEquals(await to.readText("a"), "one");
});

Deno.test("SYNC-002 what was synchronized on is known by its SHA-256 from store to store, and without its origin", async () => {
  const [one, two, three] = [memory(), memory(), memory()];
  await sync([new File(["A"], "a")], one);
  await sync(one, two);
  await sync([new File(["A"], "a")], three);
  assertEquals((await sync(two, three)).unchanged, ["a"]);
  const { metadata } = await two.getFileInfo("a");
  assertEquals(Object.keys(metadata ?? {}).sort(), ["sha256", "sourceetag"]);
});

Deno.test("SYNC-002 metadata that only looks like a SHA-256 is none", async () => {
  const to = memory();
  await to.write("a", "one", { metadata: { sha256: "one" } });
  assertEquals((await sync([new File(["one"], "a")], to)).copied, ["a"]);
});

Deno.test("SYNC-003 by time, nothing is read, and what is not older is the same", async () => {
  const to = await filled({ a: "two" });
  const old = new File(["one"], "a", { lastModified: 0 });
  const fresh = new File(["one"], "a", { lastModified: Date.now() + 60_000 });
  assertEquals((await sync([old], to, { compare: "time" })).unchanged, ["a"]);
  assertEquals(await to.readText("a"), "two");
  assertEquals((await sync([fresh], to, { compare: "time" })).copied, ["a"]);
  const unknown = [{ path: "a", file: new Blob(["two"]) }];
  assertEquals((await sync(unknown, to, { compare: "time" })).copied, ["a"]);
});

Deno.test("SYNC-004 a copy keeps type, fields and user metadata", async () => {
  const from = memory();
  const about = { contentType: "text/csv", cacheControl: "no-cache" };
  await from.write("a", "A", { ...about, metadata: { by: "ada" } });
  const to = memory();
  await sync(from, to);
  const { contentType, extra, metadata } = await to.getFileInfo("a");
  assertEquals([contentType, extra["cacheControl"]], Object.values(about));
  assertEquals(metadata?.["by"], "ada");
});

Deno.test("SYNC-004 metadata without room for more stays as it is", async () => {
  const from = memory();
  const metadata = { long: "x".repeat(2000) };
  await from.write("a", "A", { metadata });
  const to = memory();
  assertEquals((await sync(from, to)).copied, ["a"]);
  assertEquals((await to.getFileInfo("a")).metadata, metadata);
});

Deno.test("SYNC-005 a dry run says what would be done, and does nothing", async () => {
  const from = await filled({ a: "A", b: "B" });
  const to = await filled({ b: "old", c: "C" });
  const plan = await sync(from, to, { delete: true, dryRun: true });
  assertEquals(plan.dryRun, true);
  assertEquals([plan.copied, plan.deleted], [["a", "b"], ["c"]]);
  assertEquals(await texts(to), { b: "old", c: "C" });
  const done = await sync(from, to, { delete: true });
  assertEquals([done.copied, done.deleted], [plan.copied, plan.deleted]);
  assertEquals(await texts(to), { a: "A", b: "B" });
});

Deno.test("SYNC-006 nothing is deleted unless asked", async () => {
  const to = await filled({ c: "C" });
  assertEquals((await sync(await filled({ a: "A" }), to)).deleted, []);
  assertEquals(await texts(to), { a: "A", c: "C" });
});

Deno.test("SYNC-006 a source without a file deletes only if all is meant", async () => {
  const to = await filled({ a: "A" });
  await assertRejects(
    () => sync(memory().child("typo"), to, { delete: true }),
    InvalidArgumentError,
    'Cannot sync: the source is empty, and delete is not "all"',
  );
  assert(await to.exists("a"));
  assertEquals((await sync([], to, { delete: "all" })).deleted, ["a"]);
  assertEquals((await sync([], to, { delete: true })).deleted, []);
});

Deno.test("SYNC-007 a listing of the source that breaks off copies and deletes nothing", async () => {
  for (const nth of [1, 2]) {
    const backend = new FailingBackend();
    const from = new Store({ backend });
    await from.write("a", "A");
    await from.write("b", "B");
    const reject = new PermissionDeniedError("no listing");
    backend.fail("list", { reject }, nth);
    const to = await filled({ c: "C" });
    await assertRejects(
      () => sync(from, to, { delete: true }),
      PermissionDeniedError,
    );
    assertEquals(await texts(to), { c: "C" });
  }
});

Deno.test("SYNC-007 after a copy that failed nothing is deleted, and the next run makes up for it", async () => {
  const backend = new FailingBackend();
  const to = new Store({ backend });
  await to.write("old", "O");
  backend.fail("write", { reject: new PermissionDeniedError("no") }, 2);
  const from = await filled({ a: "A", b: "B", c: "C" });
  const first = await sync(from, to, { delete: true, concurrency: 1 });
  assertEquals([first.copied, first.kept], [["a", "c"], ["old"]]);
  assertEquals(first.failed.map(({ path }) => path), ["b"]);
  assert(first.failed[0]?.error instanceof PermissionDeniedError);
  const second = await sync(from, to, { delete: true });
  assertEquals([second.copied, second.deleted], [["b"], ["old"]]);
  assertEquals(await texts(to), { a: "A", b: "B", c: "C" });
});

Deno.test("SYNC-008 what another one has written meanwhile is not replaced", async () => {
  const to = await filled({ a: "old" });
  const from = await filled({ a: "new!", b: "B" });
  const listFiles = from.listFiles.bind(from);
  const racing = new Proxy(to, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (key !== "listFiles") {
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async function* () {
        yield* await Array.fromAsync(target.listFiles(""));
        await target.write("a", "theirs", { overwrite: true });
        await target.write("b", "theirs");
      };
    },
  });
  const { failed } = await sync(from, racing);
  assertEquals(failed.map(({ error }) => (error as { code?: string }).code), [
    "PreconditionFailed",
    "AlreadyExists",
  ]);
  assertEquals(await texts(to), { a: "theirs", b: "theirs" });
  assertEquals((await Array.fromAsync(listFiles(""))).length, 2);
});

Deno.test("SYNC-009 progress counts files and bytes up to all of them, whatever becomes of them", async () => {
  const backend = new FailingBackend();
  const to = new Store({ backend });
  backend.fail("write", { reject: new PermissionDeniedError("no") }, 1);
  const seen: number[][] = [];
  const from = await filled({ a: "AA", b: "BBB", c: "" });
  await sync(from, to, {
    concurrency: 1,
    onProgress: ({ files, bytes }) =>
      seen.push([files.done, files.total, bytes.done, bytes.total]),
  });
  assertEquals(seen, [[1, 3, 2, 5], [2, 3, 5, 5], [3, 3, 5, 5]]);
});

Deno.test("SYNC-009 what progress and outcomes throw ends it", async () => {
  const from = await filled({ a: "A", b: "B" });
  for (const name of ["onProgress", "onOutcome"]) {
    const to = memory();
    const enough = new Error("enough");
    const given = {
      concurrency: 1,
      [name]: () => {
        throw enough;
      },
    };
    const error = await assertRejects(() => sync(from, to, given), Error);
    assertEquals(error, enough);
    assertEquals(await texts(to), { a: "A" });
  }
});

Deno.test("SYNC-011 a name that no store has fails for itself, and a path that comes twice for all", async () => {
  const to = memory();
  const { copied, failed } = await sync([
    { path: "../a", file: new Blob(["A"]) },
    { path: "b", file: new Blob(["B"]) },
  ], to);
  assertEquals([copied, failed.map(({ path }) => path)], [["b"], ["../a"]]);
  await assertRejects(
    () => sync([new File(["A"], "x"), { path: "./x", file: new Blob() }], to),
    InvalidArgumentError,
    'Cannot sync: "x" comes twice',
  );
  assertEquals(await texts(to), { b: "B" });
});

Deno.test("SYNC-011 a side that is none, or lies in the other, and wrong options are refused", async () => {
  const store = await filled({ "a/b": "B" });
  const outer = store.child("a");
  const wrong: [from: unknown, to: unknown, options?: object][] = [
    [null, store],
    ["a", store],
    [{}, store],
    [store, [new File([], "a")]],
    [store, store],
    [store, outer],
    [outer, store],
    [[], store, { concurrency: 0 }],
    [[], store, { dryrun: true }],
    [[], store, { compare: "size" }],
    [[], store, { delete: "some" }],
    [[], store, { filter: "*.txt" }],
  ];
  for (const [from, to, options] of wrong) {
    await assertRejects(
      () => sync(from as [], to as StoreLike, options as never),
      InvalidArgumentError,
      "Cannot sync: ",
    );
  }
  assertEquals((await sync(outer, store.child("c"))).copied, ["b"]);
  assertEquals((await sync(store, memory())).copied, ["a/b", "c/b"]);
});

Deno.test("SYNC-011 only what the filter lets pass is copied or deleted", async () => {
  const from = await filled({ "a.txt": "A", "b.tmp": "B" });
  const to = await filled({ "c.tmp": "C", "d.txt": "D" });
  const filter = (path: string) => !path.endsWith(".tmp");
  const { copied, deleted } = await sync(from, to, { filter, delete: true });
  assertEquals([copied, deleted], [["a.txt"], ["d.txt"]]);
});

Deno.test("SYNC-012 an abort before, while listing and while copying ends it with its reason", async () => {
  const reason = new Error("given up");
  const done = await assertRejects(
    () => sync([], memory(), { signal: AbortSignal.abort(reason) }),
    Error,
  );
  assertEquals(done, reason);
  for (const point of ["list", "write"] as const) {
    const backend = new FailingBackend();
    backend.fail(point, { hang: true }, point === "list" ? 1 : 3);
    const controller = new AbortController();
    const outcomes: SyncOutcome[] = [];
    const from = await filled({ a: "A", b: "B", c: "C", d: "D" });
    const running = sync(from, new Store({ backend }), {
      signal: controller.signal,
      concurrency: 2,
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    const stopped = assertRejects(() => running, Error);
    // Until one hangs, and the others have come to their end.
    const isStuck = () =>
      point === "list" ? backend.calls.includes("list") : outcomes.length === 3;
    while (!isStuck()) await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort(reason);
    assertEquals(await stopped, reason);
    const written = outcomes.map(({ path }) => path).sort();
    assertEquals(Object.keys(await texts(new Store({ backend }))), written);
    assertEquals(backend.late, []);
  }
});
