// This module is browser compatible.
import {
  ContentDigest,
  readAll,
  type WriteContent,
  type WriteOptions,
} from "../../mod.ts";
import { digestOf } from "../_digest/engine.ts";
import { requireDigest } from "../_digest/expected.ts";
import { Passing } from "../_digest/passing.ts";
import { hashStream } from "../_digest/whole.ts";
import type { Item, Target } from "./side.ts";

/** One file to settle. */
export interface Job {
  readonly source: Item;
  /** What stands in its place. */
  readonly old: Item | undefined;
  readonly target: Target;
  readonly dryRun: boolean;
  readonly byTime: boolean;
  readonly signal: AbortSignal;
  /** Called with the bytes sent so far, where they go in pieces. */
  readonly onBytes: (bytes: number) => void;
}

/** What is held in memory, so that the bytes that are hashed are those that are sent. */
const HELD_BYTES = 4 * 1024 * 1024;

/** What services take of user metadata, and what can be read back. */
const METADATA_BYTES = 2048;
const METADATA_KEYS = 64;

/** A source that was opened: its bytes, with their hash where it is known. */
interface Loaded {
  /** The bytes; `null` where they have been read, and are gone. */
  readonly content: WriteContent | null;
  readonly sha256: string | null;
  readonly about: WriteOptions;
  /** Lets go of what nobody has read; `null` where there is nothing to let go. */
  readonly discard: ((reason: unknown) => Promise<void>) | null;
}

/** Copies a file unless it is there already. */
export async function settle(job: Job): Promise<"copied" | "unchanged"> {
  const { source, old, target, dryRun, signal } = job;
  let loaded: Loaded | undefined;
  // A size that nobody knows is as good as the same one; a time is not.
  if (old && (source.size ?? old.size) === (old.size ?? source.size)) {
    if (job.byTime) {
      if ((old.time ?? NaN) >= (source.time ?? NaN)) return "unchanged";
    } else {
      const there = await old.known(signal);
      if (there.from && there.from === source.etag) return "unchanged";
      const wanted = there.sha256 ??
        (old.local ? (await load(old, signal, true)).sha256 : null);
      if (wanted !== null) {
        let { sha256 } = await source.known(signal);
        sha256 ??= (loaded = await load(source, signal, true)).sha256;
        if (sha256 === wanted) return "unchanged";
      }
    }
  }
  if (dryRun) return "copied";
  if (!loaded?.content) {
    loaded = await load(source, signal, target.keeps && source.local);
  }
  const { content, about } = loaded as Loaded & { content: WriteContent };
  const metadata = target.keeps
    ? marked(about.metadata, loaded.sha256, source.etag)
    : about.metadata;
  try {
    signal.throwIfAborted();
    await target.put(source.path, content, {
      ...about,
      metadata,
      signal,
      // Told by a stream, which bytes at hand need not become.
      onProgress: content instanceof Uint8Array ? undefined : job.onBytes,
    }, old);
  } catch (error) {
    // A refusal leaves the stream untouched, and it is ours.
    await loaded.discard?.(error).catch(() => {});
    throw error;
  }
  return "copied";
}

/** Opens a file; with `hash` its hash is known afterwards. */
async function load(
  item: Item,
  signal: AbortSignal,
  hash: boolean,
): Promise<Loaded> {
  signal.throwIfAborted();
  const { content, size, about } = await item.open(signal);
  const isStream = "getReader" in content;
  const body = isStream ? content : content.stream();
  const loaded = { content, about, discard: null };
  if (size !== null && size <= HELD_BYTES) {
    const bytes = await readAll(body);
    const { value } = await digestOf("sha256", bytes);
    return { ...loaded, content: bytes, sha256: value };
  }
  if (hash) {
    const { value } = await hashStream("sha256", body, signal);
    return { ...loaded, content: isStream ? null : content, sha256: value };
  }
  const { sha256 } = await item.known(signal);
  if (!isStream) return { ...loaded, sha256 };
  const stream = sha256 === null
    ? content
    : checked(item.path, content, sha256);
  return {
    ...loaded,
    // What has a blob's shape is taken for one: so its size is known.
    content: size === null
      ? stream
      : { size, type: "", stream: () => stream } as unknown as Blob,
    sha256,
    discard: (reason) => stream.cancel(reason),
  };
}

/** Returns a stream that ends only if its bytes have the hash that they are said to have. */
function checked(
  path: string,
  body: ReadableStream<Uint8Array>,
  value: string,
): ReadableStream<Uint8Array> {
  const expected = new ContentDigest("sha256", value);
  const passing = new Passing("sha256", () => body.getReader(), {
    holdsBack: true,
    ended: (digest) => requireDigest("write", path, digest, expected),
    // Given up before the first read; one that is being read refuses it, and is ended.
    failed: (reason) => void body.cancel(reason).catch(() => {}),
  });
  return passing.stream;
}

/** Returns metadata by which the next run knows the file, where there is room for it. */
function marked(
  given: WriteOptions["metadata"],
  sha256: string | null,
  etag: string | null,
): Readonly<Record<string, string>> {
  const all: Record<string, string> = { ...given };
  for (const key in all) {
    // Most services keep no case, and would have two of one name.
    if (/^(sha256|sourceetag)$/i.test(key)) delete all[key];
  }
  const metadata = { ...all };
  if (sha256) all["sha256"] = sha256;
  if (etag) all["sourceetag"] = etag;
  const entries = Object.entries(all);
  return entries.length > METADATA_KEYS ||
      new Blob(entries.flat()).size > METADATA_BYTES
    ? metadata
    : all;
}
