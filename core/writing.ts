// This module is browser compatible.
import type { Body, WriteFacts, WriteRequest } from "./backend.ts";
import { beginFile, hold, type KeyCall, toOutside } from "./boundary.ts";
import { requirePut } from "./commit.ts";
import { type Content, snapshot, toContent } from "./content.ts";
import { ContentTooLargeError, refuse, RemoteStoreError } from "./errors.ts";
import { refusedBy, requireNoClash, stat } from "./folders.ts";
import { type CheckedWrite, checkHeader, checkWrite } from "./gates.ts";
import { WRITE } from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type { WriteContent, WriteOptions } from "./options.ts";
import { toWriteResult, type WriteResult } from "./results.ts";
import { openSource, type Source } from "./source.ts";

/** Writes a file. `gate` is the capability that the calling method needs. */
export function write(
  mount: Mount,
  path: string,
  content: WriteContent,
  options: WriteOptions,
  gate: "write" | "atomic_write",
): Promise<WriteResult> {
  // One promise fewer than an async function: it shows at small files.
  try {
    const call = beginFile(
      mount,
      "write",
      path,
      options,
      WRITE,
    );
    const checked = checkWrite(mount, "write", path, options, gate);
    const given = toContent("write", path, content);
    return put(call, given, checked, options.onProgress);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Writes text, and nothing but text. */
export async function writeText(
  mount: Mount,
  path: string,
  text: string,
  options: WriteOptions,
): Promise<WriteResult> {
  mount.fileKey("write", path);
  if (typeof text === "string") {
    return await write(mount, path, text, options, "write");
  }
  refuse("write", path, `the text is of type ${typeof text}`);
}

/** Puts checked content at a key and assembles the result. */
export async function put(
  call: KeyCall,
  content: Content,
  checked: CheckedWrite,
  onProgress: ((bytes: number) => void) | undefined,
): Promise<WriteResult> {
  const { mount, path, key } = call;
  const { maxSize } = checked;
  const tooLarge = (size: number) =>
    mount.error(
      ContentTooLargeError,
      call.action,
      path,
      `it has ${size} bytes or more, and maxSize is ${maxSize}`,
    );
  if ((content.size ?? 0) > maxSize) throw tooLarge(content.size ?? 0);
  const headers = withType(call.action, path, checked, content.type);
  // Progress is told by the stream, so bytes travel as one when it is wanted.
  const asBytes = content.bytes !== null && onProgress === undefined;
  const looks = needsLook(mount, checked, asBytes);
  // The caller may change its buffer while this call waits.
  if (looks || !asBytes) content = snapshot(content);
  const held = hold(call);
  const { signal } = held;
  try {
    signal?.throwIfAborted();
    if (looks) await look(mount, key, checked, false, signal);
    const request: WriteRequest = {
      condition: checked.condition,
      headers,
      metadata: checked.metadata,
      check: checked.check,
      signal,
    };
    const native = mount.has("write_result_native");
    if (asBytes && content.bytes !== null) {
      const size = content.bytes.byteLength;
      const body: Body = { kind: "bytes", bytes: content.bytes };
      const facts = await mount.reach(signal).write(key, body, request);
      return toWriteResult(path, size, facts, native, checked.metadata);
    }
    const source = openSource(
      path,
      content,
      onProgress,
      signal,
      (bytes) => {
        if (bytes > maxSize) throw tooLarge(bytes);
      },
    );
    const facts = await putStream(call, source, content.size, request);
    return toWriteResult(path, source.bytes, facts, native, checked.metadata);
  } catch (error) {
    throw toOutside(await refusedBy(error, mount, key, signal), call);
  } finally {
    held.release();
  }
}

async function putStream(
  call: KeyCall,
  source: Source,
  size: number | null,
  request: WriteRequest,
): Promise<WriteFacts> {
  const { stream, blob } = source;
  const body: Body = { kind: "stream", stream, size, blob };
  try {
    const backend = call.mount.reach(request.signal);
    const facts = await backend.write(call.key, body, request);
    if (source.ended) return facts;
    throw new RemoteStoreError("the backend did not take all of the content");
  } catch (error) {
    const cause = source.failure ?? error;
    source.abandon(
      source.failure?.reason ?? call.signal?.reason ?? error,
    );
    throw cause;
  }
}

/**
 * Refuses a write that cannot succeed while its content is still untouched (AW-003).
 * `early` asks also for what a service that honours conditions tells at the commit.
 */
export async function look(
  mount: Mount,
  key: string,
  checked: CheckedWrite,
  early: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { condition } = checked;
  const flat = mount.backend.namespace === "flat";
  if (flat && mount.strictFolders) await requireNoClash(mount, key, signal);
  const open = condition.overwrite && condition.ifMatch === null;
  const told = mount.has("conditional_write") && !early;
  if (flat && (open || told)) return;
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
  action: string,
  path: string,
  checked: CheckedWrite,
  type: string | null,
): WriteRequest["headers"] {
  const { headers } = checked;
  if (type === null || headers.contentType !== null) return headers;
  checkHeader(action, path, "the content's own type", type);
  return { ...headers, contentType: type };
}
