/**
 * This library beside the clients that people use instead: `deno task bench:peers`. One
 * server in a process of its own, the sides in turn, medians and ratios in one run. It
 * needs a quiet machine, Node, and `npm ci` in bench/peers, which it does itself.
 *
 *   deno task bench:peers                      all rows in Deno, into bench/peers/results.json
 *   deno task bench:peers --runtime node       in Node, into results-node.json; or bun
 *   deno task bench:peers --only stub,small    some rows, printed and not written
 *   deno task bench:peers --base ../other      beside another checkout of this repository
 *   deno task bench:peers --gc full            small calls behind collections of everything
 *
 * @module
 */
import { inEachPlace } from "./places.ts";
import { median } from "../rounds.ts";
import { type Figures, rounds } from "./turns.ts";
import { RESULTS_FILES, type Table, toFile, toMarkdown } from "./table.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const HERE = `${ROOT}bench/peers`;
const GIB = 1024 ** 3;

interface Options {
  readonly only: readonly string[] | null;
  readonly runtime: "deno" | "node" | "bun";
  readonly base: string | null;
  readonly gc: string | null;
}

function parse(args: readonly string[]): Options {
  const value = (name: string) => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? null : args[at + 1] ?? null;
  };
  const runtime = value("runtime") ?? "deno";
  if (runtime !== "deno" && runtime !== "node" && runtime !== "bun") {
    throw new Error(`Cannot run in ${runtime}: deno, node or bun`);
  }
  return {
    only: value("only")?.split(",") ?? null,
    runtime,
    base: value("base"),
    gc: value("gc"),
  };
}

async function output(
  command: string,
  args: readonly string[],
  cwd = ROOT,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(
    `${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`,
  );
}

const ENTRY = `export { Store } from "@remote-store/core";
export { S3Backend } from "@remote-store/core/backends/s3";
export { AzureBackend } from "@remote-store/core/backends/azure";
export { writeWithHash } from "@remote-store/core/ext/write";
`;

/** Bundles a checkout as a page or a Worker would. */
async function bundle(checkout: string, file: string): Promise<string> {
  const entry = `${checkout}/.bench-peers.ts`;
  try {
    await output(Deno.execPath(), ["task", "choose"], checkout);
    await Deno.writeTextFile(entry, ENTRY);
    await output(Deno.execPath(), [
      ...["bundle", "--quiet", "--config=deno.chosen.json"],
      ...["--platform=browser", "--output", file, entry],
    ], checkout);
  } finally {
    await Deno.remove(entry).catch(() => {});
  }
  return file;
}

/** Starts the server and returns its address and what ends it. */
async function serve(): Promise<[endpoint: string, stop: () => Promise<void>]> {
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-config", "--no-lock"]
      .concat("--allow-net=127.0.0.1", `${HERE}/server.ts`),
    stdout: "piped",
  }).spawn();
  const reader = server.stdout.getReader();
  const { value } = await reader.read();
  const port = new TextDecoder().decode(value).trim();
  return [`http://127.0.0.1:${port}`, async () => {
    server.kill();
    await reader.cancel();
    await server.status;
  }];
}

const COMMANDS: Readonly<Record<Options["runtime"], readonly string[]>> = {
  deno: [Deno.execPath(), "run", "--quiet", "--no-check", "--no-lock"]
    .concat("--no-config", "--node-modules-dir=manual")
    .concat("--v8-flags=--expose-gc", "-A"),
  node: ["node", "--expose-gc"],
  bun: ["node_modules/.bin/bun"],
};

const options = parse(Deno.args);
const wanted = (row: string) => options.only?.includes(row) ?? true;
const folder = await Deno.makeTempDir();
const bundles: Record<string, string> = {
  ours: await bundle(ROOT, `${folder}/ours.mjs`),
};
if (options.base !== null) {
  const checkout = await Deno.realPath(options.base);
  bundles["base"] = await bundle(checkout, `${folder}/base.mjs`);
}
await output("npm", ["ci", "--no-audit", "--no-fund"], HERE);
const [endpoint, stop] = await serve();

// deno-lint-ignore no-explicit-any -- each row has figures of its own
async function run(row: string, more: Record<string, unknown>): Promise<any> {
  const [command = "", ...args] = COMMANDS[options.runtime];
  const { gc } = options;
  const asked = JSON.stringify({ row, endpoint, bundles, gc, ...more });
  const printed = await output(command, [...args, "row.mjs", asked], HERE);
  return JSON.parse(printed.trim().split("\n").at(-1) ?? "");
}

