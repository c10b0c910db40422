import { assertEquals, assertRejects } from "@std/assert";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  InvalidPathError,
  NotFoundError,
  PreconditionFailedError,
} from "../../../mod.ts";
import { broken, FaultyFetch } from "../../conformance/faults.ts";
import { FakeDataLake } from "../../fakes/azure_dfs/service.ts";
import {
  createFake,
  type FakeStore,
  once,
  refusal,
  type Sent,
} from "./fake_store.ts";

const HNS = { hns: true, blockSize: 4 };
const isRename = ({ headers }: Sent) => headers.has("x-ms-rename-source");
const LONG = "0123456789";

const names = ({ paths }: FakeStore) => [...paths.nodes.keys()].sort();

Deno.test("AZ-014 a write is a draft beside the file, renamed under the condition of what was seen", async () => {
  const fake = createFake(HNS);
  await fake.store.write("d/a", LONG, { metadata: { kind: "é" } });
  assertEquals(await fake.store.readText("d/a"), LONG);
  assertEquals((await fake.store.getFileInfo("d/a")).metadata, { kind: "é" });
  const rename = fake.sent.find(isRename);
  assertEquals(rename?.headers.get("if-none-match"), "*");
  assertEquals(
    /^\/files\/d\/\.~tmp\.[0-9a-f]{16}$/.test(
      rename?.headers.get("x-ms-rename-source") ?? "",
    ),
    true,
  );
  assertEquals(names(fake), ["d", "d/a"]);
});

Deno.test("AZ-014 a write that fails leaves no draft", async () => {
  const failing = [
    once(isRename, refusal(403, "AuthorizationFailure")),
    once(
      ({ url }) => url.includes("action=append"),
      refusal(403, "AuthorizationFailure"),
    ),
  ];
  for (const fault of failing) {
    const fake = createFake(HNS, fault);
    fake.paths.put("d", { kind: "folder" });
    await assertRejects(() => fake.store.write("d/a", LONG));
    assertEquals(names(fake), ["d"]);
  }
});

Deno.test("AZ-014 drafts are not listed, and their names are nobody else's", async () => {
  const { store, paths } = createFake(HNS);
  const draft = `d/.~tmp.${"0".repeat(16)}`;
  paths.put(draft, {});
  paths.put("d/.~tmp.other", {});
  const files = await Array.fromAsync(store.listFiles("d"));
  assertEquals(files.map((file) => file.path), ["d/.~tmp.other"]);
  await assertRejects(() => store.write(draft, "x"), InvalidPathError);
  await assertRejects(
    () => store.copy("d/.~tmp.other", draft, { overwrite: true }),
    InvalidPathError,
  );
  await assertRejects(
    () => store.move("d/.~tmp.other", draft, { overwrite: true }),
    InvalidPathError,
  );
});

Deno.test("CAS-001 20 who create: one wins; 20 who replace one version: one wins", async () => {
  const { store } = createFake(HNS);
  const count = async (writes: Promise<unknown>[], loser: unknown) => {
    const settled = await Promise.allSettled(writes);
    const lost = settled.filter((s) => s.status === "rejected");
    assertEquals(
      lost.every(({ reason }) => reason.constructor === loser),
      true,
      String(lost[0]?.reason),
    );
    return settled.length - lost.length;
  };
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const creates = numbers.map((n) => store.write("a", `${n}`));
  assertEquals(await count(creates, AlreadyExistsError), 1);
  const { etag } = await store.getFileInfo("a");
  const ifMatch = etag ?? "";
  const writes = numbers.map((n) => store.write("a", `${n}`, { ifMatch }));
  assertEquals(await count(writes, PreconditionFailedError), 1);
});

Deno.test("BE-009 20 who replace whatever is there: all get through, one after the other", async () => {
  const fake = createFake(HNS);
  const writes = Array.from(
    { length: 20 },
    (_, n) => fake.store.write("a", `${n}`, { overwrite: true }),
  );
  await Promise.all(writes);
  assertEquals(names(fake), ["a"]);
});

Deno.test("AZ-036 a folder that takes a file's place meanwhile is not replaced and not deleted", async () => {
  const fake = createFake(HNS);
  fake.paths.put("a", {});
  const swap = async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    if (headers.has("x-ms-rename-source") || init.method === "DELETE") {
      if (fake.paths.nodes.get("a")?.kind === "file") {
        fake.paths.nodes.delete("a");
        fake.paths.put("a", { kind: "folder" });
      }
    }
    return await fake.service.fetch(url, init);
  };
  const { store } = createFake({ ...HNS, fetch: swap });
  await assertRejects(
    () => store.write("a", "x", { overwrite: true }),
    InvalidPathError,
  );
  fake.paths.nodes.delete("a");
  fake.paths.put("a", {});
  await assertRejects(() => store.delete("a"), InvalidPathError);
  assertEquals(fake.paths.nodes.get("a")?.kind, "folder");
});

Deno.test("AZ-017 a move is one rename that makes its folder; version and time stay", async () => {
  const { store, service } = createFake(HNS);
  const { etag } = await store.write("a", "A");
  await store.move("a", "new/folder/b");
  assertEquals(await store.readText("new/folder/b"), "A");
  assertEquals(await store.exists("a"), false);
  assertEquals((await store.getFileInfo("new/folder/b")).etag, etag);
  assertEquals(service.counts.get("GET"), 1);
});

