// This module is browser compatible.
import {
  ContentDigest,
  InvalidArgumentError,
  type KnownOptions,
  requireKnown,
  type StoreLike,
} from "../../mod.ts";
import { toHex } from "../../digest/hex.ts";
import { sizeOfPart, type UploadToken } from "./token.ts";

/** A file of a store: one that was dropped into IndexedDB, for one. */
export interface StoredSource {
  /** The store that has it. */
  readonly store: Pick<StoreLike, "openBlob">;
  /** Its path there. */
  readonly path: string;
}

const STORED: KnownOptions<StoredSource> = { store: true, path: true };

/** What can be uploaded: anything that gives the same bytes when it is asked again. */
export type UploadSource = Blob | StoredSource;

/** A file that is read in slices. */
export interface Source {
  /** Its size in bytes. */
  readonly size: number;
  /** Its media type; the empty string for none. */
  readonly type: string;
  /** Its name; `null` where it has none. */
  readonly name: string | null;
  /** The time of its last change; `null` where nobody knows. */
  readonly lastModified: number | null;
  /** Reads a slice. */
  slice(
    from: number,
    to: number,
  ): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Opens what is to be uploaded: a file of a store in the version that it has now. */
export async function openSource(
  path: string,
  source: UploadSource,
  signal: AbortSignal | undefined,
): Promise<Source> {
  if (source instanceof Blob) {
    // By shape: not every runtime has the class.
    const { name = null, lastModified = null } = source as Partial<File>;
    return fileOf(source, name, lastModified);
  }
  if (typeof source?.store?.openBlob === "function") {
    requireKnown("upload", path, source, STORED, "source");
    const blob = await source.store.openBlob(source.path, { signal });
    return fileOf(blob, source.path, null);
  }
  throw new InvalidArgumentError(
    `Cannot upload ${
      JSON.stringify(path)
    }: the source is no Blob and no { store, path }`,
  );
}

function fileOf(
  blob: Pick<Source, "size" | "type" | "slice">,
  name: string | null,
  lastModified: number | null,
): Source {
  const { size, type } = blob;
  const slice: Source["slice"] = (from, to) => blob.slice(from, to);
  return { size, type, name, lastModified, slice };
}

/** Reads a part. */
export async function readPart(
  source: Source,
  token: Pick<UploadToken, "size" | "partSize">,
  number: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const from = (number - 1) * token.partSize;
  const to = from + sizeOfPart(token, number);
  return new Uint8Array(await source.slice(from, to).arrayBuffer());
}

/** Returns the SHA-256 of bytes; pages without https have no WebCrypto. */
export async function hashOf(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<ContentDigest> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  const hash = subtle === undefined
    ? (await import("../../digest/sha256.ts")).sha256(bytes)
    : new Uint8Array(await subtle.digest("SHA-256", bytes));
  return new ContentDigest("sha256", toHex(hash));
}

/** How much of the content is compared again before parts are trusted. */
export type Verify = "all" | "sample" | "size";

/** Of a sample: how many parts beside the first and the last. */
const SAMPLE = 3;

/** Returns whether the parts that a token knows are those of the source; `checked` hears of the bytes. */
export async function isSame(
  source: Source,
  token: UploadToken,
  verify: Verify,
  checked: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const { number, size, sha256 } of chosen(token, verify)) {
    signal?.throwIfAborted();
    const digest = await hashOf(await readPart(source, token, number));
    if (digest.value !== sha256) return false;
    checked(size);
  }
  return true;
}

function chosen({ parts }: UploadToken, verify: Verify): UploadToken["parts"] {
  if (verify === "size") return [];
  if (verify === "all" || parts.length <= SAMPLE + 2) return parts;
  const inner = parts.slice(1, -1);
  const some = Array.from({ length: SAMPLE }, () => {
    const at = Math.floor(Math.random() * inner.length);
    return inner.splice(at, 1);
  });
  return [...parts.slice(0, 1), ...some.flat(), ...parts.slice(-1)];
}
