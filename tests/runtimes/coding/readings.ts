/**
 * Every reading call on files that a server codes: in a page of another origin, and on
 * runtimes that tell it each in its own way. What comes has to be right, or an error.
 *
 * @module
 */
import { HttpBackend } from "../../../backends/http/mod.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import {
  type Backend,
  isRemoteStoreError,
  RetryPolicy,
  Store,
} from "../../../mod.ts";
import { EXPOSED, KINDS, TEXT } from "./files.ts";

/** What came of the calls. */
export interface Readings {
  /** How many calls gave the right bytes. */
  readonly right: number;
  /** How many were refused. */
  readonly refused: number;
  /** What came of the others. */
  readonly wrong: readonly string[];
}

const retry = new RetryPolicy({ attempts: 3, minDelay: 1, maxDelay: 5 });
const BYTES = new TextEncoder().encode(TEXT);

const OPENERS: Readonly<Record<string, (origin: string) => Backend>> = {
  http: (origin) => new HttpBackend({ baseUrl: `${origin}/bucket/`, retry }),
  s3: (origin) =>
    new S3Backend({
      bucket: "bucket",
      endpoint: origin,
      dialect: "aws",
      credentials: { accessKeyId: "k", secretAccessKey: "s" },
      retry,
    }),
};

/** Part of the content: where it begins, and how much of it. */
type Window = readonly [from: number, to: number];

interface Reading {
  readonly name: string;
  readonly window: Window;
  readonly read: (store: Store, path: string) => Promise<Uint8Array | string>;
}

const ALL: Window = [0, BYTES.length];

const READINGS: readonly Reading[] = [
  {
    name: "readText",
    window: ALL,
    read: (store, path) => store.readText(path),
  },
  {
    name: "readBytes",
    window: ALL,
    read: (store, path) => store.readBytes(path),
  },
  {
    name: "read",
    window: ALL,
    read: async (store, path) => await bytesOf(await store.read(path)),
  },
  {
    name: "open",
    window: ALL,
    read: async (store, path) => {
      const { body } = await store.open(path);
      return body === null ? "no body" : await bytesOf(body);
    },
  },
  {
    name: "openBlob",
    window: ALL,
    read: async (store, path) =>
      new Uint8Array(await (await store.openBlob(path)).arrayBuffer()),
  },
  {
    name: "a slice of openBlob",
    window: [10, 30],
    read: async (store, path) =>
      new Uint8Array(
        await (await store.openBlob(path)).slice(10, 30).arrayBuffer(),
      ),
  },
  {
    name: "a range",
    window: [10, 30],
    read: (store, path) =>
      store.readBytes(path, { range: { offset: 10, length: 20 } }),
  },
  {
    name: "a range to the end",
    window: [300, BYTES.length],
    read: (store, path) => store.readBytes(path, { range: { offset: 300 } }),
  },
  {
    name: "the last bytes",
    window: [BYTES.length - 9, BYTES.length],
    read: (store, path) => store.readBytes(path, { range: { suffix: 9 } }),
  },
  {
    name: "decode",
    window: ALL,
    read: (store, path) => store.readText(path, { decode: true }),
  },
];

/** Makes every call. `coded` are the bytes that the server sends in place of the plain ones. */
export async function readAll(
  origin: string,
  coded: Uint8Array,
): Promise<Readings> {
  let right = 0;
  let refused = 0;
  const wrong: string[] = [];
  for (const [name, open] of Object.entries(OPENERS)) {
    const store = new Store({ backend: open(origin) });
    for (const kind of KINDS) {
      for (const exposed of EXPOSED) {
        const path = `${kind}/${exposed}/data.json`;
        for (const { name: call, window, read } of READINGS) {
          const what = `${name} ${path} ${call}`;
          try {
            const got = await read(store, path);
            const bytes = typeof got === "string"
              ? new TextEncoder().encode(got)
              : got;
            const isRight = same(bytes, BYTES.subarray(...window)) ||
              (call !== "decode" && await isStored(store, path) &&
                same(bytes, partOf(coded, window)));
            if (isRight) right++;
            else wrong.push(`${what}: ${bytes.length} other bytes`);
          } catch (error) {
            // Coded bytes are no text.
            const isNoText = call === "readText" && await isStored(store, path);
            if (isRemoteStoreError(error) || isNoText) refused++;
            else wrong.push(`${what}: ${error}`);
          }
        }
        const isPlain = kind === "plain" && exposed === "all";
        if (isPlain && await sizeOf(store, path) !== BYTES.length) {
          wrong.push(`${name} ${path}: another size`);
        }
      }
    }
    await store.close();
  }
  return { right, refused, wrong };
}

/** Whether the file says of itself that it is stored with a coding: then its bytes are those. */
async function isStored(store: Store, path: string): Promise<boolean> {
  const { extra } = await store.getFileInfo(path);
  return extra["contentEncoding"] === "gzip";
}

async function sizeOf(store: Store, path: string): Promise<number | null> {
  return (await store.getFileInfo(path)).size;
}

/** The part of the coded bytes that the same call asks for. */
function partOf(coded: Uint8Array, [from, to]: Window): Uint8Array {
  if (to - from === 9) return coded.subarray(-9);
  return coded.subarray(from, to === BYTES.length ? undefined : to);
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length &&
    one.every((byte, index) => byte === other[index]);
}

async function bytesOf(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>)
      .arrayBuffer(),
  );
}
