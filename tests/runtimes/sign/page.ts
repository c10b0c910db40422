/**
 * What a page without a secret offers to the runner: `programs`.
 *
 * @module
 */
import {
  describeRemote,
  RemoteS3Backend,
  remoteSigner,
} from "../../../backends/s3/remote.ts";
import { Store } from "../../../mod.ts";

const MIB = 2 ** 20;

async function open(partSize: number): Promise<Store> {
  const { endpoint, bucket, region, root } = await describeRemote("/sign");
  const backend = new RemoteS3Backend({
    endpoint: String(endpoint),
    bucket: String(bucket),
    region: String(region),
    dialect: "aws",
    partSize,
    signer: remoteSigner("/sign"),
  });
  return new Store({ backend, root });
}

/** The programs by name. */
export const programs = {
  /** Writes a large file in parts of so many MiB. */
  async upload(
    { size, part }: { size: number; part: number },
  ): Promise<number> {
    const store = await open(part * MIB);
    const content = new Blob([new Uint8Array(size * MIB)]);
    const written = await store.write("big.bin", content, { overwrite: true });
    return written.size;
  },
  /** Reads, looks and lists, once each. */
  async look(): Promise<string> {
    const store = await open(8 * MIB);
    const text = await store.readText("a.txt");
    const { size } = await store.getFileInfo("a.txt");
    const files = await Array.fromAsync(store.listFiles(""));
    const bytes = await store.readBytes("a.txt", {
      range: { offset: 1, length: 1 },
    });
    return `${text} ${size} ${files.length} ${bytes.byteLength}`;
  },
  /** Writes, creates again, copies, moves and deletes. */
  async change(): Promise<string> {
    const store = await open(8 * MIB);
    await store.write("b.txt", "b", { contentType: "text/plain" });
    const again = await store.write("b.txt", "c").catch((error) => error.code);
    await store.copy("b.txt", "c.txt");
    await store.move("c.txt", "d.txt");
    const outside = await new Store({
      backend: store.unwrap(RemoteS3Backend),
    }).readText("users/43/a").catch((error) => error.code);
    await store.deleteMany(["b.txt", "d.txt"]);
    return `${again} ${outside} ${await store.exists("b.txt")}`;
  },
};

(globalThis as unknown as { programs: typeof programs }).programs = programs;
