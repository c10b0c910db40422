import { InvalidArgumentError } from "../../mod.ts";
import { createHasher, toDigest } from "../../ext/_digest/engine.ts";
import {
  checksumStream,
  type HashAlgorithm,
  type HashName,
  HashStream,
  ProgressStream,
  progressStream,
} from "../../ext/streams.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { collect, cut, WatchedStream } from "./sources.ts";
import { VECTORS } from "./vectors.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const CHUNKS = [[1], [], [2, 3]].map((chunk) => new Uint8Array(chunk));
const MD5_OF_123 = "md5:5289df737df57326fcdd22597afb1fac";
const MD5_OF_1 = "md5:55a54008ad1ba589aa210d2629c1df41";
const MD5_OF_NOTHING = "md5:d41d8cd98f00b204e9800998ecf8427e";

/** Both ways to hash a stream, as one function. */
const WAYS: Record<
  string,
  (source: ReadableStream<Uint8Array>, algorithm?: HashName) => {
    readonly readable: ReadableStream<Uint8Array>;
    readonly digest: Promise<{ value: string }>;
    digestSoFar(): { value: string } | null;
  }
> = {
  HashStream(source, algorithm) {
    const hash = new HashStream(algorithm);
    return {
      readable: source.pipeThrough(hash),
      digest: hash.digest,
      digestSoFar: () => hash.digestSoFar(),
    };
  },
  checksumStream,
};

for (const [name, hashed] of Object.entries(WAYS)) {
  Deno.test(`STR-003: ${name} hashes exactly the bytes that pass, and changes none`, async () => {
    for (const { algorithm, message, hex, from } of VECTORS) {
      const { stream } = new WatchedStream(cut(message, 65_521));
      const { readable, digest } = hashed(stream, algorithm);
      assertEquals((await collect(readable)).length, message.length, from);
      assertEquals(`${await digest}`, `${algorithm}:${hex}`, from);
    }
  });

  Deno.test(`STR-003: chunk boundaries and views change no hash of ${name}`, async () => {
    const property = fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 50 }),
      fc.nat(7),
      async (message, size, offset) => {
        const large = new Uint8Array(message.length + offset);
        large.set(message, offset);
        const chunks = function* () {
          for (let at = offset; at < large.length; at += size) {
            yield large.subarray(at, Math.min(at + size, large.length));
          }
        };
        const { readable, digest } = hashed(new WatchedStream(chunks()).stream);
        assertEquals(await collect(readable), new Uint8Array(message));
        const whole = createHasher("sha256");
        whole.update(message);
        const expected = toDigest("sha256", whole.digest() as Bytes);
        assertEquals((await digest).value, expected.value);
      },
    );
    await fc.assert(property, { numRuns: 50 });
  });

  Deno.test(`STR-004: ${name} tells the hash so far, at any moment`, async () => {
    const { readable, digest, digestSoFar } = hashed(
      new WatchedStream(CHUNKS).stream,
      "MD5",
    );
    assertEquals(`${digestSoFar()}`, MD5_OF_NOTHING);
    const reader = readable.getReader();
    await reader.read();
    assertEquals(`${digestSoFar()}`, MD5_OF_1);
    while (!(await reader.read()).done);
    assertEquals(`${digestSoFar()}`, MD5_OF_123);
    assertEquals(`${await digest}`, MD5_OF_123);
  });

  Deno.test(`STR-005: ${name} refuses an unsupported algorithm when it is made`, () => {
    const { stream } = new WatchedStream(CHUNKS);
    assertThrows(
      () => hashed(stream, "sha3" as HashName),
      InvalidArgumentError,
      'Cannot compute a "sha3" hash',
    );
    assertEquals(stream.locked, false);
  });

  Deno.test(`STR-005: ${name} takes both spellings, and SHA-256 where none is given`, async () => {
    for (const algorithm of ["sha256", "SHA-256", undefined] as const) {
      const { readable, digest } = hashed(
        new WatchedStream([]).stream,
        algorithm,
      );
      await collect(readable);
      assert(`${await digest}`.startsWith("sha256:e3b0c442"));
    }
  });

  Deno.test(`STR-007: ${name} passes the source's error on, and its digest rejects with it`, async () => {
    const error = new RangeError("broken");
    const { readable, digest } = hashed(
      new WatchedStream(CHUNKS, error).stream,
    );
    assertStrictEquals(await assertRejects(() => collect(readable)), error);
    assertStrictEquals(await assertRejects(() => digest), error);
  });

  Deno.test(`STR-007: giving ${name} up cancels the source, read or not, and rejects nothing unhandled`, async () => {
    for (const reads of [0, 1]) {
      const source = new WatchedStream(CHUNKS);
      const { readable, digest } = hashed(source.stream);
      const reader = readable.getReader();
      for (let i = 0; i < reads; i++) await reader.read();
      await reader.cancel("enough");
      await new Promise((resolve) => setTimeout(resolve, 0));
      assertEquals(source.cancelled, ["enough"]);
      assertEquals(await digest.catch((reason) => reason), "enough");
    }
  });

  Deno.test(`STR-003: ${name} refuses a chunk that is no bytes`, async () => {
    const source = new WatchedStream(["text"]);
    const { readable } = hashed(source.stream);
    await assertRejects(() => collect(readable), InvalidArgumentError);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assertEquals(source.cancelled.length, 1);
  });
}

