// This module is browser compatible.
import type { CopyRequest } from "./backend.ts";
import { cross } from "./boundary.ts";
import { requireMatch, requirePut } from "./commit.ts";
import { isInDoubt } from "./doubt.ts";
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  RemoteStoreError,
} from "./errors.ts";
import { lookup, requireFile, requireNoClash, stat } from "./folders.ts";
import { checkCondition, checkEtag, checkStored } from "./gates.ts";
import { COPY, requireKnown, TRANSFER } from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type { CopyOptions, TransferOptions } from "./options.ts";

/**
 * Copies or moves a file. The order of checks is the contract's (BE-018): roots, a key
 * that cannot be kept, source missing, source no file, the same file, destination, then
 * the transfer.
 */
export async function transfer(
  mount: Mount,
  action: "copy" | "move",
  source: string,
  target: string,
  options: CopyOptions,
): Promise<void> {
  const from = mount.fileKey(action, source);
  const to = mount.fileKey(`${action} to`, target);
  const copies = action === "copy";
  const known = copies ? COPY : TRANSFER;
  requireKnown<TransferOptions>(action, source, options, known);
  const condition = checkCondition(action, source, options);
  const { sourceIfMatch } = options;
  const named = checkEtag(action, source, "sourceIfMatch", sourceIfMatch);
  mount.require(action, action, source);
  const storedOf = copies ? checkStored(mount, action, source, options) : null;
  if (condition.ifMatch !== null) {
    mount.require("conditional_copy", action, source, "ifMatch");
  }
  const call = {
    mount,
    action,
    path: mount.pathOf(from),
    target: mount.pathOf(to),
    signal: options.signal,
  };
  return await cross(call, async (signal) => {
    mount.backend.requireKey?.(to);
    const entry = await requireFile(mount, from, signal);
    if (named !== null) requireMatch(entry.etag, named, from);
    if (from === to && storedOf === null) {
      const { ifMatch } = condition;
      if (ifMatch !== null) requireMatch(entry.etag, ifMatch, to);
      return;
    }
    if (mount.backend.namespace === "hierarchical") {
      requirePut(await lookup(mount, to, signal), condition, to);
    } else {
      if (mount.strictFolders) await requireNoClash(mount, to, signal);
      if (!condition.overwrite && !mount.has("conditional_write")) {
        requirePut(await stat(mount, to, signal), condition, to);
      }
    }
    const request: CopyRequest = {
      condition,
      source: entry,
      sourceNamed: named !== null,
      stored: storedOf?.(entry) ?? null,
      signal,
    };
    if (copies) await copy(mount, from, to, request);
    else await move(mount, from, to, request);
  });
}

async function copy(
  mount: Mount,
  from: string,
  to: string,
  request: CopyRequest,
): Promise<void> {
  if (mount.backend.copy === undefined) {
    throw new CapabilityNotSupportedError("the backend has no copy", {
      capability: "copy",
    });
  }
  await mount.reach(request.signal).copy?.(from, to, request);
}

async function move(
  mount: Mount,
  from: string,
  to: string,
  request: CopyRequest,
): Promise<void> {
  const backend = mount.reach(request.signal);
  if (backend.move !== undefined) return await backend.move(from, to, request);
  await copy(mount, from, to, request);
  try {
    // Only the version that was copied: a change in between must not be lost.
    const { etag: ifMatch } = request.source;
    await mount.reach(request.signal).delete(from, {
      ifMatch,
      signal: request.signal,
    });
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    throw isInDoubt(cause)
      ? new BackendUnavailableError(
        "it was copied, and its source may have been deleted, so it is at its target and perhaps at both places",
        { cause, inDoubt: true },
      )
      : new RemoteStoreError(
        "it was copied, but could not be deleted, so it is at both places",
        { cause },
      );
  }
}
