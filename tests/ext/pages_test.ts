import { assert, assertEquals, assertRejects } from "@std/assert";
import { IndexedDBBackend } from "../../backends/indexeddb/mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { listPage } from "../../ext/pages.ts";
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
  Store,
} from "../../mod.ts";
import { imitate } from "../backends/indexeddb/imitation.ts";
import { FakeS3 } from "../fakes/s3/service.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { storeOf } from "../backends/s3/setup.ts";

async function fill(store: Store): Promise<string[]> {
  const paths = Array.from({ length: 25 }, (_, i) => `in/ü${i % 5}/${i} +&`);
  for (const path of paths) void await store.write(path, "");
  void await store.write("in0", "");
  return paths.sort();
}

function stores(): [string, Store, FakeS3 | null][] {
  const fake = new FakeS3();
  return [
    ["memory", new Store({ backend: new MemoryBackend() }), null],
    ["s3", storeOf(fake), fake],
    ["flat", new Store({ backend: new FlatBackend() }), null],
    [
      "indexeddb",
      new Store({ backend: new IndexedDBBackend({ scope: imitate() }) }),
      null,
    ],
  ];
}

for (const [name, store, fake] of stores()) {
  Deno.test(`FROM-005 pages have all files, each once, and the last one no token, on ${name}`, async () => {
    const paths = await fill(store);
    for (const limit of [1, 5, 24, 25, 100]) {
      const found: string[] = [];
      let pages = 0;
      let token: string | null = null;
      do {
        const page = await listPage(store, "in", {
          recursive: true,
          limit,
          token,
        });
        assertEquals(page.files.length > 0, true);
        found.push(...page.files.map(({ path }) => path));
        token = page.token;
        assert(token === null || /^[\w-]+$/.test(token), "it is no URL's text");
        pages++;
      } while (token !== null);
      assertEquals([found.sort(), pages], [paths, Math.ceil(25 / limit)]);
    }
    if (fake !== null) {
      fake.log.length = 0;
      await listPage(store, "in", { recursive: true, limit: 10 });
      assertEquals(fake.log.length, 1, "the requests of a page");
    }
    await store.close();
  });
}

Deno.test("FROM-005 a token of whoever is no way out of the listing", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await fill(store);
  const token = (path: string) =>
    btoa(String.fromCharCode(...new TextEncoder().encode(path)))
      .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const forged = [
    token("other/a"),
    token("in"),
    token("../in/a"),
    token("in/../../a"),
    token("/in0"),
    "%",
    "****",
    "_____w",
    "",
  ];
  for (const token of forged) {
    await assertRejects(
      () => listPage(store, "in", { token, recursive: true }),
      InvalidPathError,
    );
  }
  const { files } = await listPage(store, "in", {
    token: token("in/ü4"),
    recursive: true,
  });
  assertEquals(files.length, 5);
});

Deno.test("FROM-005 wrong options are the caller's mistake, and a store without LIST_FROM is told", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  for (const limit of [0, 1.5, NaN]) {
    await assertRejects(
      () => listPage(store, "in", { limit }),
      InvalidArgumentError,
    );
  }
  await assertRejects(
    () => listPage(store, "in", { startAfter: "in/a" } as never),
    InvalidArgumentError,
    "no option startAfter",
  );
  const plain = new Store({
    backend: new FlatBackend({ without: ["list_from"] }),
  });
  await assertRejects(
    () => listPage(plain, ""),
    CapabilityNotSupportedError,
    "list_from",
  );
  const { files, token } = await listPage(store, "absent");
  assertEquals([files.length, token], [0, null]);
});