const base = options.base === null ? [] : ["base"];
const tables: Table[] = [];
const add = (table: Table) => {
  tables.push(table);
  console.log(`${toMarkdown(table)}\n`);
};

if (wanted("stub")) {
  const services: Record<string, string[]> = {
    S3: ["ours", ...base, "aws4fetch", "s3mini", "s3-lite-client", "AWS SDK"],
    Azure: ["ours, Azure", ...base.map((name) => `${name}, Azure`)]
      .concat("@azure/storage-blob"),
  };
  for (const [service, sides] of Object.entries(services)) {
    const { put = {}, get = {} } = await inEachPlace(
      sides,
      (sides) => run("stub", { sides }),
    );
    const [ours = ""] = sides;
    add({
      title:
        `${service}: processor time of a call, \`fetch\` replaced by a stub`,
      columns: ["put 1 KiB, µs", "ours to it", "get 1 KiB, µs", "ours to it"],
      rows: Object.fromEntries(
        Object.keys(put).map((name) => [name, [
          put[name] ?? NaN,
          (put[ours] ?? NaN) / (put[name] ?? NaN),
          get[name] ?? NaN,
          (get[ours] ?? NaN) / (get[name] ?? NaN),
        ]]),
      ),
    });
  }
}

if (wanted("small")) {
  const sides = ["raw fetch", "ours", ...base, "aws4fetch", "s3mini"]
    .concat("s3-lite-client", "AWS SDK", "files-sdk");
  for (const job of ["put", "get"]) {
    const columns: string[] = [];
    const rows = Object.fromEntries(
      sides.map((name): [string, number[]] => [name, []]),
    );
    for (const width of [1, 16, 64]) {
      const times = await run("small", { sides, job, width });
      columns.push(`${width} at once, to raw`, `ours to it`);
      for (const name of sides) {
        const ratios = (to: string, of: string) =>
          median(
            times[to].rounds.map((time: number, i: number) =>
              time / times[of].rounds[i]
            ),
          );
        rows[name]?.push(ratios("raw fetch", name), ratios(name, "ours"));
      }
    }
    add({
      title: `${job} of 1 KiB, as speed to raw \`fetch\``,
      columns,
      rows,
    });
  }
}

if (wanted("large")) {
  const jobs = [
    ["256 MiB up, size known", "upload", GIB / 4, true],
    ["1 GiB up, size known", "upload", GIB, true],
    ["1 GiB up, size unknown", "upload", GIB, false],
    ["512 MiB down", "download", GIB / 2, false],
  ] as const;
  for (const [title, job, size, known] of jobs) {
    const sides = job === "upload"
      ? ["raw fetch", "ours", ...base, "s3-lite-client", "AWS SDK"]
      : ["raw fetch", "ours", ...base, "aws4fetch", "s3mini"]
        .concat("s3-lite-client", "AWS SDK");
    // Not every client takes a Blob.
    const able = sides.filter((name) => !known || !name.startsWith("s3-lite"));
    // A third of a second each: of a few the middle one says little.
    const times = job === "download" ? 15 : 3;
    const found = await alone(able, { row: "large", job, size, known }, times);
    const raw = found["raw fetch"]!;
    add({
      title,
      columns: ["speed to raw", "processor time to raw", "growth, MiB"],
      rows: Object.fromEntries(
        Object.entries(found).map(([name, { wall, cpu, growth }]) => [name, [
          raw.wall! / wall!,
          cpu! / raw.cpu!,
          growth ?? null,
        ]]),
      ),
    });
  }
}

if (wanted("list")) {
  const sides = ["ours", ...base, "s3mini", "s3-lite-client", "AWS SDK"];
  const times = await run("list", { sides });
  add({
    title: "100,000 keys listed",
    columns: ["ms", "ours to it"],
    rows: Object.fromEntries(
      sides.map((name) => [name, [
        times[name].wall / 1000,
        times[name].wall / times.ours.wall,
      ]]),
    ),
  });
}

