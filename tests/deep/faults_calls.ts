/**
 * Calls of a schedule: drawn from a seed, and made on a store.
 *
 * @module
 */
import type { FileInfo, FolderEntry, StoreLike } from "../../mod.ts";
import { type Exchange, seeded } from "../conformance/faults.ts";
import { contentOf, joined, streamOf } from "./faults_content.ts";

/** How a write decides whether it may. */
export type Mode = "create" | "overwrite" | "match" | "stale";

/** A call before it is made. Plain, so that a report can show it. */
export type Plan =
  & {
    /** Its name, and the beginning of what it writes. */
    readonly id: string;
    readonly writer: number;
    /** What its own dice start from. */
    readonly seed: number;
    /** After how many milliseconds the caller gives up; `null` for never. */
    readonly giveUp: number | null;
  }
  & (
    | {
      readonly kind: "write";
      readonly how: "bytes" | "stream" | "atomic" | "pieces" | "discard";
      readonly path: string;
      readonly mode: Mode;
      readonly size: number;
    }
    | { readonly kind: "burst"; readonly items: readonly BurstItem[] }
    | {
      readonly kind: "copy" | "move";
      readonly path: string;
      readonly target: string;
      readonly overwrite: boolean;
    }
    | {
      readonly kind: "delete";
      readonly path: string;
      readonly missingOk: boolean;
    }
    | {
      readonly kind: "deleteMany";
      readonly paths: readonly string[];
      readonly missingOk: boolean;
    }
    | {
      readonly kind: "deleteFolder";
      readonly path: string;
      readonly recursive: boolean;
      readonly missingOk: boolean;
    }
    | {
      readonly kind: "list";
      readonly what: "files" | "deep" | "children" | "folders" | "glob";
      readonly path: string;
    }
    | {
      readonly kind: "read";
      readonly path: string;
      readonly how: "bytes" | "stream" | "blob" | "leave";
      readonly range: readonly [offset: number, length: number] | null;
    }
    | { readonly kind: "info" | "exists" | "isFolder"; readonly path: string }
    | { readonly kind: "sum"; readonly path: string }
  );

/** One of several writes that are begun at once. */
export interface BurstItem {
  /** The beginning of what it writes. */
  readonly id: string;
  readonly path: string;
  readonly overwrite: boolean;
  readonly size: number;
}

/** What a call gave. */
export interface Seen {
  /** The ETag that a write told. */
  readonly etag?: string | null;
  readonly size?: number | null;
  readonly bytes?: Uint8Array;
  readonly entries?: readonly (FileInfo | FolderEntry)[];
  readonly answer?: boolean;
  /** What failed, by path, or by the id of a burst's item. */
  readonly failed?: ReadonlyMap<string, unknown>;
  readonly count?: number;
}

/** A call that was made. */
export interface Call {
  readonly plan: Plan;
  /** The change before it began. */
  readonly from: number;
  /** The change before it settled; `Infinity` until then. */
  to: number;
  /** The ETag that a write was to match. */
  match: string | null;
  readonly exchanges: Exchange[];
  seen: Seen | null;
  /** What it was rejected with. */
  error: unknown;
}

/** Why a call was given up. */
export const GIVEN_UP = { why: "given up" };

/** Where calls are made, and of which sizes. */
export interface Ground {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Sizes of contents that are given as bytes. */
  readonly sizes: readonly number[];
  /** Sizes of streams; the last ones are of several parts. */
  readonly streams: readonly number[];
  readonly kinds: Readonly<Partial<Record<Plan["kind"], number>>>;
  /** How writes are made, and how they decide; drawn evenly. */
  readonly hows?: readonly (Plan & { kind: "write" })["how"][];
  readonly modes?: readonly Mode[];
}

/** Draws the calls of a writer. */
export function drawPlans(
  ground: Ground,
  seed: number,
  writer: number,
  count: number,
): Plan[] {
  const random = seeded(seed * 2 + writer);
  return Array.from(
    { length: count },
    (_, at) => drawPlan(ground, random, writer, at),
  );
}

