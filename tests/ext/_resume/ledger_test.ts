import { assert, assertEquals, assertRejects } from "@std/assert";
import { Ledger } from "../../../ext/_resume/ledger.ts";
import { type Kept, Shelf, Superseded } from "../../../ext/_resume/shelf.ts";
import type { UploadToken } from "../../../ext/_resume/token.ts";
import { memory } from "./fixture.ts";

const HASH = "ab".repeat(32);
const TARGET = "0".repeat(32);
const TOKEN: UploadToken = {
  v: 1,
  key: `${TARGET}/${crypto.randomUUID()}.json`,
  target: TARGET,
  path: "a",
  id: "id",
  size: 100,
  partSize: 1,
  name: null,
  lastModified: null,
  created: 0,
  options: {},
  parts: [],
  owner: "one",
  state: "open",
  made: null,
};

function partAt(number: number) {
  return { number, size: 1, tag: `"${number}"`, sha256: HASH };
}

Deno.test("RES-009 a part that was added is written; what comes meanwhile goes with the next", async () => {
  const store = memory();
  let writes = 0;
  const shelf = new Shelf(
    new Proxy(store, {
      get(target, key) {
        const value = Reflect.get(target, key, target);
        if (typeof value !== "function") return value;
        if (key === "write") writes++;
        return value.bind(target);
      },
    }),
  );
  const ledger = new Ledger(shelf, TOKEN, null);
  await ledger.save();
  writes = 0;
  const adding = Array.from(
    { length: 20 },
    (_, at) => ledger.add(partAt(at + 1)),
  );
  await Promise.all(adding);
  assert(writes <= 3, `${writes} writes`);
  const { token } = await shelf.read(TOKEN.key) as Kept;
  assertEquals(token.parts.length, 20);
  assertEquals([ledger.acknowledged, ledger.token], [20, token]);
  ledger.keep(({ number }) => number > 5);
  assertEquals(ledger.acknowledged, 15);
});

Deno.test("RES-010 a ledger that somebody else has written is told so, each time", async () => {
  const shelf = new Shelf(memory());
  const ledger = new Ledger(shelf, TOKEN, null);
  await ledger.save();
  const { token, etag } = await shelf.read(TOKEN.key) as Kept;
  await shelf.write({ ...token, owner: "two" }, etag);
  await assertRejects(() => ledger.add(partAt(1)), Superseded);
  await assertRejects(() => ledger.add(partAt(2)), Superseded);
  assertEquals((await ledger.look() as Kept).token.owner, "two");
});

Deno.test("RES-007 an end is written down for those who wait, and else nothing is left", async () => {
  const shelf = new Shelf(memory());
  const made = { etag: '"1"', versionId: null, lastModified: 1, at: 2 };
  const ledger = new Ledger(shelf, TOKEN, null);
  await ledger.save();
  await ledger.done(made, true);
  const kept = await shelf.read(TOKEN.key) as Kept;
  assertEquals([kept.token.state, kept.token.made], ["done", made]);
  await ledger.done(made, false);
  assertEquals(await ledger.look(), null);
});

Deno.test("RES-014 without a shelf all of it is in memory", async () => {
  const ledger = new Ledger(null, TOKEN, null);
  await ledger.add(partAt(1));
  await ledger.drop();
  assertEquals((await ledger.look() as Kept).token, {
    ...TOKEN,
    parts: [partAt(1)],
  });
});

Deno.test("RES-009 a part that is added at whatever moment of a write is written before it counts", async () => {
  for (let turns = 0; turns < 12; turns++) {
    let written = 0;
    const shelf = {
      // deno-lint-ignore require-await -- a store answers later
      async write(token: UploadToken) {
        written = token.parts.length;
        return { token, etag: "1" };
      },
    } as unknown as Shelf;
    const ledger = new Ledger(shelf, TOKEN, null);
    const first = ledger.add(partAt(1));
    for (let turn = 0; turn < turns; turn++) await null;
    await ledger.add(partAt(2));
    assertEquals(written, 2, `after ${turns} turns`);
    await first;
  }
});