if (wanted("hash")) {
  const kinds: Record<string, Record<string, unknown>> = {
    plain: {},
    'checksum: "crc32"': { checksum: "crc32" },
    'checksum: "crc32c"': { checksum: "crc32c" },
    'checksum: "sha256"': { checksum: "sha256" },
    "writeWithHash, sha256": { hash: "sha256" },
    "writeWithHash, md5": { hash: "md5" },
    "writeWithHash, crc32c": { hash: "crc32c" },
  };
  const write = (kind: Record<string, unknown>) =>
    run("large", { sides: ["ours"], job: "upload", size: GIB, ...kind });
  const engine = (hash: string) =>
    run("engine", { sides: [], size: GIB, hash });
  const { crc32Alone, sha256Alone, ...found } = await rounds([
    ...Object.entries(kinds).map(([name, kind]) =>
      [name, () => write(kind)] as const
    ),
    ["crc32Alone", () => engine("crc32")],
    ["sha256Alone", () => engine("sha256")],
  ]);
  // What comes nearer has no more to save: one thread writes and hashes.
  const inSeries = (alone: Figures | undefined) => ({
    wall: found["plain"]!.wall! + (alone?.wall ?? NaN),
    cpu: found["plain"]!.cpu! + (alone?.cpu ?? NaN),
  });
  found["plain, and the engine's crc32 alone"] = inSeries(crc32Alone);
  found["plain, and the engine's sha256 alone"] = inSeries(sha256Alone);
  add({
    title: "1 GiB written with a hash, as speed to the plain write",
    columns: ["speed to plain", "processor time to plain"],
    rows: Object.fromEntries(
      Object.entries(found).map(([name, { wall, cpu }]) => [name, [
        found["plain"]!.wall! / wall!,
        cpu! / found["plain"]!.cpu!,
      ]]),
    ),
  });
}

if (wanted("azure")) {
  const sides = ["ours, Azure", "@azure/storage-blob"]
    .concat(base.map((name) => `${name}, Azure`));
  const rows: Record<string, number[]> = Object.fromEntries(
    sides.map((name) => [name, []]),
  );
  for (const job of ["put", "get"]) {
    const times = await run("small", { sides, job, width: 16 });
    for (const name of sides) {
      rows[name]?.push(
        times[name].wall / times["ours, Azure"].wall,
        times["ours, Azure"].cpu / times[name].cpu,
      );
    }
  }
  add({
    title: "Azure, 1 KiB, 16 at once",
    columns: ["put: ours faster by", "ours' processor time to it"]
      .concat("get: ours faster by", "ours' processor time to it"),
    rows,
  });
}

if (wanted("start")) {
  const sides = ["ours", ...base, "aws4fetch", "s3mini", "s3-lite-client"]
    .concat("AWS SDK", "files-sdk");
  const found = await alone(sides, { row: "start" });
  add({
    title: "Start: import, and the first write",
    columns: ["import, ms", "first write, ms"],
    rows: Object.fromEntries(
      Object.entries(found).map((
        [name, { import: imported, first }],
      ) => [name, [imported ?? null, first ?? null]]),
    ),
  });
}

if (wanted("requests")) {
  const counted = await run("requests", {});
  add({
    title: "Requests that a call sends",
    columns: ["requests"],
    rows: Object.fromEntries(
      Object.entries(counted).map(([name, count]) => [name, [`${count}`]]),
    ),
  });
}

await stop();
await Deno.remove(folder, { recursive: true });
// The page is of whole runs.
if (options.only === null && options.gc === null) await publish();

function alone(
  sides: readonly string[],
  more: Record<string, unknown>,
  times?: number,
): Promise<Record<string, Figures>> {
  const { row, ...rest } = more;
  return rounds(
    sides.map((name) => [
      name,
      () => run(`${row}`, { sides: [name], ...rest }),
    ]),
    times,
  );
}

async function publish(): Promise<void> {
  const { dependencies } = JSON.parse(
    await Deno.readTextFile(`${HERE}/package.json`),
  );
  const cpu = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const model = /model name\s*: (.*)/.exec(cpu)?.[1] ?? "an unknown processor";
  const text = toFile({
    date: new Date().toISOString().slice(0, 10),
    runtime: await versionOf(options.runtime),
    cores: navigator.hardwareConcurrency,
    processor: model,
    ...options.base === null ? {} : { base: await commitOf(options.base) },
    versions: dependencies,
    tables,
  });
  const file = RESULTS_FILES[options.runtime];
  await Deno.writeTextFile(`${ROOT}${file}`, text);
  console.log(`wrote ${file}; deno task docs makes the page of it`);
}

async function versionOf(runtime: Options["runtime"]): Promise<string> {
  if (runtime === "deno") return `Deno ${Deno.version.deno}`;
  const [command = ""] = COMMANDS[runtime];
  const version = await output(command, ["--version"], HERE);
  const name = runtime === "node" ? "Node" : "Bun";
  return `${name} ${version.trim().replace(/^v/, "")}`;
}

async function commitOf(checkout: string): Promise<string> {
  const args = ["log", "-1", "--format=commit %h of %cs"];
  return (await output("git", args, checkout)).trim();
}
