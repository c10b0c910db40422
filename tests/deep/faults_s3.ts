/**
 * The strict fake of S3, for schedules.
 *
 * @module
 */
import { S3Backend } from "../../backends/s3/mod.ts";
import { RetryPolicy, Store } from "../../mod.ts";
import {
  between,
  broken,
  type Exchange,
  type Fault,
  s3Faults,
} from "../conformance/faults.ts";
import { ACCOUNT, FakeS3 } from "../fakes/s3/service.ts";
import type { Ground } from "./faults_calls.ts";
import { httpLine, type World } from "./faults_world.ts";
import { WEIGHTS } from "./faults_weights.ts";

const PART = 5 * 1024 * 1024;

const GROUND: Ground = {
  files: ["a", "b", "d/a", "d/b", "d/e/a"],
  folders: ["d", "d/e", "q"],
  sizes: [8, 24, 24],
  streams: [0, 8, 24],
  kinds: WEIGHTS,
};

/** Two names and one length, so that what was written before looks like what is written. */
const LONG: Partial<Ground> = {
  files: ["a", "b"],
  sizes: [PART + 16],
  streams: [PART + 16],
  kinds: { write: 24, copy: 4, move: 8, delete: 2, list: 2, read: 4, info: 1 },
  hows: ["stream", "atomic"],
  modes: ["overwrite", "overwrite", "create", "match"],
};

/** One schedule of so many has long contents, which take their time; with `--long` each. */
const LONG_IN = Deno.args.includes("--long") ? 1 : 16;

/** Returns an S3 as a seed has it. */
export function s3World(random: (limit: number) => number): World {
  const long = random(LONG_IN) === 0;
  const signed = random(4) === 0;
  const service = new FakeS3({
    trusting: !signed,
    opaqueTags: random(3) === 0,
    quickTags: long,
    ownSums: false,
    pageSize: [1, 2, 3, 1000][random(4)] ?? 1000,
    absentMatch: ([204, 404, 412] as const)[random(3)] ?? 404,
  });
  const { bucket } = service;
  const retry = new RetryPolicy({
    attempts: random(3) + 2,
    minDelay: 100,
    maxDelay: 5000,
  });
  // What is long was written in parts, which its ETag tells.
  const put = (key: string, bytes: Uint8Array<ArrayBuffer>) => {
    const tag = service.tagOf(bytes);
    const isLong = bytes.byteLength > PART;
    bucket.put(key, bytes, {}, isLong ? tag.replace(/"$/, '-2"') : tag);
  };
  for (const key of ["a//b", "q//x", "d/", "d/./e"]) {
    if (random(4) === 0) put(key, new Uint8Array(random(2)));
  }
  // A rule of the bucket, or whoever tidies up, ends an upload at any time: before a
  // request for it arrives, or between two tries of which the first got lost.
  const end = ({ url }: Exchange) => {
    bucket.uploads.delete(url.searchParams.get("uploadId") ?? "");
  };
  const isAboutUpload = ({ method, url }: Exchange) =>
    method === "POST" && url.searchParams.has("uploadId");
  const lifecycle: readonly Fault[] = [
    { ...between("lifecycle", end), weight: 5, fits: isAboutUpload },
    {
      name: "lifecycle, dropped",
      weight: 5,
      fits: isAboutUpload,
      happen({ exchange }) {
        end(exchange);
        return Promise.reject(broken("on the way there"));
      },
    },
  ];
  return {
    ground: long
      ? { ...GROUND, ...LONG }
      : { ...GROUND, files: GROUND.files.slice(0, random(4) + 2) },
    traits: { flat: true, isDraft: () => false },
    fetch: service.fetch,
    *look() {
      for (const [key, token] of bucket.objects) {
        yield [key, { etag: token.etag, bytes: token.bytes, token }];
      }
    },
    put,
    remove: (key) => void bucket.objects.delete(key),
    remains: () => [...bucket.uploads.keys()],
    connect(options) {
      const line = httpLine(
        long ? { ...options, rate: Math.max(options.rate, 0.3) } : options,
        [...s3Faults, ...lifecycle],
      );
      const { fetch } = line;
      const store = new Store({
        backend: new S3Backend({
          bucket: "bucket",
          endpoint: "http://s3.test",
          dialect: "aws",
          credentials: signed ? ACCOUNT : "anonymous",
          partSize: PART,
          ...long ? { copyThreshold: PART } : {},
          concurrency: random(3) + 1,
          retry,
          fetch,
        }),
      });
      return { line, store };
    },
  };
}