const BURST_SIZE = 9;

const HOWS = [
  "bytes",
  "bytes",
  "stream",
  "stream",
  "atomic",
  "pieces",
  "discard",
] as const;

const MODES = [
  "create",
  "create",
  "overwrite",
  "match",
  "match",
  "stale",
] as const;

function drawPlan(
  ground: Ground,
  random: (limit: number) => number,
  writer: number,
  at: number,
): Plan {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const flag = () => random(2) === 0;
  const kinds = Object.entries(ground.kinds);
  let left = random(kinds.reduce((sum, [, weight]) => sum + weight, 0));
  const kind = kinds.find(([, weight]) => (left -= weight) < 0)
    ?.[0] as Plan["kind"];
  const path = pick(ground.files);
  const base = {
    id: `${"AB"[writer]}${at}`,
    writer,
    seed: random(2 ** 30),
    giveUp: random(12) === 0 ? random(400) : null,
  };
  switch (kind) {
    case "write": {
      const how = pick(ground.hows ?? HOWS);
      const mode = pick(ground.modes ?? MODES);
      const sizes = how === "bytes" ? ground.sizes : ground.streams;
      return { ...base, kind, how, path, mode, size: pick(sizes) };
    }
    case "burst": {
      const items = Array.from({ length: random(8) + 2 }, (_, number) => ({
        id: `${base.id}.${number}`,
        path: pick(ground.files),
        overwrite: flag(),
        // Of two that write nothing, nobody could tell whose nothing it is.
        size: pick(ground.sizes) || BURST_SIZE,
      }));
      return { ...base, kind, items };
    }
    case "copy":
    case "move":
      return {
        ...base,
        kind,
        path,
        target: pick(ground.files),
        overwrite: flag(),
      };
    case "delete":
      return { ...base, kind, path, missingOk: flag() };
    case "deleteMany": {
      const paths = ground.files.filter(() => flag());
      return { ...base, kind, paths, missingOk: flag() };
    }
    case "deleteFolder": {
      const folder = pick(ground.folders);
      const recursive = random(4) > 0;
      return { ...base, kind, path: folder, recursive, missingOk: flag() };
    }
    case "list": {
      const what = pick(
        ["files", "deep", "deep", "children", "folders", "glob"],
      ) as "deep";
      return { ...base, kind, what, path: pick(["", ...ground.folders]) };
    }
    case "read": {
      const how = pick([
        "bytes",
        "stream",
        "stream",
        "blob",
        "leave",
      ]) as "bytes";
      const range = flag() ? null : [random(30), random(30)] as const;
      return { ...base, kind, path, how, range };
    }
    case "sum":
      return { ...base, kind, path: pick(["", ...ground.folders]) };
    default:
      return {
        ...base,
        kind,
        path: pick([...ground.files, ...ground.folders]),
      };
  }
}

