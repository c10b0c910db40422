/**
 * Paths of partitions against the real DuckDB: each reads what the other has written.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  hivePath,
  type HiveValue,
  parseHivePath,
} from "../../../ext/partition.ts";
import { installPackages } from "../../servers/npm.ts";

const ORACLE = "tests/oracles/duckdb";
await installPackages(ORACLE);

interface Asked {
  readonly command: "read" | "write";
  readonly folder: string;
  readonly columns: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly options?: string;
}

interface Answered {
  readonly types: string[];
  readonly rows: (string | boolean | null)[][];
}

async function duckdb(asked: Asked): Promise<Answered> {
  const child = new Deno.Command("node", {
    args: [`${ORACLE}/partitions.mjs`],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = new Blob([JSON.stringify(asked)]).stream();
  await input.pipeTo(child.stdin);
  const { success, stdout } = await child.output();
  if (!success) throw new Error("DuckDB failed");
  const text = new TextDecoder().decode(stdout);
  return text === "" ? { types: [], rows: [] } : JSON.parse(text);
}

/** Runs with a new folder. */
async function inFolder(work: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function* paths(root: string, above = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(root)) {
    const path = `${root}/${name}`;
    if (isDirectory) yield* paths(path, `${above}${name}/`);
    else yield above + name;
  }
}

/** What no letter of the alphabet shows. */
const PECULIAR = [
  "",
  ".",
  "..",
  "null",
  "NULL",
  "Null",
  "__HIVE_DEFAULT_PARTITION__",
  "true",
  "001",
  "1.50",
  "1e3",
  "inf",
  "2026-03-01",
  "a%20b",
  "%",
  "%zz",
  "a+b",
  "a=b",
  "a/b",
  "a\\b",
  "a\nb",
  "\0",
  "'\"`",
  " x ",
];

/** 1,000 different texts whose folders have names that a file system takes. */
function texts(): string[] {
  const found = new Set(PECULIAR);
  const unit = fc.oneof(
    fc.string({ unit: "binary", maxLength: 1 }),
    fc.constantFrom(..." !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~aZ09äé🙂"),
  );
  const text = fc.array(unit, { maxLength: 15 }).map((all) => all.join(""));
  for (const one of fc.sample(text, { numRuns: 5000, seed: 7 })) {
    const short = encodeURIComponent(one).length < 200;
    if (found.size < 1000 && short) found.add(one);
  }
  return [...found];
}

Deno.test("PART-019: DuckDB reads 1,000 values as hivePath() has written them, and null", async () => {
  await inFolder(async (folder) => {
    const values = [...texts(), null];
    assertEquals(values.length, 1001);
    for (const [index, value] of values.entries()) {
      const path = `${folder}/${hivePath("data.csv", { k: value })}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), {
        recursive: true,
      });
      await Deno.writeTextFile(path, `row_id\n${index}\n`);
    }
    const { rows } = await duckdb({ command: "read", folder, columns: ["k"] });
    assertEquals(rows.map(([k]) => k), values);
  });
});

Deno.test("PART-019: parseHivePath() reads 1,000 values as DuckDB has written them, and null", async () => {
  await inFolder(async (parent) => {
    const folder = `${parent}/lake`;
    // A text that DuckDB itself writes as null.
    const known = texts().filter((text) =>
      text !== "__HIVE_DEFAULT_PARTITION__"
    );
    const rows = [...known, null].map((value) => [value, "x"]);
    const columns = ["a b=é", "second"];
    await duckdb({ command: "write", folder, columns, rows });
    const found: (string | null)[] = [];
    for await (const path of paths(parent)) {
      const { folder, partitions, filename } = parseHivePath(path);
      assertEquals([folder, filename], ["lake", "data_0.csv"]);
      assertEquals([...partitions.keys()], columns);
      const [, ...ids] = (await Deno.readTextFile(`${parent}/${path}`)).trim()
        .split("\n");
      assertEquals(ids.length, 1);
      found[Number(ids[0])] = partitions.get("a b=é") ?? null;
    }
    assertEquals(found, rows.map(([value]) => value));
  });
});

Deno.test("PART-016, PART-019: DuckDB reads numbers, booleans and dates as their types", async () => {
  await inFolder(async (folder) => {
    const time = Date.UTC(2026, 2, 1, 12, 30, 0, 500);
    const values: Record<string, HiveValue> = {
      d: new Date(Date.UTC(2026, 2, 1)),
      t: new Date(time),
      f: -1.5e-7,
      g: 12345678901n,
      b: true,
      n: null,
    };
    const path = `${folder}/${hivePath("data.csv", values)}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, "row_id\n0\n");
    const columns = Object.keys(values);
    const { types, rows } = await duckdb({
      command: "read",
      folder,
      columns,
      options: "hive_types = {'d': DATE, 't': TIMESTAMP, 'f': DOUBLE, " +
        "'g': BIGINT, 'b': BOOLEAN, 'n': VARCHAR}",
    });
    assertEquals(types.slice(0, 5), [
      "DATE",
      "TIMESTAMP",
      "DOUBLE",
      "BIGINT",
      "BOOLEAN",
    ]);
    const [row = []] = rows;
    assertEquals(row[0], "2026-03-01");
    assert(`${row[1]}`.startsWith("2026-03-01 12:30:00.5"));
    assertEquals(
      [Number(row[2]), row[3], row[4], row[5]],
      [-1.5e-7, "12345678901", true, null],
    );
  });
});
