/**
 * The bucket: a store whose requests a handler signs, on S3 or Azure.
 *
 * @module
 */
import { Store } from "@remote-store/core";
import {
  AzureBackend,
  presign as presignBlob,
} from "@remote-store/core/backends/azure";
import {
  describeRemote,
  presign,
  type RemoteDescription,
  RemoteS3Backend,
  remoteSigner,
} from "@remote-store/core/backends/s3-remote";
import type { Traffic } from "./traffic.ts";

/** For how long a link to a file is good, in seconds. */
export const LINK_SECONDS = 300;

/** A bucket, and what the page was told of it. */
export interface Remote {
  /** All that the visitor has there. */
  readonly store: Store;
  /** What the handler said. */
  readonly told: RemoteDescription;
  /**
   * Returns a link that whoever has it can read a file by, for {@linkcode LINK_SECONDS}.
   *
   * @param saveAs The name to save it under, where it is not to be shown: `null` is
   *   returned where a link cannot say that.
   */
  link(path: string, saveAs?: string): Promise<string | null>;
}

/** Opens a bucket once the handler can be reached, and once only. */
export class Connection {
  /** Its name, which the handler's address ends with. */
  readonly service: string;
  readonly #traffic: Traffic;
  #opened: Promise<Remote> | null = null;

  constructor(service: string, traffic: Traffic) {
    this.service = service;
    this.#traffic = traffic;
  }

  /** Returns the bucket. Where that fails, the next call tries again. */
  open(): Promise<Remote> {
    this.#opened ??= this.#open().catch((error) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  async #open(): Promise<Remote> {
    const { fetch } = this.#traffic;
    const handler = `/sign/${this.service}`;
    const told = await describeRemote(handler, { fetch });
    const signer = remoteSigner(handler, { fetch });
    const { root } = told;
    if (told["service"] === "azure") {
      const backend = new AzureBackend({
        container: String(told["container"]),
        accountUrl: String(told["accountUrl"]),
        hns: false,
        blockSize: PART_SIZE,
        signer,
        fetch,
      });
      const store = new Store({ backend, root });
      const link = async (path: string, saveAs?: string) =>
        saveAs === undefined
          ? (await presignBlob(store, path, { expiresIn: LINK_SECONDS })).url
          : null;
      return { store, told, link };
    }
    const backend = new RemoteS3Backend({
      endpoint: String(told["endpoint"]),
      bucket: String(told["bucket"]),
      region: String(told["region"]),
      dialect: told["dialect"] === "ceph" ? "ceph" : "aws",
      partSize: PART_SIZE,
      signer,
      fetch,
    });
    const store = new Store({ backend, root });
    const link = async (path: string, saveAs?: string) => {
      const { url } = await presign(store, path, {
        expiresIn: LINK_SECONDS,
        ...saveAs !== undefined && {
          response: { contentDisposition: toDisposition(saveAs) },
        },
      });
      return url;
    };
    return { store, told, link };
  }
}

// RFC 3986 §2.3: all but what is unreserved.
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

// RFC 6266, with the name in the encoding of RFC 8187.
function toDisposition(name: string): string {
  return `attachment; filename*=UTF-8''${encode(name)}`;
}

/** The least that S3 takes: a small part is a small loss when the network goes. */
export const PART_SIZE = 5 * 1024 * 1024;
