/**
 * Uploads from a page: a bundle whose `runSuite` measures or counts. The stores come as
 * scripts, one a checkout, so that two can be measured side by side.
 *
 * @module
 */
import { noise } from "../indexeddb/noise.ts";

const MEBIBYTE = 1024 * 1024;
/** What S3 takes at least, and most clients send. */
const PART = 8 * MEBIBYTE;
const AT_ONCE = 4;

/** The store of a checkout, as far as it is used here. */
interface Uploading {
  write(path: string, content: unknown, options: object): Promise<unknown>;
  close(): Promise<void>;
}

type Opener = (endpoint: string) => Uploading;

const openers = (globalThis as unknown as { openers: Record<string, Opener> })
  .openers ??= {};

/** What is done: puts of one small file, or uploads of each side in turns. */
export type Job =
  & {
    readonly endpoint: string;
    /** The scripts of checkouts, by name: `ours`, `base`. */
    readonly scripts: Readonly<Record<string, string>>;
  }
  & (
    | { readonly kind: "again"; readonly times: number }
    | {
      readonly kind: "compare";
      readonly content: "stream" | "file";
      readonly mebibytes: number;
      readonly rounds: number;
    }
  );

/** Milliseconds, the middle of the rounds, by side. */
export type Times = Record<string, number>;

/** Does a job. */
export async function runSuite(job: Job): Promise<Times> {
  for (const script of Object.values(job.scripts)) {
    const url = URL.createObjectURL(
      new Blob([script], { type: "text/javascript" }),
    );
    await import(url);
  }
  const { endpoint } = job;
  if (job.kind === "again") {
    const store = openers["ours"]!(endpoint);
    for (let i = 0; i < job.times; i++) {
      await store.write("again.txt", `${i}`, { overwrite: true });
    }
    await store.close();
    return {};
  }
  const { mebibytes, rounds } = job;
  const pieces = Array.from({ length: mebibytes }, (_, i) => noise(i));
  const file = new File(pieces, "file.bin");
  pieces.length = 0;
  const sides = ["naked", ...Object.keys(job.scripts)];
  if (job.content === "stream") sides.push("by hand");
  const times: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round++) {
    for (const side of sides) {
      const start = performance.now();
      if (side === "naked") await naked(endpoint, file);
      else if (side === "by hand") await byHand(endpoint, streamOf(mebibytes));
      else {
        const store = openers[side]!(endpoint);
        const content = job.content === "file" ? file : streamOf(mebibytes);
        await store.write("upload.bin", content, { overwrite: true });
        await store.close();
      }
      // The first one is not counted.
      if (round >= 0) (times[side] ??= []).push(performance.now() - start);
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([side, of]) => [
      side,
      of.sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? NaN,
    ]),
  );
}

/** Uploads what an `<input type="file">` was given; offers one first. */
async function uploadChosen(
  { endpoint, script }: { endpoint: string; script: string },
): Promise<void> {
  const file = document.querySelector("input")?.files?.[0];
  if (file === undefined) {
    const input = document.createElement("input");
    document.body.append(Object.assign(input, { type: "file" }));
    return;
  }
  await runSuite({
    endpoint,
    scripts: { ours: script },
    kind: "again",
    times: 0,
  });
  const store = openers["ours"]!(endpoint);
  await store.write("chosen.bin", file, { overwrite: true });
  await store.close();
}

/** The programs by name. */
export const programs = { runSuite, uploadChosen };

(globalThis as unknown as { programs: typeof programs }).programs = programs;

async function putPart(url: string, body: BodyInit): Promise<void> {
  const response = await fetch(url, { method: "PUT", body });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${response.status}`);
}

/** PUTs of slices, some at once: what a page does by hand. */
async function naked(endpoint: string, file: Blob): Promise<void> {
  let at = 0;
  const lane = async () => {
    while (at < file.size) {
      const slice = file.slice(at, at += PART);
      await putPart(`${endpoint}/bucket/naked.bin?part=${at}`, slice);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/**
 * The same of a stream, whose bytes the browser has not got yet: parts filled from it, and
 * sent as they are.
 */
async function byHand(
  endpoint: string,
  stream: ReadableStream<Uint8Array>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const reader = stream.getReader();
  let part = new Uint8Array(PART);
  let filled = 0;
  for (let number = 1;;) {
    const { done, value } = await reader.read();
    if (value) {
      part.set(value, filled);
      filled += value.byteLength;
    }
    if (filled === PART || (done && filled > 0)) {
      while (underWay.size === AT_ONCE) await Promise.race(underWay);
      const url = `${endpoint}/bucket/hand.bin?part=${number++}`;
      const sent = putPart(url, part.subarray(0, filled))
        .finally(() => underWay.delete(sent));
      underWay.add(sent);
      part = new Uint8Array(PART);
      filled = 0;
    }
    if (done) break;
  }
  await Promise.all(underWay);
}

function streamOf(mebibytes: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at === mebibytes) return controller.close();
      controller.enqueue(noise(at++));
    },
  }, { highWaterMark: 0 });
}
