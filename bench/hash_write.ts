/**
 * What a digest adds to a streamed write: time beside the plain write into a discarding
 * server on loopback, and memory. The server runs in a process of its own:
 *
 * ```sh
 * deno task bench:hash
 * ```
 *
 * @module
 */
import { Store } from "../mod.ts";
import { type HashAlgorithm, writeWithHash } from "../ext/write.ts";
import { DiscardingBackend } from "./discarding_backend.ts";
import { sourceOf } from "./hash_sides.ts";
import {
  collectGarbage,
  interleave,
  ratio,
  type Round,
  show,
} from "./rounds.ts";

const MIB = 1024 * 1024;
const ROUNDS = 9;
const SIZE = 256 * MIB;
const chunk = new Uint8Array(MIB).map((_, i) => i * 31);

async function benchTime(): Promise<void> {
  const server = new Deno.Command("deno", {
    args: [
      "run",
      "--no-config",
      "--allow-net=127.0.0.1",
      new URL("discarding_server.ts", import.meta.url).pathname,
    ],
    stdout: "piped",
  }).spawn();
  try {
    const lines = server.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    const { value: port } = await lines.read();
    const url = `http://127.0.0.1:${Number(port)}/`;
    const store = new Store({ backend: new DiscardingBackend(url) });
    const options = { overwrite: true };
    const hashed = (algorithm: HashAlgorithm): Round => async () =>
      void await writeWithHash(store, "a", sourceOf(chunk, SIZE / MIB), {
        ...options,
        algorithm,
      });
    const times = await interleave({
      plain: async () =>
        void await store.write("a", sourceOf(chunk, SIZE / MIB), options),
      crc32: hashed("crc32"),
      crc32c: hashed("crc32c"),
      crc64nvme: hashed("crc64nvme"),
      sha256: hashed("sha256"),
    }, ROUNDS);
    for (const [name, of] of times) {
      if (name === "plain") continue;
      const speed = show(ratio(times.get("plain") ?? [], of));
      console.log(`write with ${name.padEnd(10)} to the plain write ${speed}`);
    }
    await lines.cancel();
  } finally {
    server.kill();
    await server.status;
  }
}

/** The growth of the process while 1 GiB passes, with fresh chunks as a network gives them. */
async function benchMemory(): Promise<void> {
  const store = new Store({ backend: new DiscardingBackend(null) });
  const write = (mib: number) => {
    let given = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (given++ < mib * 4) {
          controller.enqueue(new Uint8Array(MIB / 4).fill(given));
        } else controller.close();
      },
    }, { highWaterMark: 0 });
    return writeWithHash(store, "a", stream, { overwrite: true });
  };
  // What is loaded at the first use is no growth.
  await write(1);
  collectGarbage();
  const before = Deno.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, Deno.memoryUsage().rss);
  }, 5);
  await write(1024);
  clearInterval(timer);
  const growth = (peak - before) / MIB;
  console.log(
    `1 GiB through writeWithHash: peak ${(peak / MIB).toFixed(0)} MiB, growth ${
      growth.toFixed(1)
    } MiB`,
  );
}

await benchMemory();
await benchTime();
