import type { StoreLike, WriteResult } from "../../mod.ts";
import { assert, assertEquals, fail } from "./assert.ts";
import { type Bench, drain } from "./bench.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefused } from "./refusals.ts";

const NEEDS = [
  "versions",
  "write",
  "read",
  "metadata",
  "delete",
] as const;

const OLD = "old content";

/** Writes a file twice and returns what the writes told: where versions are kept, their ids. */
async function twice(store: StoreLike): Promise<[WriteResult, WriteResult]> {
  const old = await store.write("a.txt", OLD, { contentType: "text/old" });
  const current = await store.write("a.txt", "new", { overwrite: true });
  return [old, current];
}

function idOf({ versionId }: WriteResult): string {
  return versionId ?? fail("the result of a write names no version");
}

/** Every call that takes the id of a version, to a path. */
function callsOf(
  store: StoreLike,
  path: string,
  versionId: string,
): readonly (readonly [name: string, () => Promise<unknown>])[] {
  const options = { versionId };
  return [
    ["read", async () => await drain(await store.read(path, options))],
    ["readBytes", () => store.readBytes(path, options)],
    ["readText", () => store.readText(path, options)],
    ["open", () => store.open(path, options)],
    ["openBlob", () => store.openBlob(path, options)],
    ["getFileInfo", () => store.getFileInfo(path, options)],
    ["delete", () => store.delete(path, options)],
  ];
}

