import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../../../", import.meta.url);

interface Ran {
  readonly code: number;
  readonly said: string;
}

async function run(
  cwd: string,
  command: string,
  ...args: readonly string[]
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    env: {
      NO_COLOR: "1",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.com",
    },
  }).output();
  const decoder = new TextDecoder();
  return { code, said: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** A clone of what is committed, to be released. */
async function cloned(): Promise<
  AsyncDisposable & { readonly folder: string }
> {
  const folder = await Deno.makeTempDir({ prefix: "release-" });
  const done = await run(
    folder,
    "git",
    "clone",
    "--quiet",
    "--no-local",
    "--no-tags",
    ROOT.pathname,
    ".",
  );
  assertEquals(done.code, 0, done.said);
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

function release(folder: string, ...args: readonly string[]): Promise<Ran> {
  // Without the folder's own settings, which link what is generated.
  return run(
    folder,
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-config",
    "--allow-read",
    "--allow-write",
    "--allow-run=git",
    `${folder}/tools/release/main.ts`,
    ...args,
  );
}

const read = async (folder: string, path: string) =>
  await Deno.readTextFile(`${folder}/${path}`);

Deno.test("REL-002: a release is one commit with both manifests, the changelog and a tag", async () => {
  await using clone = await cloned();
  const { folder } = clone;
  const dry = await release(folder, "7.0.0", "--dry-run");
  assertEquals(
    [dry.code, dry.said.includes("tag v7.0.0")],
    [0, true],
    dry.said,
  );
  assertEquals((await run(folder, "git", "status", "--porcelain")).said, "");

  const done = await release(folder, "7.0.0");
  assertEquals(done.code, 0, done.said);
  for (const path of ["deno.json", "jsr.json"]) {
    assertEquals(JSON.parse(await read(folder, path)).version, "7.0.0");
  }
  const changelog = await read(folder, "CHANGELOG.md");
  const day = new Date().toISOString().slice(0, 10);
  assertStringIncludes(
    changelog,
    `## [Unreleased]\n\n## [7.0.0] - ${day}\n\n### Added\n`,
  );
  const { said: files } = await run(
    folder,
    "git",
    "show",
    "--name-only",
    "--format=%s",
    "v7.0.0^{commit}",
  );
  assertEquals(files.trim().split(/\n+/), [
    "Release 7.0.0",
    "CHANGELOG.md",
    "deno.json",
    "jsr.json",
  ]);
  const { said: tag } = await run(folder, "git", "cat-file", "-t", "v7.0.0");
  assertEquals(tag.trim(), "tag");
  const notes = await release(folder, "7.0.0", "--notes");
  assert(notes.said.startsWith("### Added\n"), notes.said.slice(0, 200));

  const again = await release(folder, "7.0.0");
  assertEquals(again.code, 1);
  assertStringIncludes(again.said, "already");
});

Deno.test("REL-002: nothing is changed where something is not committed, or the version is older", async () => {
  await using clone = await cloned();
  const { folder } = clone;
  const old = await release(folder, "0.0.1");
  assertStringIncludes(old.said, "Cannot release 0.0.1: it is older than");
  await Deno.writeTextFile(`${folder}/note.txt`, "not committed");
  const open = await release(folder, "7.0.0");
  assertStringIncludes(open.said, "not committed:\n?? note.txt");
  assertEquals([old.code, open.code], [1, 1]);
  assertEquals(
    (await run(folder, "git", "tag", "--list")).said.includes("v7.0.0"),
    false,
  );
});
