/**
 * The entry for Node, Bun and Deno: writes each row and prints one line of JSON. Its
 * argument is a file that holds the text.
 *
 * @module
 */
import { MemoryBackend } from "../../../backends/memory.ts";
import { InvalidArgumentError, Store } from "../../../mod.ts";
import { READINGS } from "./readings.ts";
import { type Bench, type Row, ROWS, type Runtime, TEXT } from "./rows.ts";

/** What a run found. */
export interface ContentReport {
  /** How many rows are as the table says. */
  readonly passed: number;
  /** Those that are not, with the reason. */
  readonly failed: readonly string[];
}

interface Process {
  readonly argv: readonly string[];
  exit(code: number): void;
}

const { process, Bun, Deno: deno } = globalThis as unknown as {
  process: Process;
  Bun?: unknown;
  Deno?: unknown;
};
const [file = ""] = process.argv.slice(2);
const runtime: Runtime = Bun !== undefined
  ? "bun"
  : deno !== undefined
  ? "deno"
  : "node";

// By way of a variable: what is bundled must not be looked for while bundling.
const importOf = (name: string) => import(name);
const { createServer } = await importOf("node:http");

const server = createServer((
  _: unknown,
  answer: {
    setHeader(name: string, value: string): void;
    end(text: string): void;
  },
) => {
  answer.setHeader("connection", "close");
  answer.end(TEXT);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

const bench: Bench = {
  runtime,
  load: async (name) => {
    const module = await importOf(name);
    // What Bun and Deno make of CommonJS.
    return "default" in module && typeof module.default === "object"
      ? { ...module, ...module.default }
      : module;
  },
  origin: `http://127.0.0.1:${server.address().port}`,
  file,
};

async function contentOf(row: Row): Promise<{ readonly content: unknown }> {
  const content = await row.make(bench);
  const { promised } = (content ?? {}) as { promised?: unknown };
  return { content: promised ?? content };
}

async function check(row: Row): Promise<string | null> {
  const store = new Store({ backend: new MemoryBackend() });
  const { content } = await contentOf(row);
  try {
    const { size } = await store.write("a.txt", content as never);
    if (row.refusal !== null) return `it was written, ${size} bytes`;
    const text = await store.readText("a.txt");
    return text === TEXT ? null : `it is ${JSON.stringify(text)}`;
  } catch (error) {
    const refused = error instanceof InvalidArgumentError &&
      row.refusal !== null && error.message.includes(row.refusal);
    if (!refused) return String(error);
    return await store.exists("a.txt") ? "it was written and refused" : null;
  }
}

const failed: string[] = [];
let passed = 0;
for (const row of ROWS) {
  if (!row.runtimes.includes(runtime)) continue;
  const failure = await check(row).catch((error) => `thrown: ${error}`);
  if (failure === null) passed++;
  else failed.push(`${row.what}: ${failure}`);
}
for (const [what, run] of Object.entries(READINGS)) {
  try {
    await run(bench);
    passed++;
  } catch (error) {
    failed.push(`${what}: ${error}`);
  }
}
server.close();
console.log(JSON.stringify({ passed, failed } satisfies ContentReport));
process.exit(0);
