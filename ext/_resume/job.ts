// This module is browser compatible.
import {
  Capability,
  CapabilityNotSupportedError,
  type StoreLike,
} from "../../mod.ts";
import type { Network } from "./network.ts";
import type { Shelf } from "./shelf.ts";
import type { Source, Verify } from "./source.ts";
import type { KeptOptions, Unread, UploadToken } from "./token.ts";

/** A store that can be uploaded to. */
export type UploadStore = Pick<
  StoreLike,
  "openUpload" | "write" | "supports" | "resolve"
>;

/** Why an upload was begun anew although another one was there. */
export type RestartReason =
  | "content"
  | "options"
  | "gone"
  | "torn"
  | "newer";

/** How far an upload is, in bytes. */
export interface UploadProgress {
  /** Compared again with what had been sent before; at most as many as were there. */
  readonly checked: number;
  /** Acknowledged by the service, and written down: they are not sent again. */
  readonly acknowledged: number;
  /** Handed over for sending, those that are acknowledged among them. */
  readonly sent: number;
  /** All of them. */
  readonly total: number;
}

/** What an upload is to do. */
export interface Job {
  readonly store: UploadStore;
  /** The path, as the store writes it. */
  readonly path: string;
  /** The hash of where that is. */
  readonly target: string;
  readonly source: Source;
  readonly options: KeptOptions;
  readonly partSize: number | undefined;
  readonly concurrency: number;
  readonly verify: Verify;
  readonly shelf: Shelf | null;
  /** The caller's own token; a word where it says nothing. */
  readonly token: UploadToken | Unread | null;
  readonly network: Network;
  readonly tell: (progress: UploadProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/** Refuses a store that keeps no parts. */
export function requireUploads(store: UploadStore, path: string): void {
  const capability = Capability.RESUMABLE_UPLOAD;
  if (store.supports(capability)) return;
  throw new CapabilityNotSupportedError(
    `Cannot upload ${
      JSON.stringify(path)
    }: the backend does not support ${capability}`,
    { capability, path },
  );
}
