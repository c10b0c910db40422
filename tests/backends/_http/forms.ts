/** Random reads of one file from every kind of server on every platform, each judged. */
import { AzureBackend } from "../../../backends/azure/mod.ts";
import { HttpBackend } from "../../../backends/http/mod.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { readAll } from "../../../core/body.ts";
import { type ByteRange, RetryPolicy, Store } from "../../../mod.ts";
import { seeded } from "../../runtimes/seeded.ts";
import {
  BESIDE,
  fetchOf,
  type Forms,
  ODD,
  on,
  PLACELESS,
  PLATFORMS,
  SERVERS,
  STORES_GZIP,
} from "./servers.ts";

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const BACKENDS = {
  S3: (fetch: Fetch) =>
    new S3Backend({
      bucket: "bucket",
      endpoint: "https://s3.example",
      credentials: { accessKeyId: "a", secretAccessKey: "s" },
      retry: new RetryPolicy({ attempts: 3, minDelay: 0, maxDelay: 0 }),
      fetch,
    }),
  Azure: (fetch: Fetch) =>
    new AzureBackend({
      accountUrl: "https://a.example",
      container: "files",
      hns: false,
      retry: new RetryPolicy({ attempts: 3, minDelay: 0, maxDelay: 0 }),
      fetch,
    }),
  HTTP: (fetch: Fetch) =>
    new HttpBackend({
      baseUrl: "https://h.example/",
      retry: new RetryPolicy({ attempts: 3, minDelay: 0, maxDelay: 0 }),
      fetch,
    }),
};

/** What became of the reads. */
export interface Tally {
  right: number;
  refused: number;
  readonly wrong: string[];
  /** Right reads by server, so that none is right by refusing all. */
  readonly byServer: Map<string, number>;
}

/** Reads `cases` times, each as its seed says. */
export async function readForms(first: number, cases: number): Promise<Tally> {
  const tally: Tally = { right: 0, refused: 0, wrong: [], byServer: new Map() };
  for (let seed = first; seed < first + cases; seed++) {
    await readOnce(seed, tally);
  }
  return tally;
}

async function readOnce(seed: number, tally: Tally): Promise<void> {
  const below = seeded(seed);
  const pick = <T>(all: readonly T[]) => all[below(all.length)]!;
  const size = pick([0, 1, 5, 300, 2000, 70_000, 140_000]);
  const plain = Uint8Array.from(
    { length: size },
    (_, at) => at % 7 === 0 ? below(256) : 97,
  );
  const forms: Forms = { plain, gzip: await gzipOf(plain) };
  const [kind, server] = pick(Object.entries(SERVERS));
  const [where, platform] = pick(Object.entries(PLATFORMS));
  const [name, backend] = pick(Object.entries(BACKENDS));
  const cuts = Array.from(
    { length: 3 },
    () => below(3) === 0 ? below(150_000) : null,
  );
  const store = new Store({
    backend: backend(fetchOf(server, forms, platform, cuts) as Fetch),
  });
  const decode = below(3) === 0;
  const range = decode || below(2) === 0 ? null : rangeOf(below, size);
  // Nothing tells a page of another origin where a part lies that may end with the file.
  const ends = range !== null && "length" in range &&
    range.offset + range.length! <= size;
  if (PLACELESS.test(kind) && platform.hides && range !== null && !ends) return;
  const stored = STORES_GZIP.test(kind) && name !== "HTTP" && !decode;
  const wanted = cut(stored ? forms.gzip : forms.plain, range);
  // A size that is told to a page of another origin may be that of a form that it cannot
  // see, and a part of a handle is one of its size (docs/adr/0063). All of it is all, or
  // an error. Of S3 and Azure a coding with a strong tag is the stored one.
  const ofForm = platform.hides || (BESIDE.test(kind) && name !== "HTTP");
  const blind = ofForm && ODD.test(kind) && range !== null;
  const calls = ["readBytes", "read", "open"];
  const call = pick(blind ? calls : [...calls, "openBlob", "slice"]);
  const story =
    `seed ${seed}: ${name}, ${kind}, on ${where}: ${call} of ${size} bytes, ${
      JSON.stringify({ decode, range, cuts })
    }`;
  let found: Uint8Array;
  try {
    found = await on(
      platform,
      () => readBy(call, store, { decode, range: range ?? undefined }),
    );
  } catch {
    tally.refused++;
    return;
  }
  // Where a page cannot see that there was a coding, the content of all of it is right.
  const content = platform.hides && range === null;
  const right = isSame(found, wanted) || (content && isSame(found, plain));
  if (!right) {
    tally.wrong.push(`${story}: ${found.byteLength} of ${wanted.byteLength}`);
    return;
  }
  tally.right++;
  tally.byServer.set(kind, (tally.byServer.get(kind) ?? 0) + 1);
}

function isSame(found: Uint8Array, wanted: Uint8Array): boolean {
  return found.byteLength === wanted.byteLength &&
    found.every((byte, at) => byte === wanted[at]);
}

type Wish = { decode: boolean; range: ByteRange | undefined };

async function readBy(
  call: string,
  store: Store,
  { decode, range }: Wish,
): Promise<Uint8Array> {
  const options = { decode, range };
  switch (call) {
    case "readBytes":
      return await store.readBytes("a", options);
    case "read":
      return await readAll(await store.read("a", options));
    case "open": {
      const { body } = await store.open("a", options);
      return await readAll(body!);
    }
  }
  const blob = await store.openBlob("a", { decode });
  if (range === undefined) return await blob.bytes();
  const part = "suffix" in range
    ? range.suffix === 0 ? blob.slice(0, 0) : blob.slice(-range.suffix)
    : blob.slice(
      range.offset,
      range.length === undefined ? undefined : range.offset + range.length,
    );
  return await part.bytes();
}

function rangeOf(below: (end: number) => number, size: number): ByteRange {
  const offset = below(size + 3);
  return below(3) === 0
    ? { suffix: below(size + 3) }
    : below(3) === 0
    ? { offset }
    : { offset, length: below(size + 3) };
}

function cut(bytes: Uint8Array, range: ByteRange | null): Uint8Array {
  if (range === null) return bytes;
  if ("suffix" in range) {
    return bytes.subarray(Math.max(0, bytes.byteLength - range.suffix));
  }
  const { offset, length = Infinity } = range;
  return bytes.subarray(offset, Math.min(bytes.byteLength, offset + length));
}

async function gzipOf(bytes: Uint8Array<ArrayBuffer>) {
  const coded = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(coded).arrayBuffer());
}
