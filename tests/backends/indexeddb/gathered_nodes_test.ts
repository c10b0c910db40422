import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Asking,
  GatheredNodes,
} from "../../../backends/indexeddb/gathered_nodes.ts";

/** Answers from these names of depth 1, and counts what is asked. */
function counted(names: readonly string[]) {
  const rows = [...names].sort().map((name) => [name]);
  const asked = { gets: 0, getAlls: 0, rows: 0 };
  const asking: Asking = {
    get(key) {
      asked.gets++;
      const [level, name] = key as [number, string];
      assertEquals(level, 1);
      return Promise.resolve(rows.find(([one]) => one === name));
    },
    getAll({ lower, upper }, limit) {
      asked.getAlls++;
      const [, from = ""] = lower as [number, string];
      const [, to = ""] = upper as [number, string];
      const found = rows.filter(([one = ""]) => from <= one && one <= to)
        .slice(0, limit);
      asked.rows += found.length;
      return Promise.resolve(found);
    },
  };
  return { asked, asking };
}

function look(
  asking: Asking,
  names: readonly string[],
): Promise<(string | null)[]> {
  const nodes = new GatheredNodes(asking);
  const wanted = names.map(async (name) => {
    const found = await nodes.want([1, name]) as string[] | undefined;
    return found?.[0] ?? null;
  });
  nodes.ask();
  return Promise.all(wanted);
}

const numbered = (count: number, step = 1) =>
  Array.from({ length: count }, (_, i) => `f${100_000 + i * step}`);

Deno.test("GROW-006: nodes that stand together are asked for by one request", async () => {
  const there = numbered(1000, 2);
  const { asked, asking } = counted(there);
  const names = numbered(1000);
  const found = await look(asking, names);
  assertEquals(found, names.map((name) => there.includes(name) ? name : null));
  assertEquals(asked, { gets: 0, getAlls: 1, rows: 500 });
});

Deno.test("GROW-006: nodes far from each other cost twice as many rows at most", async () => {
  const there = numbered(20_000);
  const { asked, asking } = counted(there);
  const names = numbered(20, 1000).reverse();
  assertEquals(await look(asking, names), names);
  assertEquals(asked, { gets: 19, getAlls: 1, rows: 40 });
});

Deno.test("GROW-006: a node that many ask for is asked for once", async () => {
  const { asked, asking } = counted(["a"]);
  assertEquals(
    await look(asking, ["a", "b", "a", "a", "b"]),
    ["a", null, "a", "a", null],
  );
  assertEquals(asked, { gets: 2, getAlls: 0, rows: 0 });
});

Deno.test("GROW-006: names are ordered by their code units, as the engine does it", async () => {
  const there = ["\u{1F600}", "\uFF5E", "z", "ä", "A"];
  const names = [...there, ...numbered(20), "\uFFFD"];
  const { asking } = counted(there);
  assertEquals(
    await look(asking, names),
    names.map((name) => there.includes(name) ? name : null),
  );
});

Deno.test("GROW-006: what is no node is not gathered", () => {
  const { asking } = counted([]);
  const nodes = new GatheredNodes(asking);
  for (const key of ["a", ["id", 0], ["id"], [0, "lease"], [1, []]]) {
    assertEquals(nodes.want(key), null);
  }
});

Deno.test("GROW-006: a request that fails fails for each that it was for", async () => {
  const failure = new DOMException("", "UnknownError");
  const asking: Asking = {
    get: () => Promise.reject(failure),
    getAll: () => Promise.reject(failure),
  };
  for (const count of [3, 30]) {
    const nodes = new GatheredNodes(asking);
    const wanted = numbered(count).map((name) => nodes.want([1, name]));
    nodes.ask();
    for (const one of wanted) {
      assert(one !== null);
      await assertRejects(() => one, DOMException);
    }
  }
});
