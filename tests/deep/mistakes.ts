/**
 * Old mistakes, put back one at a time into a copy of the sources: the schedules have to
 * notice each of them, and find nothing without it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";

/** A mistake: what it does to the sources, and what notices it. */
interface Mistake {
  readonly name: string;
  /** Each puts something in place of a text that stands once in a file. */
  readonly edits: readonly (readonly [
    file: string,
    right: string,
    wrong: string,
  ])[];
  /** The schedules that notice it, and by which broken rule. */
  readonly noticed: readonly (readonly [by: Schedules, kind: string])[];
}

/** Schedules: of which backend, and what else is asked of them on the command line. */
interface Schedules {
  readonly backend: string;
  readonly test: string;
  readonly args: readonly string[];
}

// As many seeds as notice the rarest of the mistakes several times.
const S3: Schedules = {
  backend: "s3",
  test: "s3_faults_test.ts",
  args: ["--seeds=600"],
};
const S3_LONG = { ...S3, args: ["--seeds=100", "--long"] };
const AZURE = { ...S3, backend: "azure", test: "azure_faults_test.ts" };

/** A run that takes longer than this hangs. */
const LIMIT_MS = 300_000;

const PARTS = "backends/s3/parts.ts";
const LISTING = "backends/azure/listing.ts";

const MISTAKES: readonly Mistake[] = [
  {
    name:
      "S3: an upload that is gone is done, if a file of its size and number of parts stands there",
    edits: [
      [PARTS, "  #since = 0;\n", "  #since = 0;\n  #sent = 0;\n"],
      [
        PARTS,
        "    return { etag, sha256 };\n",
        "    this.#sent += payload instanceof Blob ? payload.size : payload.byteLength;\n    return { etag, sha256 };\n",
      ],
      [
        PARTS,
        'entry?.kind === "file" && entry.etag !== null &&\n      entry.etag.toLowerCase() === etag;',
        'entry?.kind === "file" && entry.size === this.#sent &&\n      entry.etag?.endsWith(`-${parts.length}"`) === true;',
      ],
      [PARTS, "    if (isBefore) return NOT_MINE;\n", ""],
      [
        PARTS,
        "isThere && suits && condition.ifMatch === null;",
        "isThere && !isAborted;",
      ],
    ],
    noticed: [[S3_LONG, "done, and is not"]],
  },
  {
    name:
      "a write with ifMatch that meets its own lost first try is a conflict",
    edits: [[
      "core/doubt.ts",
      'found.verdict === "unknown" ? inDoubt(attempt.error) : attempt.error;',
      'found.verdict === "unknown" && (attempt.error as { code?: string }).code !== "PreconditionFailed"\n    ? inDoubt(attempt.error)\n    : attempt.error;',
    ]],
    noticed: [[S3, "refused but changed"], [AZURE, "refused but changed"]],
  },
  {
    name: "Azure: a file of equal size without an MD5 is the copy of a move",
    edits: [[
      "backends/azure/copying.ts",
      "url !== null &&\n    pathOf(url) === pathOf(container.url(from)) &&\n    await holdsVersion(container, copy, target);",
      "target.entry.size === copy.source.size &&\n    (target.entry.digest === null || copy.source.digest === null ||\n      target.entry.digest.equals(copy.source.digest));",
    ]],
    noticed: [[AZURE, "a move lost the only copy"]],
  },
  {
    name: "S3: a listing that is answered 404 is empty, whoever says it",
    edits: [[
      "backends/s3/connection.ts",
      '? code === "NoSuchBucket"',
      "? true",
    ], [
      "backends/s3/bucket.ts",
      "{ answers: { 200: readListing }, signal })",
      `{ answers: { 200: readListing }, signal }).catch((error) => {
      if (error.code !== "NotFound") throw error;
      return { files: [], folders: [], cursor: null };
    })`,
    ]],
    noticed: [[S3, "not listed"]],
  },
  {
    name:
      "Azure: an element of a listing is the first of its name, at any depth",
    edits: [[
      LISTING,
      'read(xml, "EnumerationResults", PAGE);',
      'read(firstOf(xml), "EnumerationResults", PAGE);',
    ], [
      LISTING,
      "function nameOf(",
      `function firstOf(xml: string): string {
  const inner = xml.slice(xml.indexOf("<Blobs>"), xml.indexOf("</Blobs>"));
  const found = inner.match(/<(Blob|BlobPrefix)>[^]*?<\\/\\1>/g) ?? [];
  const [marker = ""] = /<NextMarker>.*?<\\/NextMarker>/.exec(xml) ?? [];
  return \`<EnumerationResults><Blobs>\${found.join("")}</Blobs>\${marker}</EnumerationResults>\`;
}

function nameOf(`,
    ]],
    noticed: [[AZURE, "not listed"]],
  },
  {
    name: "names that no path can have are listed",
    edits: [[
      "core/markers.ts",
      "isCanonical(file.key) && !isMark(file)",
      "!isMark(file)",
    ]],
    noticed: [[S3, "no path"], [AZURE, "no path"]],
  },
];

