import type { CopyOptions } from "../../mod.ts";
import { assertEquals } from "./assert.ts";
import { type Pair, seeded, TEXT } from "./capability_pairs.ts";
import { assertRefused } from "./refusals.ts";

/** What a copy may be asked for, and its absence. */
export const COPYING_PAIRS: readonly Pair[] = [
  {
    id: "CAS-007",
    capability: "conditional_copy",
    present: [
      "ifMatch replaces its version at the destination and no other one",
      ["copy", "move", "write", "read", "metadata"],
      async (bench) => {
        const store = await seeded(bench);
        for (const method of ["copy", "move"] as const) {
          await bench.put("from.txt", "from");
          const to = `${method}.txt`;
          await bench.put(to, "first");
          const ifMatch = (await store.getFileInfo(to)).etag ?? "";
          await store.write(to, "another", { overwrite: true });
          const refusal = { code: "PreconditionFailed", paths: [to] } as const;
          const call = (ifMatch: string, to: string) =>
            store[method]("from.txt", to, { ifMatch });
          await assertRefused(() => call(ifMatch, to), refusal, bench, method);
          assertEquals(await store.readText(to), "another", "the destination");
          assertEquals(await store.readText("from.txt"), "from", "the source");
          await assertRefused(
            () => call(ifMatch, "absent.txt"),
            { code: "PreconditionFailed", paths: ["absent.txt"] },
            bench,
          );
          await assertRefused(
            () => call(ifMatch, "from.txt"),
            { code: "PreconditionFailed", paths: ["from.txt"] },
            bench,
            "onto itself",
          );
          await call((await store.getFileInfo(to)).etag ?? "", to);
          assertEquals(await store.readText(to), "from", "the destination");
          const isLeft = await store.isFile("from.txt");
          assertEquals(isLeft, method === "copy", "the source is there");
          await bench.put("from.txt", "again");
          await assertRefused(
            () => store[method]("from.txt", "b", { ifMatch, overwrite: false }),
            { code: "InvalidArgument" },
            bench,
          );
        }
      },
    ],
    absent: [
      "ifMatch is refused, never ignored",
      ["copy", "move", "write"],
      async (bench) => {
        const store = await seeded(bench);
        await bench.put("b.txt", "b");
        for (const method of ["copy", "move"] as const) {
          await assertRefused(
            () => store[method]("a.txt", "b.txt", { ifMatch: '"1"' }),
            { code: "CapabilityNotSupported", capability: "conditional_copy" },
            bench,
          );
        }
        assertEquals(
          await bench.textOf("b.txt") ?? "b",
          "b",
          "the destination",
        );
      },
    ],
  },
  {
    id: "CPM-001",
    capability: "copy_metadata",
    present: [
      "what is given is stored, what is not is the source's",
      ["copy", "write", "read", "metadata", "user_metadata"],
      async ({ store }) => {
        await store.write("a.txt", TEXT, {
          contentType: "text/x-old",
          cacheControl: "no-cache",
          metadata: { author: "ada", city: "Zürich" },
        });
        const cases = [
          [{ contentType: "text/x-new" }],
          [{ metadata: { by: "eve" } }],
          [{ metadata: {} }],
          [{ metadata: null, contentLanguage: "de" }],
          [{ cacheControl: "max-age=60", metadata: { under_score: " x " } }],
        ] as const;
        for (const [i, [options]] of cases.entries()) {
          const to = `to/${i}.txt`;
          const given: CopyOptions = options;
          await store.copy("a.txt", to, given);
          const info = await store.getFileInfo(to);
          assertEquals(info.contentType, given.contentType ?? "text/x-old", to);
          assertEquals(
            info.extra["cacheControl"],
            given.cacheControl ?? "no-cache",
            `${to}: Cache-Control`,
          );
          assertEquals(
            info.extra["contentLanguage"],
            given.contentLanguage,
            `${to}: Content-Language`,
          );
          const metadata = given.metadata === undefined
            ? { author: "ada", city: "Zürich" }
            : Object.keys(given.metadata ?? {}).length === 0
            ? null
            : given.metadata;
          assertEquals(info.metadata, metadata, `${to}: metadata`);
          assertEquals(await store.readText(to), TEXT, `${to}: the content`);
        }
        const { contentType } = await store.getFileInfo("a.txt");
        assertEquals(contentType, "text/x-old", "the source's type");
      },
    ],
    absent: [
      "they are refused, never ignored",
      ["copy", "write"],
      async (bench) => {
        const store = await seeded(bench);
        for (
          const options of [
            { contentType: "text/x-new" },
            { metadata: { by: "eve" } },
            { metadata: {} },
            { metadata: null },
          ]
        ) {
          await assertRefused(
            () => store.copy("a.txt", "b.txt", options),
            { code: "CapabilityNotSupported", capability: "copy_metadata" },
            bench,
          );
        }
        assertEquals(await bench.textOf("b.txt"), null, "the copy");
      },
    ],
  },
];
