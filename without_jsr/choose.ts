/**
 * Chooses where `@std` comes from, says so in one line, and writes the
 * configurations that the tasks run with.
 *
 * @module
 */
import { chooseSource, configs, describe, type Manifest } from "./config.ts";

const ROOT = new URL("../", import.meta.url);

/** Long enough for a slow line, short enough to wait for at each task. */
const LOOK_MS = 2000;

async function jsrAnswers(): Promise<boolean> {
  try {
    const response = await fetch("https://jsr.io/@std/assert/meta.json", {
      signal: AbortSignal.timeout(LOOK_MS),
    });
    // A company proxy may answer for JSR with a page of its own.
    const meta = await response.json();
    return response.ok && typeof meta.versions === "object";
  } catch {
    return false;
  }
}

/** Resolves STD_DIR from where the reader stands, and looks whether it is one. */
async function findStd(folder: string | undefined) {
  if (!folder) return undefined;
  const from = Deno.env.get("INIT_CWD") ?? Deno.cwd();
  const path = folder.startsWith("/") || /^[a-z]:/i.test(folder)
    ? folder
    : `${from}/${folder}`;
  try {
    await Deno.stat(`${path}/assert/deno.json`);
  } catch (cause) {
    throw new Error(
      `Cannot link STD_DIR "${folder}": it is no checkout of denoland/std`,
      { cause },
    );
  }
  return path;
}

/** Leaves an equal file alone, so that tasks side by side never read half a file. */
async function writeChanged(name: string, content: unknown) {
  const file = new URL(name, ROOT);
  const text = JSON.stringify(content, null, 2) + "\n";
  const old = await Deno.readTextFile(file).catch(() => undefined);
  if (text === old) return;
  await Deno.mkdir(new URL(".", file), { recursive: true });
  const draft = new URL(`${file.href}.${crypto.randomUUID()}`);
  await Deno.writeTextFile(draft, text);
  await Deno.rename(draft, file);
}

async function main() {
  // A task that runs other tasks has chosen for all of them.
  if (Deno.env.get("REMOTE_STORE_CHOSEN")) return;
  const source = await chooseSource({
    jsr: Deno.env.get("REMOTE_STORE_JSR"),
    stdDir: await findStd(Deno.env.get("STD_DIR")),
  }, jsrAnswers);
  console.error(describe(source));
  const manifest: Manifest = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT)),
  );
  const standIns = Array.fromAsync(
    Deno.readDir(new URL("without_jsr/std/", ROOT)),
    (entry) => entry.name,
  );
  const files = configs(manifest, source, (await standIns).sort());
  for (const [name, content] of Object.entries(files)) {
    await writeChanged(name, content);
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
  // Not waiting for what the look at JSR may have left open.
  Deno.exit(0);
}
