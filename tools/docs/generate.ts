/**
 * Makes every generated part of the pages.
 *
 * @module
 */
import { type ApiSymbol } from "./api.ts";
import { capabilityTable, configurationTable, gateTable } from "./capabilities.ts";
import { errorTable, fieldTable, requestTable } from "./observed.ts";
import {
  extensionList,
  extensionTable,
  importBlock,
  memberTable,
  optionTable,
} from "./reference.ts";

/** Where to read on about an extension, from `docs/extensions.md`. */
export const EXTENSION_PAGES: ReadonlyMap<string, string> = new Map([
  ["./ext/batch", "[Batch](#batch)"],
  ["./ext/cache", "[Cache](#cache)"],
  ["./ext/glob", "[Glob](#glob)"],
  ["./ext/integrity", "[Hashing](./hashing.md)"],
  ["./ext/observe", "[Observe](#observe)"],
  ["./ext/otel", "[Observe](#observe)"],
  ["./ext/partition", "[Partition](#partition)"],
  ["./ext/streams", "[Hashing](./hashing.md)"],
  ["./ext/transfer", "[Transfer](#transfer)"],
  ["./ext/write", "[Hashing](./hashing.md)"],
]);

/** The types whose fields are a table, by the part's name. */
export const OPTION_TABLES: ReadonlyMap<string, string> = new Map([
  ["options-s3", "S3Options"],
  ["options-azure", "AzureBackendOptions"],
  ["options-indexeddb", "IndexedDBOptions"],
  ["options-http", "HttpOptions"],
  ["options-store", "StoreOptions"],
  ["options-write", "WriteOptions"],
  ["options-read", "ReadOptions"],
  ["options-retry", "RetryOptions"],
  ["options-cache", "CacheOptions"],
]);

/** Makes all parts, by name. */
export async function generate(
  api: readonly ApiSymbol[],
): Promise<Map<string, string>> {
  const made = new Map<string, string>([
    ["capabilities", capabilityTable(api)],
    ["capabilities-s3", configurationTable("S3")],
    ["capabilities-azure", configurationTable("Azure")],
    ["capabilities-http", configurationTable("HTTP")],
    ["gates", await gateTable()],
    ["fields", await fieldTable()],
    ["requests", await requestTable()],
    ["errors", await errorTable()],
    ["extensions", extensionTable(api, EXTENSION_PAGES)],
    ["extension-imports", importBlock(api)],
    ["extension-list", extensionList(api)],
    ["backend-reference", memberTable(api, "Backend")],
  ]);
  for (const [name, type] of OPTION_TABLES) {
    made.set(name, optionTable(api, type));
  }
  return made;
}