const ROOT = new URL("../../", import.meta.url);

/** What the schedules need, and nothing that a checkout has beside it. */
const NEEDED = /^(?:mod\.ts|deno\.(?:chosen\.)?json|deno\.lock)$/;
const FOLDERS = ["core", "digest", "backends", "ext", "tests", "without_jsr"];

async function copy(from: URL, to: URL): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name === "node_modules") continue;
    if (isDirectory) {
      await copy(new URL(`${name}/`, from), new URL(`${name}/`, to));
    } else if (/\.(?:ts|json|lock)$/.test(name)) {
      await Deno.copyFile(new URL(name, from), new URL(name, to));
    }
  }
}

async function copySources(): Promise<URL> {
  const path = await Deno.makeTempDir({ prefix: "mistakes" });
  const folder = new URL(`file://${path}/`);
  for await (const { name } of Deno.readDir(ROOT)) {
    if (!NEEDED.test(name)) continue;
    await Deno.copyFile(new URL(name, ROOT), new URL(name, folder));
  }
  for (const name of FOLDERS) {
    await copy(new URL(`${name}/`, ROOT), new URL(`${name}/`, folder));
  }
  return folder;
}

/** Runs the schedules of a backend in a folder; returns how many seeds broke each rule. */
async function brokenRules(
  folder: URL,
  { backend, test, args }: Schedules,
): Promise<Map<string, string>> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--no-check", "--config=deno.chosen.json", "--allow-read=."],
      `tests/deep/${test}`,
      ...["--", ...args, "--stories=0"],
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stderr: "null",
    signal: AbortSignal.timeout(LIMIT_MS),
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert(new RegExp(`^${backend}: \\d+ seeds`, "m").test(text), text);
  const found = new Map<string, string>();
  const lines = text.matchAll(/^ {2}(.+): (\d+ seeds: [\d,]+)$/gm);
  for (const [, kind = "", seeds = ""] of lines) found.set(kind, seeds);
  assertEquals(success, found.size === 0, text);
  return found;
}

Deno.test("FAULT-016: the schedules notice each old mistake, and nothing without it", async (step) => {
  const folder = await copySources();
  try {
    for (const schedules of [S3, S3_LONG, AZURE]) {
      const { backend, args } = schedules;
      await step.step(`${backend} ${args.join(" ")}: no mistake`, async () => {
        assertEquals(await brokenRules(folder, schedules), new Map());
      });
    }
    for (const { name, edits, noticed } of MISTAKES) {
      await step.step(name, async () => {
        const rights = new Map<string, string>();
        try {
          for (const [file, right, wrong] of edits) {
            const text = await Deno.readTextFile(new URL(file, folder));
            if (!rights.has(file)) rights.set(file, text);
            assertEquals(text.split(right).length, 2, `${file}: ${right}`);
            const changed = text.replace(right, () => wrong);
            await Deno.writeTextFile(new URL(file, folder), changed);
          }
          for (const [by, kind] of noticed) {
            const found = await brokenRules(folder, by);
            console.log(`${by.backend}: ${kind}: ${found.get(kind)}`);
            assert(found.has(kind), `not noticed: ${[...found.keys()]}`);
          }
        } finally {
          for (const [file, text] of rights) {
            await Deno.writeTextFile(new URL(file, folder), text);
          }
        }
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
