/**
 * Does what `docs/install.md` says, as one who reads it for the first time: in a clean
 * folder for each section, with its files and commands as they are printed and the
 * tarball in the place of the published name. Tells how long each took. Arguments name
 * sections; without any, all are taken.
 *
 * @module
 */

import { sectionsOf, shownFiles } from "../../../tools/docs/lint/prose.ts";
import { printTable } from "../../../tools/docs/markdown.ts";
import { execute } from "./executing.ts";
import { inChromium, serveFolder } from "./page.ts";

const ROOT = new URL("../../../", import.meta.url);

/** The most that a first store may take. */
const MINUTES = 5;

/** What stands in the place of what is not published. */
const PUT: readonly (readonly [printed: string, put: string])[] = [
  // Deno finds what npm has installed; it takes no tarball itself.
  ["deno add jsr:@remote-store/core", "npm install ./package.tgz"],
  ["npm install @remote-store/core", "npm install ./package.tgz"],
  ["bun add @remote-store/core", "bun add ./package.tgz"],
];

/** What a section has to end in. */
interface Goal {
  /** Tools that the section takes for granted. */
  readonly tools?: readonly string[];
  /** A command that goes on until it is ended, and where it answers. */
  readonly serves?: { readonly command: string; readonly origin: string };
  /** Proves that the store works, from what was printed, or by asking. */
  readonly reached: (printed: string, origin: string) => Promise<void>;
}

const printed: Goal["reached"] = (printed) => {
  if (printed.includes("hello.txt 12 Hello, store")) return Promise.resolve();
  throw new Error(`it did not print what it keeps:\n${printed}`);
};

const GOALS: ReadonlyMap<string, Goal> = new Map<string, Goal>([
  ["Deno", { reached: printed }],
  ["Node", { reached: printed }],
  ["Bun", { tools: ["bun@1.4.4"], reached: printed }],
  ["Vite", {
    serves: { command: "npx vite", origin: "http://localhost:5173" },
    // The browser that looks knows loopback by its number only.
    reached: (_, origin) =>
      keepsANote(origin.replace("localhost", "127.0.0.1")),
  }],
  ["Workers", {
    // What wrangler runs on.
    tools: ["node@24.21.0"],
    serves: { command: "npx wrangler dev", origin: "http://localhost:8787" },
    reached: (printed) => {
      // The first two bytes of the file that was sent, and nothing after them.
      if (printed.endsWith("\n{\n")) return Promise.resolve();
      throw new Error(`no range:\n${printed}`);
    },
  }],
  ["Deno Deploy", {
    serves: {
      command: "deno serve --port=8000 main.ts",
      origin: "http://localhost:8000",
    },
    reached: async (_, origin) => {
      const text = await (await fetch(`${origin}/hello.txt`)).text();
      if (text !== "Hello, store") throw new Error(`it served: ${text}`);
    },
  }],
  ["A page without a bundler", {
    serves: { command: "npx -y http-server -p 8080", origin: "" },
    reached: (_, origin) => hasTitle(origin),
  }],
]);

/** The page keeps what is written into it, also after it was loaded anew. */
async function keepsANote(origin: string): Promise<void> {
  await inChromium(async (context) => {
    const page = await context.newPage();
    const ready = async () => {
      await page.waitForFunction(
        () => document.body?.dataset.ready === "yes",
        null,
        { timeout: 60_000 },
      );
    };
    await page.goto(origin);
    await ready();
    await page.evaluate(() => {
      const area = document.querySelector("textarea")!;
      area.value = "Milk";
      area.dispatchEvent(new Event("input"));
    }, null);
    await page.waitForFunction(
      () => document.title === "Note, 4 bytes",
      null,
      { timeout: 60_000 },
    );
    await page.reload();
    await ready();
    const kept = await page.evaluate(
      () => document.querySelector("textarea")!.value,
      null,
    );
    if (kept !== "Milk") throw new Error(`it kept "${kept}"`);
  });
}

async function hasTitle(origin: string): Promise<void> {
  await inChromium(async (context) => {
    const page = await context.newPage();
    await page.goto(origin);
    await page.waitForFunction(
      () => document.title === "12 bytes",
      null,
      { timeout: 60_000 },
    );
  });
}

async function isAnswering(origin: string): Promise<boolean> {
  const response = await fetch(origin).catch(() => null);
  await response?.body?.cancel();
  return response !== null;
}

/** Where a server that is being followed writes what it says. */
const LOG = "server.log";

