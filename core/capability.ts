// This module is browser compatible.

const VALUES: readonly string[] = [
  "read",
  "write",
  "delete",
  "list",
  "list_from",
  "move",
  "copy",
  "metadata",
  "atomic_write",
  "glob",
  "user_metadata",
  "conditional_write",
  "conditional_delete",
  "conditional_copy",
  "copy_metadata",
  "create_folder",
  "versions",
  "presign",
  "resumable_upload",
  "atomic_move",
  "seekable_read",
  "lazy_read",
  "write_result_native",
];

/**
 * What a backend can do. The values are the Python library's, so that logs,
 * errors and tables read the same in both languages.
 *
 * Three kinds: a capability that gates methods makes them reject with
 * {@linkcode CapabilityNotSupportedError} where it is missing; one that gates an
 * option does so only when the option is given; a quality flag gates nothing and
 * only tells what to expect.
 *
 * @example Ask before an optional step
 * ```ts
 * import { Capability, Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { assert } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * assert(store.supports(Capability.USER_METADATA));
 * assert(store.supports("atomic_move"));
 * ```
 */
export const Capability: {
  /** Gates `read`, `open`, `readBytes`, `readText` and, together with `METADATA`, `openBlob`. */
  readonly READ: "read";
  /** Gates `write`, `writeText` and, together with `RESUMABLE_UPLOAD`, `openUpload`. */
  readonly WRITE: "write";
  /** Gates `delete`, `deleteMany` and `deleteFolder`. */
  readonly DELETE: "delete";
  /** Gates `listFiles`, `listFolders`, `iterChildren` and `getFolderInfo`. */
  readonly LIST: "list";
  /** Gates the `startAfter` option of `listFiles`: the backend lists in an order, from any name on. */
  readonly LIST_FROM: "list_from";
  /** Gates `move`. */
  readonly MOVE: "move";
  /** Gates `copy`. */
  readonly COPY: "copy";
  /** Gates `getFileInfo`, `head` and, together with `LIST` and `READ`, `getFolderInfo` and `openBlob`. */
  readonly METADATA: "metadata";
  /** Gates `writeAtomic` and `openAtomic`: a reader sees the old or the new content, never a part. */
  readonly ATOMIC_WRITE: "atomic_write";
  /** Gates `glob`: the backend lists by any prefix, so a pattern costs only the keys that share its literal start. */
  readonly GLOB: "glob";
  /** Gates the `metadata` option, when it is not empty. */
  readonly USER_METADATA: "user_metadata";
  /** Gates the `ifMatch` option of writes, and makes `overwrite: false` free of races. */
  readonly CONDITIONAL_WRITE: "conditional_write";
  /** Gates the `ifMatch` option of `delete`: the service compares in the step that deletes. */
  readonly CONDITIONAL_DELETE: "conditional_delete";
  /** Gates the `ifMatch` option of `copy` and `move`: the service compares in the step that puts. */
  readonly CONDITIONAL_COPY: "conditional_copy";
  /** Gates what `copy` is to store in place of what the source has: `metadata`, `contentType` and the other header fields. */
  readonly COPY_METADATA: "copy_metadata";
  /** Gates `createFolder`: folders exist of themselves, so that an empty one can. */
  readonly CREATE_FOLDER: "create_folder";
  /** Gates the `versionId` option of reads, `getFileInfo`, `openBlob` and `delete`: the service keeps what was replaced, where it is told to. */
  readonly VERSIONS: "versions";
  /** Gates signed URLs. */
  readonly PRESIGN: "presign";
  /** Gates `openUpload`: the service keeps the parts of an upload until it is completed or discarded. */
  readonly RESUMABLE_UPLOAD: "resumable_upload";
  /** Quality: during a `move` a reader sees the file at one end, never at none. */
  readonly ATOMIC_MOVE: "atomic_move";
  /** Quality: byte ranges are served natively, without reading the rest. */
  readonly SEEKABLE_READ: "seekable_read";
  /** Quality: `read` fetches on demand and does not load the file first. */
  readonly LAZY_READ: "lazy_read";
  /** Quality: write results carry what the write's own response said; `source` is `"native"`. */
  readonly WRITE_RESULT_NATIVE: "write_result_native";
} = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ Object.fromEntries(
    /* @__PURE__ */ VALUES.map((value) => [value.toUpperCase(), value]),
  ),
) as never;

/** One of the values of {@linkcode Capability}. */
export type Capability = typeof Capability[keyof typeof Capability];

const KNOWN: ReadonlySet<string> = /* @__PURE__ */ new Set(VALUES);

/**
 * An immutable set of capabilities, for a backend to declare.
 *
 * @example Declare what a backend can do
 * ```ts
 * import { CapabilitySet } from "@remote-store/core";
 * import { assert, assertThrows } from "@std/assert";
 *
 * const declared = new CapabilitySet(["read", "list"]);
 * assert(declared.has("read"));
 * assertThrows(() => declared.add("write"), TypeError);
 * ```
 */
export class CapabilitySet extends Set<Capability> {
  /**
   * Creates the set.
   *
   * @param capabilities At least one capability.
   * @throws {TypeError} If it is empty or names an unknown capability.
   */
  constructor(capabilities: Iterable<Capability>) {
    super();
    for (const capability of capabilities) {
      if (!KNOWN.has(capability)) {
        throw new TypeError(
          `Cannot declare the capability "${capability}": it is unknown`,
        );
      }
      super.add(capability);
    }
    if (this.size === 0) {
      throw new TypeError("Cannot declare no capability: one is needed");
    }
  }

  /** Refuses: the set is immutable. */
  override add(_capability: Capability): this {
    throw sealed();
  }

  /** Refuses: the set is immutable. */
  override delete(_capability: Capability): boolean {
    throw sealed();
  }

  /** Refuses: the set is immutable. */
  override clear(): void {
    throw sealed();
  }
}

function sealed(): TypeError {
  return new TypeError("Cannot change a CapabilitySet: it is immutable");
}
