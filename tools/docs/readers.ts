/**
 * Pure: the adapters of readers, as `deno task test:readers` runs them, and what they ask
 * for, as it has written it down.
 *
 * @module
 */
import { printTable } from "./markdown.ts";
import type { Files } from "./repository.ts";

const FOLDER = "tests/oracles/readers";

/** The package of each adapter, by its file. */
const PACKAGES: ReadonlyMap<string, string> = new Map([
  ["geotiff", "geotiff"],
  ["hyparquet", "hyparquet"],
  ["modern_tar", "modern-tar"],
  ["pdf", "pdfjs-dist"],
  ["tar_stream", "tar-stream"],
  ["zarrita", "zarrita"],
  ["zip", "@zip.js/zip.js"],
]);

interface Reading {
  readonly what: string;
  readonly size: number;
  readonly requests: readonly string[];
}

/** Returns each adapter's source with its package's version, by the part's name. */
export function readerParts(files: Files): Map<string, string> {
  const { dependencies } = JSON.parse(files.get(`${FOLDER}/package.json`)!);
  return new Map(
    [...PACKAGES].map(([file, name]) => {
      const source = files.get(`${FOLDER}/adapters/${file}.mjs`)!.trim();
      const said = `With ${name} ${
        dependencies[name]
      }, as \`deno task test:readers\` runs it:`;
      return [
        `reader-${file.replace("_", "-")}`,
        `${said}\n\n\`\`\`js ignore\n${source}\n\`\`\``,
      ];
    }),
  );
}

/** Returns what each reader asks for. */
export function readerTable(files: Files): string {
  const readings: Reading[] = JSON.parse(
    files.get(`${FOLDER}/requests.json`)!,
  );
  const rows = readings.map(({ what, size, requests }) => {
    const [reader = "", reads = ""] = what.split(": ");
    const count = (method: string) =>
      `${requests.filter((line) => line.startsWith(method)).length}`;
    return [reader, reads, inKilobytes(size), count("HEAD"), count("GET")];
  });
  return printTable(["Reader", "Reads", "Of", "HEAD", "GET"], rows);
}

function inKilobytes(size: number): string {
  return `${Math.round(size / 1000).toLocaleString("en")} kB`;
}
