import { digestStreamHasher } from "../../digest/digest_stream.ts";
import { nativeHasher } from "../../digest/native.ts";
import type { HashAlgorithm } from "../../digest/algorithm.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { assertVectors } from "../ext/_digest/hashing.ts";

/** What Workers have, as a stream that hashes each chunk when its turn comes. */
class FakeDigestStream extends WritableStream<Uint8Array> {
  readonly digest: Promise<ArrayBuffer>;
  constructor(name: string) {
    const { promise, resolve, reject } = Promise.withResolvers<ArrayBuffer>();
    const algorithm = name.replace("-", "").toLowerCase() as HashAlgorithm;
    const hasher = nativeHasher(algorithm)!();
    super({
      async write(chunk) {
        await Promise.resolve();
        if (chunk.length === 13) throw new Error("broken");
        hasher.update(chunk);
      },
      close: () =>
        resolve(new Uint8Array(hasher.digest() as Uint8Array).buffer),
      abort: reject,
    });
    this.digest = promise;
  }
}

async function onWorkers(run: () => Promise<void>): Promise<void> {
  Object.defineProperty(crypto, "DigestStream", {
    value: FakeDigestStream,
    configurable: true,
  });
  try {
    await run();
  } finally {
    delete (crypto as { DigestStream?: unknown }).DigestStream;
  }
}

Deno.test("digestStreamHasher() is null where there is no DigestStream", () => {
  assertEquals(digestStreamHasher("sha256"), null);
});

Deno.test("STR-004: the hashes of Workers give the official values", async () => {
  await onWorkers(() =>
    assertVectors(
      ["sha1", "sha256", "sha384", "sha512", "md5"],
      digestStreamHasher,
    )
  );
});

Deno.test("digestStreamHasher() fails as the stream fails, without a rejection that nobody handles", async () => {
  await onWorkers(async () => {
    const hasher = digestStreamHasher("sha1")!();
    await assertRejects(
      () => Promise.resolve(hasher.update(new Uint8Array(13))),
      Error,
      "broken",
    );
    await assertRejects(() => Promise.resolve(hasher.digest()));
  });
});
