/**
 * Makes every generated part of the pages.
 *
 * @module
 */
import type { ApiSymbol } from "./api.ts";
import {
  capabilityTable,
  configurationTable,
  declaredList,
  gateTable,
} from "./capabilities.ts";
import { FIRST } from "./configurations.ts";
import { errorTable, fieldTable, requestTable } from "./observed.ts";
import { growthPart } from "./growth.ts";
import { otherPeersPart, peersPart } from "./peers.ts";
import { presignedTable } from "./presigned.ts";
import { readerParts, readerTable } from "./readers.ts";
import {
  backendPages,
  backendTable,
  dependencyList,
  extensionList,
  extensionTable,
  importBlock,
  importMapBlock,
  memberTable,
  optionTable,
} from "./reference.ts";
import { pageTable, runtimeTable } from "./runtimes.ts";
import { sizeTable } from "./sizes.ts";
import { fillRegions, regionsOf } from "./markdown.ts";
import { drawPictures } from "./pictures/files.ts";
import { lineOf, type Problem } from "./problem.ts";
import { type Files, pagesOf } from "./repository.ts";

/** Where to read on about an extension, from `docs/extensions.md`. */
export const EXTENSION_PAGES: ReadonlyMap<string, string> = new Map([
  ["./ext/batch", "[Batch](#batch)"],
  ["./ext/cache", "[Cache](#cache)"],
  ["./ext/content-type", "[Transfer](#transfer)"],
  ["./ext/cors", "[CORS](#cors)"],
  ["./ext/glob", "[Glob](#glob)"],
  ["./ext/integrity", "[Hashing](./hashing.md)"],
  ["./ext/observe", "[Observing](./observing.md)"],
  ["./ext/otel", "[Observing](./observing.md)"],
  ["./ext/pages", "[Pages](#pages)"],
  ["./ext/partition", "[Partition](#partition)"],
  ["./ext/proxy", "[Proxy](#proxy)"],
  ["./ext/ranges", "[Ranges](#ranges)"],
  ["./ext/sync", "[Sync](#sync)"],
  ["./ext/resume", "[Resumable uploads](./resumable-uploads.md)"],
  ["./ext/sign", "[Pages without secrets](./pages-without-secrets.md)"],
  ["./ext/streams", "[Hashing](./hashing.md)"],
  ["./ext/transfer", "[Transfer](#transfer)"],
  ["./ext/web-cache", "[Web cache](#web-cache)"],
  ["./ext/write", "[Hashing](./hashing.md)"],
]);

/** The types whose fields are a table, by the part's name. */
export const OPTION_TABLES: ReadonlyMap<string, string> = new Map([
  ["options-memory", "MemoryOptions"],
  ["options-s3", "S3Options"],
  ["options-azure", "AzureBackendOptions"],
  ["options-indexeddb", "IndexedDBBackendOptions"],
  ["options-r2", "R2Options"],
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
  files: Files,
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
    ["presigned", presignedTable()],
    ["extensions", extensionTable(api, EXTENSION_PAGES)],
    ["extension-imports", importBlock(api)],
    ["extension-list", extensionList(api)],
    ["backend-list", backendTable(api)],
    ["backend-pages", backendPages(api)],
    ["dependencies", dependencyList(files)],
    ["import-map", importMapBlock(files)],
    ["sizes", sizeTable(files)],
    ["runtimes", runtimeTable(files)],
    ["peers", peersPart(files)],
    ["peers-elsewhere", otherPeersPart(files)],
    ["page-runtimes", pageTable(files)],
    ["growth", growthPart(files)],
    ["backend-reference", memberTable(api, "Backend")],
    ["readers", readerTable(files)],
    ...readerParts(files),
  ]);
  for (const { backend } of FIRST) {
    made.set(`declared-${backend.toLowerCase()}`, declaredList(backend));
  }
  for (const [name, type] of OPTION_TABLES) {
    made.set(name, optionTable(api, type));
  }
  return made;
}

/** Where the public API is written down. */
export const API_FILE = "docs/api.jsonl";

/** Returns the pages whose generated parts, and the pictures that, are other than they stand. */
export async function written(
  files: Files,
  api: readonly ApiSymbol[],
): Promise<Map<string, string>> {
  const made = await generate(api, files);
  const pictures = [...drawPictures()].map(([path, drawn]) =>
    [path, drawn, files.get(path)] as const
  );
  const pages = pagesOf(files).map(([path, text]) =>
    [path, fillRegions(text, made), text] as const
  );
  return new Map(
    [...pages, ...pictures].filter(([, filled, text]) => filled !== text)
      .map(([path, filled]) => [path, filled]),
  );
}

/** What differs between pages as they stand and as they are made. */
export function staleParts(before: Files, made: Files): Problem[] {
  return [...made].flatMap(([path, text]) => {
    const stands = before.get(path) ?? "";
    if (stands === text) return [];
    if (!path.endsWith(".md")) {
      return [{
        rule: "DOC-001",
        path,
        line: 1,
        message: "it is not what is generated",
      }];
    }
    const wanted = regionsOf(text);
    const names = regionsOf(stands).filter((it, i) =>
      it.text !== wanted[i]?.text
    );
    return names.map(({ name }) => ({
      rule: "DOC-001",
      path,
      line: lineOf(stands, stands.indexOf(`generated: ${name} `)),
      message: `"${name}" is not what is generated`,
    }));
  });
}
