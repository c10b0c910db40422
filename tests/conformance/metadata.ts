import { InvalidArgumentError, isRemoteStoreError } from "../../mod.ts";
import { assert, assertEquals } from "./assert.ts";
import { bytesOf, collect, drain } from "./bench.ts";
import { lowered } from "./matrix_writing.ts";
import { type Behaviour, behaviour, type Group } from "./points.ts";
import { assertRefused, unsupported } from "./refusals.ts";
import { WRITERS } from "./write.ts";
import { watched } from "./failing_sources.ts";

const USER = { needs: ["write", "metadata", "user_metadata"] } as const;

const SEEDED: Behaviour = {
  needs: ["read"],
  when: ({ seedable }) => seedable,
};

/** The headers that have no field of their own in a file's info. */
const CONTENT_HEADERS = {
  cacheControl: "max-age=60",
  contentDisposition: "inline",
  contentLanguage: "de",
} as const;

/** What becomes of user metadata and headers. */
export const METADATA_TESTS: readonly Group[] = [
  behaviour(
    "WR-013",
    "metadata comes back in getFileInfo and head, exactly and frozen",
    USER,
    async ({ store }) => {
      const metadata = {
        author: "ada",
        city: "Zürich",
        mood: "🙂",
        note: " a  b ",
        empty: "",
        code: "=?utf-8?q?x?=",
      };
      await store.write("a.txt", "a", { metadata });
      const info = await store.getFileInfo("a.txt");
      assertEquals(info.metadata, metadata, "getFileInfo");
      assert(
        Object.isFrozen(info.metadata),
        "the metadata is not frozen (MOD-001)",
      );
      assertEquals((await store.head("a.txt")).metadata, metadata, "head");
    },
  ),

  behaviour(
    "FIND-001",
    "getFileInfo with missingOk is null for what is absent, and an error for a folder",
    { needs: ["write", "metadata"] },
    async (bench) => {
      const { store } = bench;
      await store.write("a/b.txt", "b");
      const there = await store.getFileInfo("a/b.txt", { missingOk: true });
      assertEquals(there?.size, 1, "what is there");
      for (const path of ["a/c.txt", "b/c.txt"]) {
        const found = await store.getFileInfo(path, { missingOk: true });
        assertEquals(found, null, path);
      }
      await assertRefused(
        () => store.getFileInfo("a", { missingOk: true }),
        { code: "InvalidPath", paths: ["a"] },
        bench,
      );
    },
  ),

  behaviour(
    "FIND-002",
    "open with missingOk is null for what is absent and for a folder, whatever else is asked",
    SEEDED,
    async (bench) => {
      const { store } = bench;
      await bench.put("a/b.txt", bytesOf("bytes"));
      const options = { range: { offset: 1, length: 2 }, missingOk: true };
      const there = await store.open("a/b.txt", options);
      assert(there !== null && there.body !== null, "what is there is absent");
      assertEquals(await drain(there.body), bytesOf("yt"), "its bytes");
      for (const path of ["a/c.txt", "b/c.txt", "a"]) {
        const whole = await store.open(path, { missingOk: true });
        assertEquals(whole, null, path);
        assertEquals(
          await store.open(path, options),
          null,
          `a part of ${path}`,
        );
      }
      await assertRefused(
        () => store.open("a/c.txt", { missingOk: false }),
        { code: "NotFound", paths: ["a/c.txt"] },
        bench,
      );
      const wrong = { missingOk: 1 } as never;
      await assertRefused(() => store.open("a/b.txt", wrong), {
        code: "InvalidArgument",
      }, bench);
    },
  ),

  behaviour(
    "WR-012, WR-013",
    "keys in mixed case are echoed as given, and stored but for case",
    USER,
    async ({ store }) => {
      const metadata = { ContentAuthor: "Ada", xKind: "Report" };
      const result = await store.write("a.txt", "a", { metadata });
      assertEquals(result.metadata, metadata, "the echo");
      const info = await store.getFileInfo("a.txt");
      assertEquals(lowered(info.metadata), lowered(metadata), "what is stored");
    },
  ),

  ...["x-kind", "x_kind", "x.kind"].map((key) =>
    behaviour(
      "WR-013",
      `the key ${key} comes back as it was, or is refused with nothing stored`,
      USER,
      async ({ store }) => {
        const metadata = { [key]: "report" };
        try {
          await store.write("a.txt", "a", { metadata });
        } catch (error) {
          // Header names and C# identifiers, which services demand, differ here.
          const named = error instanceof InvalidArgumentError &&
            error.message.includes(key);
          assert(named, `a refusal that does not name the key: ${error}`);
          assert(!await store.exists("a.txt"), "a file is left");
          return;
        }
        const info = await store.getFileInfo("a.txt");
        assertEquals(info.metadata, metadata, "getFileInfo");
      },
    )
  ),

  behaviour(
    "WR-013",
    "a write without metadata takes the old one away",
    USER,
    async ({ store }) => {
      await store.write("a.txt", "a", { metadata: { old: "yes" } });
      const result = await store.write("a.txt", "b", { overwrite: true });
      assertEquals(result.metadata, null, "the echo");
      assertEquals(
        (await store.getFileInfo("a.txt")).metadata,
        null,
        "getFileInfo",
      );
      await store.write("a.txt", "c", {
        overwrite: true,
        metadata: { fresh: "1" },
      });
      assertEquals(
        (await store.getFileInfo("a.txt")).metadata,
        { fresh: "1" },
        "getFileInfo",
      );
    },
  ),

  behaviour(
    "WR-013, BE-014",
    "a listing gives a file's metadata, or none at all",
    { needs: ["list", ...USER.needs] },
    async ({ store }) => {
      const metadata = { author: "ada" };
      await store.write("a.txt", "a", { metadata });
      const [listed] = await collect(store.listFiles(""));
      if (listed?.metadata) assertEquals(listed.metadata, metadata, "metadata");
    },
  ),

  behaviour("WR-013", "without USER_METADATA a file has none", {
    needs: ["write", "metadata"],
    lacks: ["user_metadata"],
  }, async ({ store }) => {
    const result = await store.write("a.txt", "a", { metadata: {} });
    assertEquals(result.metadata, null, "the echo");
    assertEquals(
      (await store.getFileInfo("a.txt")).metadata,
      null,
      "getFileInfo",
    );
  }),

  ...WRITERS.flatMap(([method, gate, id]) => [
    behaviour(
      `WR-010, CAP-007, ${id}`,
      `${method}: refuses metadata without USER_METADATA, before anything is read`,
      { needs: [gate], lacks: ["user_metadata"] },
      async (bench) => {
        const { store } = bench;
        const watch = watched(1, "close");
        const call = () =>
          store[method]("a.txt", watch.stream, { metadata: { k: "v" } });
        await assertRefused(call, unsupported("user_metadata"), bench);
        assert(
          watch.pulls === 0 && !watch.stream.locked,
          "the stream was touched",
        );
        assert(!await store.exists("a.txt"), "a file is left");
      },
    ),

    behaviour(
      `WR-011, ${id}`,
      `${method}: malformed metadata names its key, on every backend`,
      { needs: [] },
      async (bench) => {
        const { store } = bench;
        const call = () =>
          store[method]("a.txt", "a", { metadata: { "_bad-key": "v" } });
        await assertRefused(call, { code: "InvalidArgument" }, bench);
        try {
          await call();
        } catch (error) {
          const says = error instanceof Error &&
            error.message.includes("_bad-key");
          assert(says, "the message does not name the key");
        }
      },
    ),

    behaviour(`WR-001a, ${id}`, `${method}: content headers come back`, {
      needs: [gate, "metadata"],
    }, async ({ store }) => {
      await store[method]("a.txt", "a", {
        contentType: "text/csv; charset=utf-8",
      });
      const info = await store.getFileInfo("a.txt");
      assertEquals(info.contentType, "text/csv; charset=utf-8", "contentType");
      assert(Object.isFrozen(info.extra), "extra is not frozen (MOD-001)");
    }),

    ...Object.entries(CONTENT_HEADERS).map(([name, value]) =>
      behaviour(
        `WR-001a, HEAD-001, ${id}`,
        `${method}: ${name} comes back, or is refused with nothing stored`,
        { needs: [gate, "metadata"] },
        async ({ store }) => {
          try {
            await store[method]("a.txt", "a", { [name]: value });
          } catch (error) {
            const refused = isRemoteStoreError(error)
              ? error.code === "CapabilityNotSupported"
              : error instanceof InvalidArgumentError;
            assert(
              refused && (error as Error).message.includes(name),
              `a refusal that does not name ${name}: ${error}`,
            );
            assert(!await store.exists("a.txt"), "a file is left");
            return;
          }
          const { extra } = await store.getFileInfo("a.txt");
          assertEquals(extra[name], value, name);
        },
      )
    ),
  ]),

  behaviour(
    "WR-001a",
    "contentEncoding comes back, and the bytes are as they were given",
    { needs: ["write", "metadata", "read"] },
    async ({ store }) => {
      // Not gzip, because fetch would undo it on the way.
      const text = "as it is";
      await store.write("a.txt", text, { contentEncoding: "x-own" });
      const { extra } = await store.getFileInfo("a.txt");
      assertEquals(extra["contentEncoding"], "x-own", "contentEncoding");
      assertEquals(await store.readText("a.txt"), text, "the content");
    },
  ),

  behaviour("MOD-001", "lastModified is about now, and the caller's own copy", {
    needs: ["write", "metadata"],
  }, async ({ store }) => {
    const before = Date.now();
    await store.write("a.txt", "a");
    const { lastModified } = await store.getFileInfo("a.txt");
    if (lastModified === null) return;
    const time = lastModified.getTime();
    // The service's clock is another one.
    const isNear = Math.abs(time - before) < 15 * 60 * 1000;
    assert(isNear, `lastModified is ${lastModified.toISOString()}`);
    lastModified.setTime(0);
    const again = (await store.getFileInfo("a.txt")).lastModified;
    assertEquals(
      again?.getTime(),
      time,
      "lastModified after a change of the first copy",
    );
  }),
];
