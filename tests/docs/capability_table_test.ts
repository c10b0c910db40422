import { assert, assertEquals } from "@std/assert";
import { type Backend, Capability } from "@remote-store/core";
import { AzureBackend } from "@remote-store/core/backends/azure";
import { HttpBackend } from "@remote-store/core/backends/http";
import { IndexedDBBackend } from "@remote-store/core/backends/indexeddb";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { R2Backend } from "@remote-store/core/backends/r2";
import { S3Backend } from "@remote-store/core/backends/s3";
import { FakeR2 } from "../fakes/r2/bucket.ts";

/** The columns of the table: one for each backend. */
const BACKENDS: Readonly<Record<string, () => Backend>> = {
  Memory: () => new MemoryBackend(),
  IndexedDB: () => new IndexedDBBackend(),
  Azure: () =>
    new AzureBackend({
      container: "files",
      hns: false,
      connectionString: "UseDevelopmentStorage=true",
    }),
  S3: () => new S3Backend({ bucket: "b", credentials: "anonymous" }),
  R2: () => new R2Backend({ bucket: new FakeR2() }),
  HTTP: () => new HttpBackend({ baseUrl: "https://files.example.com/" }),
};

const page = await Deno.readTextFile(
  new URL("../../docs/backends.md", import.meta.url),
);

function parseTable(text: string): Map<string, Record<string, string>> {
  const rows = text.split("\n").filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const start = rows.findIndex(([first]) => first === "Capability");
  const head = rows[start] ?? [];
  return new Map(
    rows.slice(start + 2).map((row) => [
      row[0]?.replaceAll("`", "") ?? "",
      Object.fromEntries(head.map((name, i) => [name, row[i] ?? ""])),
    ]),
  );
}

Deno.test("docs/backends.md has a row for every capability and a column for every backend", () => {
  const table = parseTable(page);

  assertEquals(
    [...table.keys()].sort(),
    Object.keys(Capability).sort(),
  );
  for (const row of table.values()) {
    assertEquals(
      Object.keys(row),
      ["Capability", "What it means", ...Object.keys(BACKENDS)],
    );
  }
});

for (const [name, create] of Object.entries(BACKENDS)) {
  Deno.test(`docs/backends.md says what ${name} declares`, () => {
    const { capabilities } = create();
    const declared = Object.entries(Capability).map(([key, value]) =>
      [key, capabilities.has(value) ? "yes" : "–"] as const
    );
    const said = Object.entries(Capability).map(([key]) =>
      [key, parseTable(page).get(key)?.[name]] as const
    );
    assertEquals(said, declared);
  });

  Deno.test(`docs/backends.md has a section for ${name} with every point`, () => {
    const section = page.split(/^## /m).find((part) =>
      part.startsWith(`${name}\n`)
    ) ?? "";
    for (
      const point of [
        "Options",
        "Namespace",
        "Write results",
        "Metadata",
        "Reading",
        "Move and copy",
        "Concurrency",
        "Close",
      ]
    ) {
      assert(section.includes(`**${point}`), `${name}: ${point} is missing`);
    }
  });
}

Deno.test("docs/backends.md has a column for every backend that is exported", async () => {
  const { exports } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  const entries = Object.keys(exports)
    .filter((entry) => entry.startsWith("./backends/"))
    .map((entry) => entry.slice("./backends/".length));
  assertEquals(
    Object.keys(BACKENDS).map((name) => name.toLowerCase()).sort(),
    entries.sort(),
  );
});