/** Both ways to watch a stream. */
const PROGRESS: Record<string, typeof progressStream> = {
  ProgressStream: (source, onChunk) =>
    source.pipeThrough(new ProgressStream(onChunk)),
  progressStream,
};

for (const [name, watched] of Object.entries(PROGRESS)) {
  Deno.test(`STR-001: ${name} tells the bytes of each chunk that has any, after it came`, async () => {
    const sizes: number[] = [];
    const { stream } = new WatchedStream(CHUNKS);
    const body = watched(stream, (bytes) => void sizes.push(bytes));
    assertEquals(await collect(body), new Uint8Array([1, 2, 3]));
    assertEquals(sizes, [1, 2]);
  });

  Deno.test(`STR-002: what the callback of ${name} throws ends the stream and the source`, async () => {
    const error = new RangeError("enough");
    const source = new WatchedStream(CHUNKS);
    const body = watched(source.stream, () => {
      throw error;
    });
    assertStrictEquals(await assertRejects(() => collect(body)), error);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assertEquals(source.cancelled, [error]);
  });

  Deno.test(`STR-002: a failed source calls no callback of ${name}`, async () => {
    const error = new RangeError("broken");
    const body = watched(new WatchedStream([], error).stream, () => {
      throw new Error("called");
    });
    assertStrictEquals(await assertRejects(() => collect(body)), error);
  });

  Deno.test(`STR-001: ${name} refuses a callback that is none`, () => {
    assertThrows(
      () => watched(new ReadableStream(), 5 as never),
      InvalidArgumentError,
      "onChunk is not a function",
    );
  });

  Deno.test(`STR-007: giving ${name} up cancels the source`, async () => {
    for (const reads of [0, 1]) {
      const source = new WatchedStream(CHUNKS);
      const reader = watched(source.stream, () => {}).getReader();
      for (let i = 0; i < reads; i++) await reader.read();
      await reader.cancel("enough");
      await new Promise((resolve) => setTimeout(resolve, 0));
      assertEquals(source.cancelled, ["enough"]);
    }
  });
}

Deno.test("STR-006: hashes and progress nest in any order, each with its own state", async () => {
  const algorithms: readonly HashAlgorithm[] = ["md5", "sha1", "crc32c"];
  const property = fc.asyncProperty(
    fc.array(fc.constantFrom(...algorithms, "progress" as const), {
      maxLength: 6,
    }),
    fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    async (layers, piped) => {
      let stream: ReadableStream<Uint8Array> = new WatchedStream(CHUNKS).stream;
      const digests: Promise<unknown>[] = [];
      const counts: number[] = [];
      layers.forEach((layer, i) => {
        const way = piped[i] ? 0 : 1;
        if (layer === "progress") {
          const at = counts.push(0) - 1;
          const watch = Object.values(PROGRESS)[way]!;
          stream = watch(stream, (bytes) => void (counts[at]! += bytes));
        } else {
          const layered = Object.values(WAYS)[way]!(stream, layer);
          stream = layered.readable;
          digests.push(layered.digest);
        }
      });
      assertEquals(await collect(stream), new Uint8Array([1, 2, 3]));
      assertEquals(counts, counts.map(() => 3));
      const expected = {
        md5: MD5_OF_123,
        sha1: "sha1:7037807198c22a7d2b0807371d763779a84fdfcf",
        crc32c: "crc32c:f130f21e",
      };
      assertEquals(
        (await Promise.all(digests)).map(String),
        layers.flatMap((layer) =>
          layer === "progress" ? [] : [expected[layer as keyof typeof expected]]
        ),
      );
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

Deno.test("STR-003: a locked stream is refused", () => {
  const stream = new ReadableStream<Uint8Array>();
  stream.getReader();
  assertThrows(() => checksumStream(stream), InvalidArgumentError, "locked");
  assertThrows(
    () => progressStream(stream, () => {}),
    InvalidArgumentError,
    "locked",
  );
});
