import { assert, assertEquals, assertThrows } from "@std/assert";
import { toSettings } from "../../../backends/indexeddb/options.ts";
import { InvalidArgumentError } from "../../../mod.ts";
import { imitate } from "./imitation.ts";

Deno.test("IDB options that are left out have their defaults", () => {
  const { scope, ...settings } = toSettings({});
  assertEquals(settings, {
    databaseName: "remote-store",
    storeName: "files",
    durability: "strict",
    representation: "auto",
    chunkSize: 1024 * 1024,
    onDataLoss: undefined,
  });
  assert(scope() === globalThis as unknown);
  const own = imitate();
  assert(toSettings({ scope: own }).scope() === own);
});

Deno.test("BE-001 an option that is not valid is refused by name", () => {
  const rows: [option: string, value: unknown][] = [
    ["databaseName", ""],
    ["databaseName", 3],
    ["storeName", null],
    ["durability", "default"],
    ["representation", "chunks"],
    ["chunkSize", 0],
    ["chunkSize", 1.5],
    ["chunkSize", NaN],
    ["chunkSize", "1"],
    ["onDataLoss", null],
    ["onDataLoss", "log"],
  ];
  for (const [option, value] of rows) {
    assertThrows(
      () => toSettings({ [option]: value }),
      InvalidArgumentError,
      `Cannot create an IndexedDBBackend: ${option} is `,
    );
  }
});