/** Starts a server of a folder, and waits until it answers. */
async function serve(
  command: string,
  origin: string,
  { folder, env }: {
    readonly folder: string;
    readonly env: Readonly<Record<string, string>>;
  },
  servers: Deno.ChildProcess[],
): Promise<void> {
  // The page names the port, and another's answer would be taken for this one's.
  if (await isAnswering(origin)) throw new Error(`${origin} is taken`);
  const server = new Deno.Command("setsid", {
    args: ["sh", "-c", `exec ${command} >${LOG} 2>&1`],
    cwd: folder,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  servers.push(server);
  let hasEnded = false;
  server.status.then(() => hasEnded = true);
  const end = performance.now() + 120_000;
  while (!await isAnswering(origin)) {
    if (hasEnded || performance.now() > end) {
      const said = await Deno.readTextFile(`${folder}/${LOG}`);
      const what = hasEnded ? "ended" : "does not answer";
      throw new Error(`${command} ${what}:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The commands of a section, a line each. */
function commandsOf(section: string): string[] {
  return [...section.matchAll(/^```sh\n([^]*?)^```$/gm)]
    .flatMap(([, lines = ""]) => lines.trim().split("\n"));
}

/** Follows a section, and returns the seconds that it took. */
async function follow(
  page: string,
  section: string,
  goal: Goal,
  tarball: string,
): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "newcomer-" });
  const tools = await Deno.makeTempDir({ prefix: "tools-" });
  const servers: Deno.ChildProcess[] = [];
  try {
    if (goal.tools !== undefined) {
      await execute(tools, ["npm", "install", "--no-audit", ...goal.tools]);
    }
    const path = `${tools}/node_modules/.bin:${Deno.env.get("PATH")}`;
    const env = { NO_COLOR: "1", PATH: path, BROWSER: "none", CI: "1" };
    await Deno.copyFile(tarball, `${folder}/package.tgz`);
    const started = performance.now();
    // What stands before the sections is for all of them.
    for (const part of [page.split(/^## /m)[0]!, section]) {
      for (const { name, text } of shownFiles(part)) {
        await Deno.writeTextFile(`${folder}/${name}`, text);
      }
    }
    let said = "";
    let origin = goal.serves?.origin ?? "";
    for (const command of commandsOf(section)) {
      if (command === goal.serves?.command) {
        if (origin === "") {
          // Any server of files does.
          const served = serveFolder(folder);
          try {
            await goal.reached(said, `${served.origin}/`);
          } finally {
            await served[Symbol.asyncDispose]();
          }
          return (performance.now() - started) / 1000;
        }
        await serve(command, origin, { folder, env }, servers);
        continue;
      }
      const put = PUT.reduce((line, [a, b]) => line.replace(a, b), command);
      const { success, stdout, stderr } = await new Deno.Command("sh", {
        args: ["-c", put],
        cwd: folder,
        env,
        stdin: "null",
      }).output();
      const decoder = new TextDecoder();
      said += decoder.decode(stdout);
      if (!success) {
        throw new Error(`${put}:\n${said}${decoder.decode(stderr)}`);
      }
    }
    origin = goal.serves?.origin ?? "";
    await goal.reached(said, origin);
    return (performance.now() - started) / 1000;
  } finally {
    for (const server of servers) {
      // The whole group: what `npx` has started, too.
      await new Deno.Command("kill", { args: ["--", `-${server.pid}`] })
        .output();
      await server.status;
    }
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await Deno.remove(tools, { recursive: true }).catch(() => {});
  }
}

const [packed] = [...Deno.readDirSync(new URL(".npm/", ROOT))]
  .filter(({ name }) => name.endsWith(".tgz"));
if (packed === undefined) throw new Error("no tarball: `deno task npm` first");
const tarball = new URL(`.npm/${packed.name}`, ROOT).pathname;
const page = await Deno.readTextFile(new URL("docs/install.md", ROOT));
const sections = sectionsOf(page).filter(({ level }) => level === 2);
const rows: string[][] = [];
let failed = 0;
for (const { title, text } of sections) {
  const goal = GOALS.get(title);
  if (goal === undefined) throw new Error(`"${title}" has no goal`);
  if (Deno.args.length > 0 && !Deno.args.includes(title)) continue;
  try {
    const seconds = await follow(page, text, goal, tarball);
    const isLate = seconds > MINUTES * 60;
    if (isLate) failed++;
    rows.push([title, `${seconds.toFixed(1)} s`, isLate ? "NO, late" : "yes"]);
  } catch (error) {
    failed++;
    rows.push([title, "–", "NO"]);
    console.error(
      `not ok ${title}: ${error instanceof Error ? error.message : error}`,
    );
  }
  console.log(rows.at(-1)!.join(": "));
}
console.log(printTable(["Section", "First store after", "Works"], rows));
console.log(
  `\n${failed === 0 ? "ok" : "FAILED"} | ${
    rows.length - failed
  } passed | ${failed} failed`,
);
Deno.exit(failed === 0 ? 0 : 1);