/** Makes a call and returns what it gave. */
export async function perform(
  { plan, match }: Call,
  store: StoreLike,
  signal: AbortSignal | undefined,
): Promise<Seen> {
  switch (plan.kind) {
    case "write": {
      const ifMatch = match ?? undefined;
      const overwrite = plan.mode === "overwrite" ? true : undefined;
      const options = { overwrite, ifMatch, signal };
      const content = contentOf(plan.id, plan.size);
      const { path } = plan;
      if (plan.how === "bytes") {
        return await store.write(path, content, options);
      }
      const stream = streamOf(content, plan.seed);
      if (plan.how === "stream") {
        return await store.write(path, stream, options);
      }
      if (plan.how === "atomic") {
        return await store.writeAtomic(path, stream, options);
      }
      await using writer = await store.openAtomic(path, options);
      for await (const chunk of stream) await writer.write(chunk);
      return plan.how === "discard" ? {} : await writer.close();
    }
    case "burst": {
      const failed = new Map<string, unknown>();
      await Promise.all(
        plan.items.map(async ({ id, path, overwrite, size }) => {
          const content = contentOf(id, size);
          try {
            await store.write(path, content, { overwrite, signal });
          } catch (error) {
            failed.set(id, error);
          }
        }),
      );
      return { failed };
    }
    case "copy":
    case "move": {
      const { overwrite } = plan;
      await store[plan.kind](plan.path, plan.target, { overwrite, signal });
      return {};
    }
    case "delete":
      await store.delete(plan.path, { missingOk: plan.missingOk, signal });
      return {};
    case "deleteMany": {
      const { missingOk } = plan;
      return {
        failed: await store.deleteMany(plan.paths, { missingOk, signal }),
      };
    }
    case "deleteFolder": {
      const { recursive, missingOk } = plan;
      await store.deleteFolder(plan.path, { recursive, missingOk, signal });
      return {};
    }
    case "list":
      return { entries: await Array.fromAsync(listing(plan, store, signal)) };
    case "read":
      return await reading(plan, store, signal);
    case "info": {
      const { etag, size } = await store.getFileInfo(plan.path, { signal });
      return { etag, size };
    }
    case "exists":
    case "isFolder":
      return { answer: await store[plan.kind](plan.path, { signal }) };
    case "sum": {
      const sum = await store.getFolderInfo(plan.path, { signal });
      return { count: sum.fileCount, size: sum.totalSize };
    }
  }
}

function listing(
  { what, path }: Plan & { kind: "list" },
  store: StoreLike,
  signal: AbortSignal | undefined,
): AsyncIterable<FileInfo | FolderEntry> {
  switch (what) {
    case "files":
      return store.listFiles(path, { signal });
    case "deep":
      return store.listFiles(path, { recursive: true, signal });
    case "children":
      return store.iterChildren(path, { signal });
    case "folders":
      return store.listFolders(path, { maxDepth: 2, signal });
    case "glob":
      return store.glob(path === "" ? "**" : `${path}/**`, { signal });
  }
}

async function reading(
  { how, path, range }: Plan & { kind: "read" },
  store: StoreLike,
  signal: AbortSignal | undefined,
): Promise<Seen> {
  const [offset, length] = range ?? [0, undefined];
  const options = range === null
    ? { signal }
    : { range: { offset, length }, signal };
  if (how === "bytes") return { bytes: await store.readBytes(path, options) };
  if (how === "blob") {
    const blob = await store.openBlob(path, { signal });
    const { etag } = blob;
    const end = length === undefined ? undefined : offset + length;
    const bytes = new Uint8Array(await blob.slice(offset, end).arrayBuffer());
    return { bytes, etag };
  }
  const stream = await store.read(path, options);
  const reader = stream.getReader();
  if (how === "leave") {
    await reader.read();
    await reader.cancel("enough");
    return {};
  }
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
  }
  return { bytes: joined(chunks) };
}

/** Returns one line: what was called, and how it ended. */
export function describe({ plan, match, seen, error }: Call): string {
  const { id, writer: _, seed: _seed, giveUp, kind, ...rest } = plan;
  const asked = Object.entries(rest).map(([name, value]) =>
    `${name} ${JSON.stringify(value)}`
  );
  if (match !== null) asked.push(`ifMatch ${match}`);
  if (giveUp !== null) asked.push(`given up after ${giveUp} ms`);
  const outcome = seen === null
    ? error === GIVEN_UP ? "given up" : `✗ ${error}`
    : `✓ ${shown(seen)}`;
  return `${id} ${kind}(${asked.join(", ")}) ${outcome}`;
}

function shown(seen: Seen): string {
  const { entries, bytes, failed, ...rest } = seen;
  const facts = entries === undefined
    ? []
    : [`[${
      entries.map(({ path, kind }) => kind === "file" ? path : `${path}/`)
    }]`];
  if (bytes !== undefined) facts.push(`${bytes.byteLength} bytes`);
  for (const [path, error] of failed ?? []) facts.push(`${path}: ${error}`);
  const { etag, size, answer, count } = rest;
  const plain = { etag, size, answer, count };
  return `${facts.join("; ")} ${JSON.stringify(plain)}`;
}
