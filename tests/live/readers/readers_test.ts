/**
 * Readers of file formats over a store, each by the adapter that `docs/readers.md` shows:
 * that they read right, and what they ask the service for. Behind `--`, `--update` writes
 * down what was asked for; `deno task docs` makes the page's table of it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { bundle } from "../../runtimes/bundle.ts";
import { installPackages } from "../../servers/npm.ts";
import type { Request } from "./library.ts";

const ORACLE = "tests/oracles/readers";

interface Reading {
  readonly what: string;
  readonly right: boolean;
  /** The bytes of what it reads from, in all. */
  readonly size: number;
  readonly requests: readonly Request[];
}

async function readAll(): Promise<Reading[]> {
  await installPackages(ORACLE);
  const library = await Deno.makeTempFile({ suffix: ".mjs" });
  try {
    await Deno.writeTextFile(
      library,
      await bundle("tests/live/readers/library.ts"),
    );
    const { success, stdout } = await new Deno.Command("node", {
      args: [`${ORACLE}/main.mjs`, library],
      stderr: "inherit",
    }).output();
    assert(success, "the readers failed");
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(library);
  }
}

const readings = await readAll();

for (const { what, right, requests, size } of readings) {
  Deno.test(`READER-001: ${what}, right, and every answer is read or let go`, () => {
    assertEquals([right, requests.filter(({ open }) => open)], [true, []]);
  });
  Deno.test(`READER-002: ${what}, and a part of the bytes`, () => {
    const taken = requests.reduce((sum, request) => sum + request.taken, 0);
    assert(taken < size * 0.4, `it took ${taken} of ${size} bytes`);
  });
}

Deno.test("READER-003: the requests are those that the page tells", async () => {
  const found = readings.map(({ what, size, requests }) => ({
    what,
    size,
    requests: requests.map(({ line }) => line),
  }));
  const file = `${ORACLE}/requests.json`;
  const text = `${JSON.stringify(found, null, 2)}\n`;
  if (Deno.args.includes("--update")) await Deno.writeTextFile(file, text);
  assertEquals(JSON.parse(await Deno.readTextFile(file)), found);
});