Deno.test("RET-001 a rename whose answer was lost is known by its source, which is gone", async () => {
  const { store } = createFake(HNS, once(isRename, "lost"));
  const result = await store.write("a", "A");
  assertEquals(result.etag, (await store.getFileInfo("a")).etag);
  const moving = createFake(HNS);
  await moving.store.write("a", "A");
  const lossy = createFake({
    ...HNS,
    fetch: async (url, init) => {
      const response = await moving.service.fetch(url, init);
      const headers = new Headers(init.headers);
      if (!headers.has("x-ms-rename-source") || !response.ok) return response;
      throw new TypeError("the connection broke");
    },
  });
  await lossy.store.move("a", "b");
  assertEquals(names(moving), ["b"]);
});

Deno.test("AZ-015 a folder goes in as many calls as the service wants", async () => {
  const { store, service, paths } = createFake(HNS);
  for (let n = 0; n < 10; n++) paths.put(`d/${n}`, {});
  await store.deleteFolder("d", { recursive: true });
  assertEquals(paths.nodes.size, 0);
  assertEquals(service.counts.get("DELETE"), 4);
});

Deno.test("AZ-012 a key below a file is blocked by it, at any depth", async () => {
  const { backend, paths } = createFake(HNS);
  paths.put("a/file", {});
  const signal = undefined;
  const blocked = await backend.stat("a/file/x/y", { signal });
  assertEquals(blocked, { kind: "blocked", by: "a/file" });
  assertEquals(await backend.stat("a/none/x", { signal }), null);
  assertEquals(await backend.stat("a", { signal }), { kind: "folder" });
});

Deno.test("AZ-017 a source that is gone, or changed, is its own error", async () => {
  const { paths, backend } = createFake(HNS);
  const node = paths.put("a", {});
  const request = {
    condition: { overwrite: false, ifMatch: null },
    source: {
      kind: "file" as const,
      size: 0,
      lastModified: null,
      etag: '"other"',
      digest: null,
      contentType: null,
      metadata: null,
      extra: null,
    },
    sourceNamed: false,
    stored: null,
    signal: undefined,
  };
  const changed = await assertRejects(
    async () => await backend.move?.("a", "b", request),
    PreconditionFailedError,
  );
  assertEquals(changed.path, "a");
  const source = { ...request.source, etag: node.etag };
  const gone = await assertRejects(
    async () => await backend.move?.("none", "b", { ...request, source }),
    NotFoundError,
  );
  assertEquals(gone.path, "none");
});

Deno.test("AZ-038 what was renamed is done, though nobody can tell its version by then", async () => {
  let renamed = false;
  const fake = createFake(HNS, (sent) => {
    if (renamed && sent.method === "HEAD") {
      return new TypeError("the connection broke");
    }
    if (isRename(sent)) renamed = true;
    return null;
  });
  assertEquals(fake.service instanceof FakeDataLake, true);
  Object.assign(fake.service, { renameTellsEtag: false });
  const { etag, size } = await fake.store.write("a", LONG);
  assertEquals([etag, size], [null, LONG.length]);
  assertEquals(names(fake), ["a"]);
  renamed = false;
  await fake.store.move("a", "b");
  assertEquals(names(fake), ["b"]);
});

Deno.test("AZ-038 a flush that arrives late and makes another version of the draft refuses no write", async () => {
  for (const condition of [{}, { overwrite: true }]) {
    const { service, paths } = createFake(HNS);
    let delayed = 0;
    const line = new FaultyFetch({
      fetch: service.fetch,
      faults: [],
      seed: 1,
      choose: ({ url }) =>
        url.searchParams.get("action") === "flush" && delayed++ === 0
          ? {
            name: "delayed",
            happen({ sendLater }) {
              sendLater(1);
              return Promise.reject(broken("it seems"));
            },
          }
          : null,
    });
    const { store } = createFake({ ...HNS, fetch: line.fetch });
    await store.write("a", "A", condition);
    assertEquals(delayed, 2, "the flush was repeated");
    await line.settle();
    assertEquals([...paths.nodes.keys()], ["a"]);
    assertEquals(await store.readText("a"), "A");
  }
});

Deno.test("AZ-038 a write whose draft was deleted with its folder is in doubt once an answer was lost, and never done", async () => {
  const deleting = createFake(HNS);
  const { paths, service, store } = deleting;
  paths.put("d", { kind: "folder" });
  let renames = 0;
  const writing = createFake({
    ...HNS,
    fetch: async (url, init) => {
      const headers = new Headers(init.headers);
      if (headers.has("x-ms-rename-source") && renames++ === 0) {
        await store.deleteFolder("d", { recursive: true });
        throw new TypeError("the connection broke");
      }
      return await service.fetch(url, init);
    },
  });
  const error = await assertRejects(
    () => writing.store.write("d/a", LONG),
    BackendUnavailableError,
  );
  assertEquals([error.inDoubt, renames], [true, 2]);
  assertEquals(names(deleting), []);
});