/** Versions of a file, and what becomes of them. */
export const VERSION_TESTS: readonly Group[] = [
  behaviour(
    "VER-001",
    "what was replaced is read by the id that its write told",
    { needs: NEEDS },
    async ({ store }) => {
      const results = await twice(store);
      const [versionId, current] = results.map(idOf);
      assert(versionId !== current, "two versions have one id");
      const [{ etag }] = results;
      assertEquals(await store.readText("a.txt", { versionId }), OLD, "text");
      assertEquals(await store.readText("a.txt"), "new", "the current text");
      const range = { offset: 4, length: 3 };
      const part = await store.readBytes("a.txt", { versionId, range });
      assertEquals(new TextDecoder().decode(part), "con", "a range");
      const last = await store.readBytes("a.txt", {
        versionId,
        range: { suffix: 4 },
      });
      assertEquals(new TextDecoder().decode(last), "tent", "the last bytes");
      const none = await store.readBytes("a.txt", {
        versionId,
        range: { offset: 4_000 },
      });
      assertEquals(none.byteLength, 0, "bytes behind the end");
      const info = await store.getFileInfo("a.txt", { versionId });
      assertEquals(
        [info.path, info.size, info.etag, info.contentType, info.extra],
        ["a.txt", 11, etag, "text/old", { ...info.extra, versionId }],
        "the info",
      );
      const opened = await store.open("a.txt", { versionId });
      assertEquals(
        new TextDecoder().decode(await drain(opened.body!)),
        OLD,
        "the body",
      );
      assertEquals(opened.info.extra["versionId"], versionId, "the body's id");
      const blob = await store.openBlob("a.txt", { versionId });
      await store.write("a.txt", "newer", { overwrite: true });
      assertEquals(
        [blob.size, blob.type, blob.etag],
        [11, "text/old", etag],
        "the handle",
      );
      assertEquals(await blob.slice(-7).text(), "content", "a slice");
      assertEquals(await blob.text(), OLD, "the handle's text");
    },
  ),

  behaviour(
    "VER-002",
    "conditions are about the version that is read",
    { needs: NEEDS },
    async (bench) => {
      const { store } = bench;
      const results = await twice(store);
      const versionId = idOf(results[0]);
      const [old, current] = results.map(({ etag }) => etag ?? fail("no etag"));
      const ifMatch = old!;
      const text = await store.readText("a.txt", { versionId, ifMatch });
      assertEquals(text, OLD, "the text");
      await assertRefused(
        () => store.readText("a.txt", { versionId, ifMatch: current! }),
        { code: "PreconditionFailed", paths: ["a.txt"] },
        bench,
      );
      const { body, info } = await store.open("a.txt", {
        versionId,
        ifNoneMatch: ifMatch,
      });
      assertEquals([body, info.etag], [null, old], "not modified");
    },
  ),

  behaviour(
    "VER-003",
    "a version outlives the deletion of its file",
    { needs: NEEDS },
    async ({ store }) => {
      const [old, current] = (await twice(store)).map(idOf);
      await store.delete("a.txt");
      assert(!await store.exists("a.txt"), "the file is there");
      for (const [id, text] of [[old, OLD], [current, "new"]]) {
        const options = { versionId: id! };
        assertEquals(await store.readText("a.txt", options), text, "the text");
      }
    },
  ),

  behaviour(
    "VER-004",
    "a version is deleted for good, and no other one",
    { needs: NEEDS },
    async (bench) => {
      const { store } = bench;
      const [versionId, current] = (await twice(store)).map(idOf);
      await store.delete("a.txt", { versionId });
      assertEquals(await store.readText("a.txt"), "new", "the current text");
      const kept = await store.readText("a.txt", { versionId: current! });
      assertEquals(kept, "new", "the current version");
      await refusesAll(bench, "a.txt", versionId!);
    },
  ),

  behaviour(
    "VER-005",
    "a version that is not there is NotFound, and no other one is given",
    { needs: NEEDS },
    async (bench) => {
      const { store } = bench;
      const [versionId] = (await twice(store)).map(idOf);
      await store.write("b.txt", "b");
      await refusesAll(bench, "b.txt", versionId!);
      await refusesAll(bench, "absent.txt", versionId!);
      await refusesAll(bench, "b.txt", "no-id-of-any-service");
      assertEquals(await store.readText("b.txt"), "b", "the text");
    },
  ),

  behaviour(
    "VER-006",
    "what is no id is refused, and a condition beside one where it deletes",
    { needs: NEEDS },
    async (bench) => {
      const { store } = bench;
      const [old] = await twice(store);
      const refusal = { code: "InvalidArgument" } as const;
      for (const id of ["", " ", "a\nb", "ä", 1, null]) {
        const calls = callsOf(store, "a.txt", id as string);
        for (const [name, call] of calls) {
          await assertRefused(call, refusal, bench, `${name} ${id}`);
        }
      }
      const options = { versionId: idOf(old), ifMatch: old.etag! };
      await assertRefused(() => store.delete("a.txt", options), refusal, bench);
      assertEquals(await store.readText("a.txt"), "new", "the text");
    },
  ),

  behaviour(
    "VER-007",
    "without VERSIONS: versionId is refused, never ignored",
    { needs: ["write", "read", "metadata", "delete"], lacks: ["versions"] },
    async (bench) => {
      const { store } = bench;
      await store.write("a.txt", "a");
      for (const [name, call] of callsOf(store, "a.txt", "1")) {
        await assertRefused(
          call,
          { code: "CapabilityNotSupported", capability: "versions" },
          bench,
          name,
        );
      }
      assertEquals(await store.readText("a.txt"), "a", "the text");
    },
  ),
];

/** Has every call miss a version, and forgive it where it is told to. */
async function refusesAll(
  bench: Bench,
  path: string,
  versionId: string,
): Promise<void> {
  const { store } = bench;
  const refusal = { code: "NotFound", paths: [path] } as const;
  for (const [name, call] of callsOf(store, path, versionId)) {
    await assertRefused(call, refusal, bench, `${name} ${versionId}`);
  }
  const forgiven = { versionId, missingOk: true };
  assertEquals(await store.getFileInfo(path, forgiven), null, "getFileInfo");
  assertEquals(await store.open(path, forgiven), null, "open");
  await store.delete(path, forgiven);
}
