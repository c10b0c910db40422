import { Capability } from "../../mod.ts";
import { assert, assertEquals, thrownBy } from "./assert.ts";
import { type Bench, collect, drain } from "./bench.ts";
import { COPYING_PAIRS } from "./capabilities_copying.ts";
import {
  type Case,
  type Pair,
  refused,
  seeded,
  TEXT,
} from "./capability_pairs.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefused, unsupported } from "./refusals.ts";

const PAIRS: readonly Pair[] = [
  {
    id: "STORE-006",
    capability: "read",
    present: ["a file can be read", ["write"], async (bench) => {
      assertEquals(
        await (await seeded(bench)).readText("a.txt"),
        TEXT,
        "the text",
      );
    }],
    absent: refused("read", "readText", (store) => store.readText("a.txt")),
  },
  {
    id: "STORE-006",
    capability: "write",
    present: ["a file can be written", [], async ({ store }) => {
      assertEquals((await store.write("a.txt", TEXT)).size, 10, "size");
    }],
    absent: refused("write", "write", (store) => store.write("a.txt", TEXT)),
  },
  {
    id: "STORE-006",
    capability: "delete",
    present: ["a file can be deleted", ["write"], async (bench) => {
      await (await seeded(bench)).delete("a.txt");
      assert(!await bench.store.exists("a.txt"), "the file is left");
    }],
    absent: refused("delete", "delete", (store) => store.delete("a.txt")),
  },
  {
    id: "STORE-006",
    capability: "list",
    present: ["files can be listed", ["write"], async (bench) => {
      const files = await collect((await seeded(bench)).listFiles(""));
      assertEquals(files.map(({ path }) => path), ["a.txt"], "the files");
    }],
    absent: refused("list", "listFiles", (store) => store.listFiles("")),
  },
  {
    id: "FROM-002",
    capability: "list_from",
    present: ["a listing goes on behind a path", ["write"], async (bench) => {
      const store = await seeded(bench);
      await bench.put("b.txt", "b");
      const options = { startAfter: "a.txt" };
      const files = await collect(store.listFiles("", options));
      assertEquals(files.map(({ path }) => path), ["b.txt"], "the files");
    }],
    absent: [
      "startAfter is refused, never ignored",
      ["list"],
      async (bench) => {
        await assertRefused(
          () => collect(bench.store.listFiles("", { startAfter: "a.txt" })),
          { code: "CapabilityNotSupported", capability: "list_from" },
          bench,
        );
      },
    ],
  },
  {
    id: "STORE-006",
    capability: "move",
    present: ["a file can be moved", ["write"], async (bench) => {
      await (await seeded(bench)).move("a.txt", "b.txt");
      assertEquals(await bench.store.isFile("b.txt"), true, "isFile");
    }],
    absent: refused("move", "move", (store) => store.move("a.txt", "b.txt")),
  },
  {
    id: "STORE-006",
    capability: "copy",
    present: ["a file can be copied", ["write"], async (bench) => {
      await (await seeded(bench)).copy("a.txt", "b.txt");
      assertEquals(await bench.store.isFile("a.txt"), true, "isFile");
    }],
    absent: refused("copy", "copy", (store) => store.copy("a.txt", "b.txt")),
  },
  {
    id: "STORE-006",
    capability: "metadata",
    present: ["a file can be looked up", ["write"], async (bench) => {
      assertEquals(
        (await (await seeded(bench)).head("a.txt")).size,
        10,
        "size",
      );
    }],
    absent: refused("metadata", "head", (store) => store.head("a.txt")),
  },
  {
    id: "AW-002",
    capability: "atomic_write",
    present: ["a file can be written atomically", [], async ({ store }) => {
      assertEquals((await store.writeAtomic("a.txt", TEXT)).size, 10, "size");
    }],
    absent: refused(
      "atomic_write",
      "writeAtomic",
      (store) => store.writeAtomic("a.txt", TEXT),
    ),
  },
  {
    id: "GLOB-003",
    capability: "glob",
    present: ["files can be matched", ["write"], async (bench) => {
      const files = await collect((await seeded(bench)).glob("?.txt"));
      assertEquals(files.map(({ path }) => path), ["a.txt"], "the files");
    }],
    absent: refused("glob", "glob", (store) => store.glob("*")),
  },
  {
    id: "WR-010",
    capability: "user_metadata",
    present: ["metadata is taken", ["write"], async ({ store }) => {
      const result = await store.write("a.txt", TEXT, { metadata: { k: "v" } });
      assertEquals(result.metadata, { k: "v" }, "metadata");
    }],
    absent: ["empty metadata is no metadata", ["write"], async ({ store }) => {
      const result = await store.write("a.txt", TEXT, { metadata: {} });
      assertEquals(result.metadata, null, "metadata");
    }],
  },
  {
    id: "CAS-001",
    capability: "conditional_write",
    present: ["ifMatch is taken", ["write", "metadata"], async (bench) => {
      const store = await seeded(bench);
      const { etag } = await store.getFileInfo("a.txt");
      assert(etag !== null, "there is no etag");
      await store.write("a.txt", "new", { ifMatch: etag });
    }],
    absent: [
      "an existing file is refused all the same",
      ["write"],
      async (bench) => {
        const store = await seeded(bench);
        const refusal = { code: "AlreadyExists", paths: ["a.txt"] } as const;
        await assertRefused(() => store.write("a.txt", "new"), refusal, bench);
      },
    ],
  },
  {
    id: "CAS-006",
    capability: "conditional_delete",
    present: [
      "ifMatch deletes its version and no other one",
      ["write", "metadata"],
      async (bench) => {
        const store = await seeded(bench);
        const { etag } = await store.getFileInfo("a.txt");
        assert(etag !== null, "there is no etag");
        await store.write("a.txt", "another", { overwrite: true });
        const late = { ifMatch: etag };
        const refusal = {
          code: "PreconditionFailed",
          paths: ["a.txt"],
        } as const;
        for (const options of [late, { ...late, missingOk: true }]) {
          await assertRefused(
            () => store.delete("a.txt", options),
            refusal,
            bench,
          );
        }
        const again = await store.getFileInfo("a.txt");
        const ifMatch = again.etag ?? "";
        await store.delete("a.txt", { ifMatch });
        const left = await store.getFileInfo("a.txt", { missingOk: true });
        assertEquals(left, null, "what is left");
        await store.delete("a.txt", { ifMatch, missingOk: true });
        await assertRefused(
          () => store.delete("a.txt", { ifMatch }),
          { code: "NotFound", paths: ["a.txt"] },
          bench,
        );
      },
    ],
    absent: [
      "ifMatch is refused, never ignored",
      ["write", "delete", "metadata"],
      async (bench) => {
        const store = await seeded(bench);
        await assertRefused(
          () => store.delete("a.txt", { ifMatch: '"1"' }),
          { code: "CapabilityNotSupported", capability: "conditional_delete" },
          bench,
        );
        assert(await store.exists("a.txt"), "the file is gone");
      },
    ],
  },
  ...COPYING_PAIRS,
  {
    id: "CAP-007",
    capability: "presign",
    present: ["the store says so", [], ({ store }) => {
      assert(store.supports("presign"), "supports");
      return Promise.resolve();
    }],
    absent: ["the store says so", [], ({ store }) => {
      assert(!store.supports("presign"), "supports");
      return Promise.resolve();
    }],
  },
  {
    id: "UPL-001",
    capability: "resumable_upload",
    present: ["an upload in parts is opened", ["write"], async ({ store }) => {
      const upload = await store.openUpload("a.txt", { size: 3 });
      await upload.discard();
    }],
    absent: [
      "openUpload is refused",
      ["write"],
      async (bench) => {
        await assertRefused(
          () => bench.store.openUpload("a.txt", { size: 3 }),
          unsupported("resumable_upload"),
          bench,
        );
      },
    ],
  },
  {
    id: "CAP-007, BE-018",
    capability: "atomic_move",
    present: [
      "the source is gone when move is done",
      ["move", "write"],
      movedAway,
    ],
    absent: [
      "the source is gone when move is done",
      ["move", "write"],
      movedAway,
    ],
  },
  {
    id: "CAP-007, SEEK-002",
    capability: "seekable_read",
    present: ["ranges are read", ["read", "write"], readsRanges],
    absent: ["ranges are cut out of the whole", ["read", "write"], readsRanges],
  },
  {
    id: "CAP-007, SIO-009",
    capability: "lazy_read",
    present: ["a stream gives its first bytes and can be left", [
      "read",
      "write",
    ], readsFirst],
    absent: ["a stream gives its first bytes and can be left", [
      "read",
      "write",
    ], readsFirst],
  },
  {
    id: "CAP-007, WR-004",
    capability: "write_result_native",
    present: ["a result is native", ["write"], async ({ store }) => {
      assertEquals(
        (await store.write("a.txt", TEXT)).source,
        "native",
        "source",
      );
    }],
    absent: ["a result is basic, and tells path and size only (WR-005)", [
      "write",
    ], async ({ store }) => {
      const { source, etag, lastModified, digest, versionId } = await store
        .write("a.txt", TEXT);
      assertEquals([source, etag, lastModified, digest, versionId], [
        "basic",
        null,
        null,
        null,
        null,
      ], "the result");
    }],
  },
];

