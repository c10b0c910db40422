// This module is browser compatible.
import { type RemoteBlob, toBlob } from "./blob.ts";
import { beginFile, beginFolder, cross, place } from "./boundary.ts";
import { CapabilityNotSupportedError, NotFoundError } from "./errors.ts";
import {
  isFlatFolder,
  lookup,
  requireFile,
  requireVersionAt,
  stat,
} from "./folders.ts";
import { checkFlag, checkVersion } from "./gates.ts";
import {
  CALL,
  FILE_INFO,
  OPEN_BLOB,
  READ,
  requireKnown,
} from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type {
  CallOptions,
  FileInfoOptions,
  OpenBlobOptions,
} from "./options.ts";
import { asBytes, start } from "./reading.ts";
import { type FileInfo, toFileInfo } from "./results.ts";

/** What a probe asks for: the root is answered from the key, without a request. */
export type Probe = "exists" | "isFile" | "isFolder";

/** Returns whether what a probe asks for stands at a path. */
export async function probe(
  mount: Mount,
  what: Probe,
  path: string,
  options: CallOptions,
): Promise<boolean> {
  const call = beginFolder(
    mount,
    "look up",
    path,
    options,
    CALL,
  );
  const { key } = call;
  if (key === mount.root) {
    options.signal?.throwIfAborted();
    return what !== "isFile";
  }
  return await cross(call, async (signal) => {
    if (what === "isFolder" && mount.backend.namespace === "flat") {
      return await isFlatFolder(mount, key, signal);
    }
    const look = what === "exists" ? lookup : stat;
    const kind = (await look(mount, key, signal))?.kind;
    return (kind === "file" && what !== "isFolder") ||
      (kind === "folder" && what !== "isFile");
  });
}

/** Returns what is known of a file. */
export async function getFileInfo(
  mount: Mount,
  action: string,
  path: string,
  options: CallOptions,
  versionId: string | null = null,
): Promise<FileInfo> {
  const call = beginFile(mount, action, path, options, CALL);
  const { key } = call;
  mount.require("metadata", action, path);
  return await cross(call, async (signal) => {
    const entry = versionId === null
      ? await requireFile(mount, key, signal)
      : await requireVersionAt(mount, key, versionId, signal);
    return toFileInfo(entry, call.path);
  });
}

/** Returns what is known of a file, or `null` where there is none and that is no error. */
export async function findFileInfo(
  mount: Mount,
  path: string,
  options: FileInfoOptions,
): Promise<FileInfo | null> {
  const { signal } = beginFile(mount, "look up", path, options, FILE_INFO);
  const missingOk = checkFlag("look up", path, "missingOk", options.missingOk);
  const { versionId: id } = options;
  const versionId = checkVersion(mount, "look up", path, id);
  try {
    return await getFileInfo(mount, "look up", path, { signal }, versionId);
  } catch (error) {
    // Without a path it is the container that is absent.
    if (missingOk && error instanceof NotFoundError && error.path !== null) {
      return null;
    }
    throw error;
  }
}

/** Returns a lazy handle on a file as it is now. */
export async function openBlob(
  mount: Mount,
  path: string,
  options: OpenBlobOptions,
): Promise<RemoteBlob> {
  mount.fileKey("open", path);
  requireKnown("open", path, options, OPEN_BLOB);
  const { signal } = options;
  const decode = checkFlag("open", path, "decode", options.decode);
  const versionId = checkVersion(mount, "open", path, options.versionId);
  mount.require("read", "open", path);
  if (decode) return await openContent(mount, path, options);
  const info = await getFileInfo(mount, "open", path, { signal }, versionId);
  const { size } = info;
  if (size !== null) return toBlob(mount, { ...info, size }, options);
  throw mount.error(
    CapabilityNotSupportedError,
    "open",
    info.path,
    "the backend does not tell its size",
  );
}

// Only the end of the content tells its size.
async function openContent(
  mount: Mount,
  path: string,
  options: OpenBlobOptions,
): Promise<RemoteBlob> {
  return await start(mount, "open", path, options, READ, async (reading) => {
    const content = await asBytes(reading);
    const size = content.byteLength;
    const info = { ...toFileInfo(reading.entry, reading.path), size };
    return toBlob(mount, info, options, content);
  });
}

/** Asks the backend for a sign of life. */
export async function ping(mount: Mount, options: CallOptions): Promise<void> {
  mount.requireOpen("ping", null);
  requireKnown("ping", null, options, CALL);
  const call = { mount, action: "ping", path: null, signal: options.signal };
  return await cross(call, (signal) => mount.reach(signal).ping({ signal }));
}

/** Closes the backend. A terminal close first ends what is in flight. */
export async function close(mount: Mount): Promise<void> {
  mount.shut();
  try {
    await mount.backend.close();
  } catch (error) {
    throw place(error, {
      mount,
      action: "close",
      path: null,
      signal: undefined,
    });
  }
}
