/**
 * What a page that resumes uploads offers to the runner: `programs`.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import {
  describeRemote,
  RemoteS3Backend,
  remoteSigner,
} from "../../../backends/s3/remote.ts";
import { pendingUploads, resumableUpload } from "../../../ext/resume.ts";
import { Store } from "../../../mod.ts";
import { blocksOf } from "./content.ts";

/** What a page knows of an upload that it finds. */
export interface Pending {
  readonly path: string;
  readonly numbers: readonly number[];
  readonly acknowledged: number;
}

/** What an upload has come to. */
export interface Done {
  readonly size: number;
  readonly etag: string | null;
  readonly kept: number;
  readonly because: string | null;
}

const PART = 5 * 2 ** 20;

const local = new Store({
  backend: new IndexedDBBackend({ databaseName: "outbox" }),
});
const files = local.child("files");
const tokens = local.child("tokens");

async function remote(): Promise<Store> {
  const { endpoint, bucket, region, root } = await describeRemote("/sign");
  const backend = new RemoteS3Backend({
    endpoint: String(endpoint),
    bucket: String(bucket),
    region: String(region),
    dialect: "aws",
    signer: remoteSigner("/sign"),
  });
  return new Store({ backend, root });
}

/** The programs by name. */
export const programs = {
  /** Puts the file into IndexedDB, as a drop would; says whether it was not there. */
  async drop({ seed, size }: { seed: number; size: number }): Promise<boolean> {
    const name = `${seed}.bin`;
    if (await files.isFile(name)) return false;
    await files.write(name, new Blob([...blocksOf(seed, size)]));
    return true;
  },

  /** Uploads it, or goes on with it; tells by the console how far it is. */
  async upload(
    { seed, to }: { seed: number; to: string },
  ): Promise<Done> {
    const source = { store: files, path: `${seed}.bin` };
    const { size, etag, kept, because } = await resumableUpload(
      await remote(),
      source,
      to,
      {
        tokens,
        partSize: PART,
        onProgress({ acknowledged }) {
          console.log(JSON.stringify({ acknowledged }));
        },
      },
    );
    return { size, etag, kept, because };
  },

  /** Lists what is under way. */
  async pending(): Promise<Pending[]> {
    const found: Pending[] = [];
    for await (const one of pendingUploads(tokens)) {
      const { path, parts, acknowledged } = one;
      found.push({ path, acknowledged, numbers: parts.map((p) => p.number) });
    }
    return found;
  },
};

(globalThis as unknown as { programs: typeof programs }).programs = programs;