async function movedAway(bench: Bench): Promise<void> {
  await (await seeded(bench)).move("a.txt", "b.txt");
  assert(!await bench.store.exists("a.txt"), "the source is left");
}

async function readsRanges(bench: Bench): Promise<void> {
  const store = await seeded(bench);
  const range = { offset: 2, length: 3 };
  const part = await drain(await store.read("a.txt", { range }));
  assertEquals(part, new Uint8Array([50, 51, 52]), "the bytes");
  const last = await store.readBytes("a.txt", { range: { suffix: 2 } });
  assertEquals(last, new Uint8Array([56, 57]), "the last bytes");
}

async function readsFirst(bench: Bench): Promise<void> {
  await bench.put("big.bin", new Uint8Array(1024 * 1024).fill(1));
  const reader = (await bench.store.read("big.bin")).getReader();
  const { value } = await reader.read();
  assert(value !== undefined && value[0] === 1, "the first bytes");
  await reader.cancel();
}

function groups({ id, capability, present, absent }: Pair): Group[] {
  const test = ([title, needs, run]: Case, has: boolean) =>
    behaviour(
      id,
      `${has ? "with" : "without"} ${capability.toUpperCase()}: ${title}`,
      has ? { needs: [capability, ...needs] } : { needs, lacks: [capability] },
      run,
    );
  return [test(present, true), test(absent, false)];
}

/** Capabilities, present and absent. */
export const CAPABILITY_TESTS: readonly Group[] = [
  behaviour(
    "CAP-001, STORE-005",
    "supports answers at once, for every capability, always the same",
    {},
    async ({ store, target }) => {
      const ask = () =>
        Object.values(Capability).map((capability) =>
          store.supports(capability)
        );
      const before = ask();
      assert(before.includes(true), "the backend declares nothing");
      assert(
        before.every((answer) => typeof answer === "boolean"),
        "an answer is no boolean",
      );
      await thrownBy(() => store.readText("absent.txt"), "readText");
      assertEquals(ask(), before, "the answers after a call");
      for (const capability of Object.values(Capability)) {
        assertEquals(
          store.supports(capability),
          target.has(capability),
          capability,
        );
      }
      assert(
        !store.supports("flight" as Capability),
        "it supports what nobody knows",
      );
    },
  ),
  ...PAIRS.flatMap(groups),
];
