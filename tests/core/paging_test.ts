import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  BackendUnavailableError,
  InvalidPathError,
  type ListCursor,
  Store,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";

/** A backend whose n-th page has the n-th cursor of a circle, and one file or none. */
function circling(
  cursor: (page: number) => ListCursor | null,
  isEmpty: boolean,
) {
  const backend = new FlatBackend();
  backend.put("a/file");
  let asked = 0;
  const list = backend.list.bind(backend);
  backend.list = async (prefix, request) => {
    if (asked > 20_000) throw new Error("it would go on for ever");
    const page = await list(prefix, { ...request, cursor: null });
    const files = isEmpty ? [] : page.files;
    return { files, folders: [], cursor: cursor(asked++) };
  };
  const store = new Store({ backend });
  return { store, asked: () => asked };
}

const all = { recursive: true };
const CALLS: readonly ((store: Store) => Promise<unknown>)[] = [
  (store) => Array.fromAsync(store.listFiles("a", all)),
  (store) => Array.fromAsync(store.listFolders("a")),
  (store) => Array.fromAsync(store.listFolders("a", { maxDepth: 3 })),
  (store) => Array.fromAsync(store.iterChildren("a")),
  (store) => Array.fromAsync(store.glob("a/*")),
  (store) => store.getFolderInfo("a"),
  (store) => store.deleteFolder("a", all),
];
const PROBES: typeof CALLS = [
  (store) => store.exists("a"),
  (store) => store.isFolder("a"),
  (store) => store.deleteFolder("a"),
];

async function assertEnds(
  call: (store: Store) => Promise<unknown>,
  cursor: (page: number) => ListCursor | null,
  isEmpty: boolean,
): Promise<number> {
  const { store, asked } = circling(cursor, isEmpty);
  await assertRejects(
    () => call(store),
    BackendUnavailableError,
    "the listing",
  );
  return asked();
}

Deno.test("NAME-004 the same cursor twice is an error at the second", async () => {
  for (const call of CALLS) {
    assertEquals(await assertEnds(call, () => "again", false), 2);
  }
  const same = { any: "object" };
  for (const call of [...CALLS, ...PROBES]) {
    assertEquals(await assertEnds(call, () => same, true), 2);
  }
});

Deno.test("NAME-004 a longer circle ends, too, however it is entered", async () => {
  for (const length of [2, 3, 7, 50]) {
    for (const before of [0, 1, 10]) {
      const cursor = (page: number) =>
        page < before ? `in ${page}` : `at ${(page - before) % length}`;
      for (const call of CALLS) {
        const asked = await assertEnds(call, cursor, false);
        assert(asked <= 4 * (before + length), `${asked} pages`);
      }
      for (const call of PROBES) await assertEnds(call, cursor, true);
    }
  }
});

Deno.test("NAME-004 empty pages without an end are no listing", async () => {
  for (const call of [CALLS[0]!, ...PROBES]) {
    const asked = await assertEnds(call, (page) => `${page}`, true);
    assertEquals(asked, 10_001);
  }
});

Deno.test("NAME-004 no honest listing is taken for a circle", async () => {
  const backends = [
    new FlatBackend({ pageEntries: 1 }),
    new MemoryBackend(),
  ];
  for (const backend of backends) {
    const store = new Store({ backend });
    const count = backend instanceof MemoryBackend ? 3500 : 70;
    for (let i = 0; i < count; i++) await store.write(`d/${i}`, "");
    const files = await Array.fromAsync(store.listFiles("d"));
    assertEquals(new Set(files.map(({ path }) => path)).size, count);
  }
});

Deno.test("NAME-005 a limit in front of a filter is lifted where a page comes out empty", async () => {
  const backend = new FlatBackend();
  const limits: (number | null)[] = [];
  // As a service does that counts what it leaves out.
  backend.list = (_prefix, { cursor, limit }) => {
    limits.push(limit);
    const from = Number(cursor ?? 0);
    const to = from + Math.min(limit ?? 1000, 1000);
    return Promise.resolve({
      files: [],
      folders: to > 400 ? ["a/x"] : [],
      cursor: to > 400 ? null : `${to}`,
    });
  };
  const store = new Store({ backend });
  for (const call of PROBES.slice(0, 2)) {
    limits.length = 0;
    assertEquals(await call(store), true);
    assertEquals(limits, [1, null]);
  }
  limits.length = 0;
  await assertRejects(() => store.readBytes("a"), InvalidPathError);
  assertEquals(limits, [1, null]);
});

Deno.test("NAME-009 a listing that ignores its prefix is no listing", async () => {
  const backend = new FlatBackend({ pageEntries: 1000 });
  for (const name of ["a/mine", "b/other", "top"]) backend.put(name);
  const list = backend.list.bind(backend);
  backend.list = (_prefix, request) => list("", request);
  const store = new Store({ backend });
  for (const call of CALLS) {
    await assertRejects(
      () => call(store),
      BackendUnavailableError,
      "does not begin as was asked for",
    );
  }
  assertEquals(backend.objects.size, 3);
  assertEquals((await store.getFolderInfo("")).fileCount, 3);
});
