/**
 * Work that is killed at any moment, and the look at what is left of it.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { Store } from "../../../mod.ts";
import { seeded } from "../seeded.ts";
import { type Audit, audit } from "./audit.ts";

const DATABASE = "survival";
const NAMES = ["a", "b", "c"];
const KIBIBYTE = 1024;

/** Files that are written together, so that they are packed. */
const TOGETHER = Array.from({ length: 24 }, (_, i) => `together/${i}`);

/** What the runner is told, by the console, of each write that came to its end. */
export interface Stored {
  readonly name: string;
  readonly version: number;
}

/** Overwrites, moves, packs and stages without end; each version is above the last, and `from`. */
export async function churn(
  { seed, from: least }: { seed: number; from: number },
): Promise<never> {
  const random = seeded(seed);
  const backend = new IndexedDBBackend({
    databaseName: DATABASE,
    chunkSize: 16 * KIBIBYTE,
    representation: random(2) === 0 ? "auto" : "bytes",
  });
  const store = new Store({ backend });
  for (let version = least + 1;; version++) {
    if (random(4) === 0) {
      const size = random(2000);
      await Promise.all(
        TOGETHER.filter(() => random(3) > 0).map((path, i) =>
          store.write(path, contentOf(version, size + i), { overwrite: true })
        ),
      );
      continue;
    }
    const name = NAMES[random(NAMES.length)] ?? "a";
    const here = `here/${name}`;
    const there = `there/${name}`;
    const [from, to] = await store.isFile(there)
      ? [there, here]
      : [here, there];
    if (await store.isFile(from) && random(3) === 0) await store.move(from, to);
    else {
      const size = random(2) === 0 ? random(2000) : random(1500 * KIBIBYTE);
      const bytes = contentOf(version, size);
      await store.write(from, new Blob([bytes]).stream(), { overwrite: true });
      const stored: Stored = { name, version };
      console.log(JSON.stringify(stored));
    }
  }
}

/** What was left: every file whole, at one of its two places, and nothing else. */
export interface Survival extends Audit {
  /** What is wrong. */
  readonly faults: readonly string[];
  /** The version of each file that is there. */
  readonly versions: Readonly<Record<string, number>>;
  /** Why the engine threw the database away before anybody opened it; `null` where it did not. */
  readonly thrownAway: string | null;
  /** How many leftovers the sweep took away. */
  readonly swept: number;
}

/** Opens the store again, sweeps, and looks at everything. */
export async function inspect(): Promise<Survival> {
  const thrownAway = await whyThrownAway();
  const backend = new IndexedDBBackend({ databaseName: DATABASE });
  await using store = new Store({ backend });
  const swept = await backend.sweep();
  const faults: string[] = [];
  const versions: Record<string, number> = {};
  for (const name of NAMES) {
    const places = [];
    for (const path of [`here/${name}`, `there/${name}`]) {
      if (!await store.isFile(path)) continue;
      places.push(path);
      const bytes = await store.readBytes(path);
      const fault = faultOf(bytes);
      if (fault !== null) faults.push(`${path}: ${fault}`);
      else versions[name] = new DataView(bytes.buffer).getUint32(0);
    }
    if (places.length > 1) faults.push(`${name} is at two places`);
  }
  for (const path of TOGETHER) {
    if (!await store.isFile(path)) continue;
    const fault = faultOf(await store.readBytes(path));
    if (fault !== null) faults.push(`${path}: ${fault}`);
  }
  return { faults, versions, thrownAway, swept, ...await audit(DATABASE) };
}

/**
 * Chromium says so where it finds its own files corrupt and starts a database anew:
 * `dataLoss` is no part of the standard.
 */
function whyThrownAway(): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE);
    let why: string | null = null;
    request.onupgradeneeded = (event) => {
      const { dataLoss, dataLossMessage } = event as DataLoss;
      if (dataLoss === "total") why = dataLossMessage ?? "";
      // The backend is to find what it would find without this look.
      request.transaction?.abort();
    };
    request.onsuccess = () => {
      request.result.close();
      resolve(why);
    };
    request.onerror = () => {
      if (request.error?.name === "AbortError") resolve(why);
      else reject(request.error);
    };
  });
}

interface DataLoss extends Event {
  readonly dataLoss?: string;
  readonly dataLossMessage?: string;
}

const HEADER_BYTES = 8;

/** Returns content that tells by itself whether it is whole. */
function contentOf(version: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, version);
  view.setUint32(4, size);
  for (let i = HEADER_BYTES; i < bytes.length; i++) {
    bytes[i] = (version * 31 + i) & 255;
  }
  return bytes;
}

function faultOf(bytes: Uint8Array<ArrayBuffer>): string | null {
  const view = new DataView(bytes.buffer);
  const version = view.getUint32(0);
  const size = view.getUint32(4);
  if (bytes.length !== HEADER_BYTES + size) {
    return `${bytes.length} bytes, ${HEADER_BYTES + size} were written`;
  }
  for (let i = HEADER_BYTES; i < bytes.length; i++) {
    if (bytes[i] !== ((version * 31 + i) & 255)) return `wrong at byte ${i}`;
  }
  return null;
}
