/**
 * What a file costs where there are more and more of them: `deno task bench:growth`. By
 * decades, in processor time, so that what else the machine does costs nothing. A figure
 * far above 1 in the last column says that something costs more than its work.
 *
 *   deno task bench:growth                    1,000 to 100,000 files, into bench/growth.json; then the browsers
 *   deno task bench:growth --only cache       the rows whose names hold this word
 *   deno task bench:growth --base ../other    another checkout of this repository beside it
 *   deno task bench:growth --no-browsers      without IndexedDB
 *
 * @module
 */
import { GROWTH_FILE, toGrowthFile } from "./growth_results.ts";
import { type Checkout, type Row, ROWS } from "./growth_rows.ts";
import { round, toMarkdown } from "./peers/table.ts";

const SIZES = [1000, 10_000, 100_000];
/** A row that takes so long is not measured with more files. */
const PATIENCE_US = 20_000_000;
/** The shorter, the more often: the middle one counts. */
const ROUNDS: Readonly<Record<number, number>> = {
  1000: 15,
  10_000: 5,
  100_000: 3,
};

function option(name: string): string | null {
  const at = Deno.args.indexOf(`--${name}`);
  return at < 0 ? null : Deno.args[at + 1] ?? null;
}

async function load(root: string): Promise<Checkout> {
  return {
    core: await import(`${root}/mod.ts`),
    memory: await import(`${root}/backends/memory.ts`),
    s3: await import(`${root}/backends/s3/mod.ts`),
    azure: await import(`${root}/backends/azure/mod.ts`),
    cache: await import(`${root}/ext/cache.ts`),
    batch: await import(`${root}/ext/batch.ts`),
  };
}

const { process } = globalThis as unknown as {
  process: { cpuUsage(): { user: number; system: number } };
};

function used(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The microseconds a file of each side, and what is told beside. */
async function measure(
  row: Row,
  checkouts: readonly Checkout[],
  files: number,
): Promise<{ times: number[]; told: string }> {
  const all: number[][] = checkouts.map(() => []);
  const rounds = ROUNDS[files] ?? 3;
  let told = "";
  for (let at = -1; at < rounds; at++) {
    for (const [side, checkout] of checkouts.entries()) {
      const ready = await row.ready(checkout, files);
      const start = used();
      await ready.work();
      const time = used() - start;
      if (side === 0) told = ready.told?.() ?? "";
      all[side]?.push(time / files);
      if (time > PATIENCE_US / 10 && at < 0) at = rounds;
    }
  }
  const middle = (times: readonly number[]) => {
    const sorted = (times.length > 1 ? times.slice(1) : times).toSorted((
      a,
      b,
    ) => a - b);
    return sorted[sorted.length >> 1] ?? NaN;
  };
  return { times: all.map(middle), told };
}

const base = option("base");
const only = option("only");
const root = new URL("..", import.meta.url).href.replace(/\/$/, "");
const checkouts = [await load(root)];
if (base !== null) {
  checkouts.push(await load(`file://${await Deno.realPath(base)}`));
}
const rows: Record<string, (string | number | null)[]> = {};
for (
  const row of ROWS.filter(({ name }) => only === null || name.includes(only))
) {
  const ours: number[] = [];
  const theirs: number[] = [];
  let beside = "";
  for (const files of SIZES) {
    // A row of the other side that grows with the square would never end.
    const patient = (theirs.at(-1) ?? 0) * 100 * files / 10 < PATIENCE_US;
    const sides = patient ? checkouts : checkouts.slice(0, 1);
    const { times: [own = NaN, other = NaN], told } = await measure(
      row,
      sides,
      files,
    );
    ours.push(own);
    theirs.push(other);
    beside = told;
  }
  const growth = (ours.at(-1) ?? NaN) / (ours[0] ?? NaN);
  rows[row.name] = [
    ...ours,
    growth,
    ...base === null ? [] : [
      theirs.map((time) => Number.isNaN(time) ? "–" : round(time)).join(" / "),
      ours.map((time, at) => round(time / (theirs[at] ?? NaN)))
        .map((ratio) => ratio === "NaN" ? "–" : ratio).join(" / "),
    ],
    beside,
  ];
  console.log(
    row.name,
    rows[row.name]?.map((cell) => typeof cell === "number" ? round(cell) : cell)
      .join(" | "),
  );
}
console.log(`\n${
  toMarkdown({
    title: "Microseconds of processor time a file",
    columns: [
      ...SIZES.map((files) => files.toLocaleString("en")),
      "last to first",
      ...base === null ? [] : ["base", "to base"],
      "beside",
    ],
    rows,
  })
}`);
if (only === null && base === null) {
  const isFigure = (cell: unknown): cell is number => typeof cell === "number";
  const text = toGrowthFile({
    date: new Date().toISOString().slice(0, 10),
    runtime: `Deno ${Deno.version.deno}`,
    cores: navigator.hardwareConcurrency,
    columns: [
      ...SIZES.map((files) => files.toLocaleString("en")),
      "last to first",
    ],
    rows: Object.fromEntries(
      Object.entries(rows).map((
        [name, cells],
      ) => [name, cells.filter(isFigure)]),
    ),
  });
  await Deno.writeTextFile(new URL(`../${GROWTH_FILE}`, import.meta.url), text);
  console.log(`wrote ${GROWTH_FILE}; deno task docs makes the page of it`);
}
if (!Deno.args.includes("--no-browsers") && only === null) {
  for (const part of ["growth", "calls"]) {
    await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--config=deno.chosen.json", "--allow-all"],
        "tests/runtimes/indexeddb/bench_browser.ts",
        ...["chromium", "firefox", `--only=${part}`],
      ],
      cwd: new URL("..", import.meta.url).pathname,
      stdout: "inherit",
      stderr: "inherit",
    }).spawn().status;
  }
}
