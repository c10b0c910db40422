// This module is browser compatible.
import type { Body, WriteRequest } from "./backend.ts";
import { type Call, cross } from "./boundary.ts";
import { requirePut } from "./commit.ts";
import { type Content, snapshot, Source, toContent } from "./content.ts";
import { RemoteStoreError } from "./errors.ts";
import { requireNoClash, stat } from "./folders.ts";
import { type CheckedWrite, checkWrite } from "./gates.ts";
import { type Mount, statement } from "./mount.ts";
import type { WriteContent, WriteOptions } from "./options.ts";
import { toWriteResult, type WriteResult } from "./results.ts";

/** Writes a file. `gate` is the capability that the calling method needs. */
export function write(
  mount: Mount,
  path: string,
  content: WriteContent,
  options: WriteOptions,
  gate: "write" | "atomic_write",
): Promise<WriteResult> {
  const key = mount.fileKey("write", path);
  const checked = checkWrite(mount, "write", path, options, gate);
  const given = toContent("write", path, content);
  const call = {
    mount,
    action: "write",
    path: mount.pathOf(key),
    signal: options.signal,
  };
  return put(call, key, given, checked, options.onProgress);
}

/** Puts checked content at a key and assembles the result. */
export function put(
  call: Call & { readonly path: string },
  key: string,
  content: Content,
  checked: CheckedWrite,
  onProgress: ((bytes: number) => void) | undefined,
): Promise<WriteResult> {
  const { mount } = call;
  // Progress is told by the stream, so bytes travel as one when it is wanted.
  const asBytes = onProgress === undefined ? content.bytes : null;
  const looks = needsLook(mount, checked, asBytes !== null);
  // The caller may change its buffer while this call waits.
  if (looks || asBytes === null) content = snapshot(content);
  return cross(call, async (signal) => {
    if (looks) await look(mount, key, checked, signal);
    const request: WriteRequest = {
      condition: checked.condition,
      headers: withType(checked, content.type),
      metadata: checked.metadata,
      signal,
    };
    const native = mount.has("write_result_native");
    if (asBytes !== null && content.bytes !== null) {
      const size = content.bytes.byteLength;
      const body: Body = { kind: "bytes", bytes: content.bytes };
      const facts = await mount.backend.write(key, body, request);
      return toWriteResult(call.path, size, facts, native, checked.metadata);
    }
    const source = new Source(
      statement(call.action, call.path),
      content,
      onProgress,
      signal,
    );
    const body: Body = {
      kind: "stream",
      stream: source.stream,
      size: content.size,
    };
    try {
      const facts = await mount.backend.write(key, body, request);
      if (!source.ended) {
        throw new RemoteStoreError(
          "the backend did not take all of the content",
        );
      }
      return toWriteResult(
        call.path,
        source.bytes,
        facts,
        native,
        checked.metadata,
      );
    } catch (error) {
      const cause = source.failure ?? error;
      await source.abandon(
        source.failure?.reason ?? call.signal?.reason ?? error,
      );
      throw cause;
    }
  });
}

/** Refuses a write that cannot succeed while its content is still untouched (AW-003). */
export async function look(
  mount: Mount,
  key: string,
  checked: CheckedWrite,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (mount.backend.namespace === "flat" && mount.strictFolders) {
    await requireNoClash(mount, key, signal);
  }
  const { condition } = checked;
  const open = condition.overwrite && condition.ifMatch === null;
  if (open && mount.backend.namespace === "flat") return;
  requirePut(await stat(mount, key, signal), condition, key);
}

// A backend that checks in its own commit needs no look before bytes at hand. A
// stream would be consumed by a write that fails, so what can be seen at no cost
// on the wire is seen first; a service that honours conditions tells by itself.
function needsLook(
  mount: Mount,
  checked: CheckedWrite,
  atHand: boolean,
): boolean {
  if (mount.backend.namespace === "hierarchical") return !atHand;
  if (mount.strictFolders) return true;
  return !mount.has("conditional_write") && !checked.condition.overwrite;
}

function withType(
  checked: CheckedWrite,
  type: string | null,
): WriteRequest["headers"] {
  const { headers } = checked;
  return type === null || headers.contentType !== null
    ? headers
    : { ...headers, contentType: type };
}
