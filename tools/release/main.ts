/**
 * `deno task release 1.2.3`: the version in both manifests, the day in the changelog, a
 * commit and its tag `v1.2.3`. Nothing is sent: `git push --follow-tags` does that, and
 * the workflow that the tag starts publishes. `--dry-run` says what would change, and
 * `--notes 1.2.3` prints what the changelog has about a version.
 *
 * @module
 */
import { notesOf, whyNotAfter, withRelease, withVersion } from "./version.ts";

const ROOT = new URL("../../", import.meta.url);
const MANIFESTS = ["deno.json", "jsr.json"];
const CHANGELOG = "CHANGELOG.md";

async function git(...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: [...args],
    cwd: ROOT,
  }).output();
  const decoder = new TextDecoder();
  if (!success) {
    throw new Error(`git ${args[0]}: ${decoder.decode(stderr).trim()}`);
  }
  return decoder.decode(stdout).trim();
}

const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

async function release(version: string, isDry: boolean): Promise<void> {
  const changed = new Map<string, string>();
  for (const path of MANIFESTS) {
    const text = await read(path);
    const why = whyNotAfter(version, JSON.parse(text).version);
    if (why !== null) throw new Error(`Cannot release ${version}: ${why}`);
    changed.set(path, withVersion(text, version));
  }
  const day = new Date().toISOString().slice(0, 10);
  changed.set(CHANGELOG, withRelease(await read(CHANGELOG), version, day));
  const tag = `v${version}`;
  if (await git("tag", "--list", tag) !== "") {
    throw new Error(`Cannot release ${version}: there is a tag ${tag}`);
  }
  const open = await git("status", "--porcelain");
  if (open !== "") {
    throw new Error(`Cannot release ${version}: not committed:\n${open}`);
  }
  if (isDry) {
    console.log(`would change ${[...changed.keys()].join(", ")}, tag ${tag}`);
    return;
  }
  for (const [path, text] of changed) {
    await Deno.writeTextFile(new URL(path, ROOT), text);
  }
  await git("commit", "--quiet", "--all", "--message", `Release ${version}`);
  await git("tag", "--annotate", tag, "--message", version);
  console.log(
    `${tag}, ${await git(
      "rev-parse",
      "--short",
      "HEAD",
    )}. Look at it, then: git push --follow-tags`,
  );
}

const words = Deno.args.filter((it) => !it.startsWith("--"));
const [version] = words;
if (version === undefined || words.length > 1) {
  console.error("deno task release 1.2.3 [--dry-run | --notes]");
  Deno.exit(2);
}
try {
  if (Deno.args.includes("--notes")) {
    console.log(notesOf(await read(CHANGELOG), version));
  } else await release(version, Deno.args.includes("--dry-run"));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
