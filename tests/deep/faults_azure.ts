/**
 * The fakes of Azure, for schedules.
 *
 * @module
 */
import { AzureBackend } from "../../backends/azure/mod.ts";
import { Store } from "../../mod.ts";
import { azureFaults } from "../conformance/faults.ts";
import type { Node } from "../fakes/azure/account.ts";
import { FakeAzure } from "../fakes/azure/service.ts";
import { FakeDataLake } from "../fakes/azure_dfs/service.ts";
import type { Held } from "./faults_history.ts";
import { httpLine, type World } from "./faults_world.ts";
import { WEIGHTS } from "./faults_weights.ts";

const BLOCK = 16;

const FILES = ["a", "b", "d/a", "d/b", "d/e/a"];

/** Returns an Azure with a flat namespace as a seed has it. */
export function azureWorld(random: (limit: number) => number): World {
  return worldOf(new FakeAzure(), random);
}

/** Returns an Azure with real folders as a seed has it. */
export function dataLakeWorld(random: (limit: number) => number): World {
  return worldOf(new FakeDataLake(), random);
}

function worldOf(
  service: FakeAzure,
  random: (limit: number) => number,
): World {
  const { hns } = service;
  const paths = service.create("files");
  service.pageSize = [1, 2, 3, 5000][random(4)] ?? 5000;
  service.tellsSourceQuery = random(2) === 0;
  const byKey = random(3) > 0;
  service.checksClock = byKey && random(2) === 0;
  const retry = { attempts: random(3) + 2, minDelay: 100, maxDelay: 5000 };
  // Metadata of another client's, with a name that listings use themselves.
  const odd: Record<string, string> = random(4) === 0 ? { Blobs: "1" } : {};
  const put = (path: string, bytes: Uint8Array<ArrayBuffer>) => {
    if (hns && clashes(paths.nodes, path)) return;
    paths.put(path, { bytes, metadata: odd });
    paths.uncommitted.delete(path);
  };
  for (const key of hns ? [] : ["a//b", "q//x", "d/", "d/./e"]) {
    if (random(4) === 0) put(key, new Uint8Array(random(2)));
  }
  for (const key of hns ? [] : ["d", "d/e", "f"]) {
    if (random(8) === 0) {
      paths.put(key, { metadata: { ["hdi_isfolder"]: "true" } });
    }
  }
  return {
    ground: {
      files: FILES.slice(0, random(4) + 2),
      folders: ["d", "d/e", "q", "f"],
      sizes: [8, 24, 24],
      streams: [0, 8, 24, 24, 40],
      kinds: WEIGHTS,
    },
    traits: {
      flat: !hns,
      keepsVersion: hns,
      isDraft: (key) => /(?:^|\/)\.~tmp\.[0-9a-f]{16}$/.test(key),
    },
    fetch: service.fetch,
    *look() {
      for (const [key, node] of paths.nodes) yield heldOf(key, node);
    },
    put,
    remove(path) {
      if (paths.nodes.get(path)?.kind === "file") paths.nodes.delete(path);
    },
    remains: () =>
      [...paths.nodes.keys()].filter((key) => key.includes(".~tmp.")),
    connect(options) {
      const line = httpLine(options, azureFaults);
      const { fetch } = line;
      const store = new Store({
        backend: new AzureBackend({
          container: "files",
          hns,
          accountName: "fake",
          ...byKey ? { accountKey: btoa("key") } : { sasToken: "sig=secret" },
          blockSize: BLOCK,
          concurrency: random(3) + 1,
          retry,
          fetch,
        }),
      });
      return { line, store };
    },
  };
}

// What stands for a folder gets a name that no file has.
function heldOf(key: string, token: Node): readonly [string, Held] {
  const { etag, bytes, kind, metadata } = token;
  const name = kind === "folder"
    ? `${key}/`
    : metadata["hdi_isfolder"] === "true"
    ? `${key}//mark`
    : key;
  return [name, { etag, bytes, token }];
}

function clashes(nodes: ReadonlyMap<string, Node>, path: string): boolean {
  const parts = path.split("/").slice(0, -1);
  return nodes.get(path)?.kind === "folder" ||
    parts.some((_, at) =>
      nodes.get(parts.slice(0, at + 1).join("/"))?.kind === "file"
    );
}
