// This module is browser compatible.
import type { Backend } from "./backend.ts";
import type { Capability } from "./capability.ts";
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  InvalidPathError,
  type RemoteStoreErrorOptions,
  statement,
} from "./errors.ts";
import { joinKey, ROOT, stripKey, toCanonical } from "./path.ts";
import type { CallEnd } from "./signal.ts";

/** Options of the `Store` constructor. */
export interface StoreOptions {
  /** Where the files are. The store owns it: closing the store closes it. */
  readonly backend: Backend;
  /**
   * The folder of the backend that is this store's root.
   *
   * @default {""}
   */
  readonly root?: string | undefined;
  /**
   * Whether a flat backend (S3, Azure Blob) is asked before each write whether the
   * path is a folder or lies below a file, and before a delete whether an object is a
   * folder's mark (Azure). Costs a write a request for each ancestor and one listing;
   * hierarchical backends check at no cost, always.
   *
   * @default {false}
   */
  readonly strictFolders?: boolean | undefined;
}

/** Whether a backend is closed; one for all stores that use it. */
export interface Lifecycle {
  /** Set at the start of a terminal close, and never unset. */
  closed: boolean;
  /** The calls in flight, which a terminal close ends; `null` where close is not terminal. */
  readonly calls: Set<CallEnd> | null;
}

const LIFECYCLES = new WeakMap<Backend, Lifecycle>();

function lifecycleOf(backend: Backend): Lifecycle {
  let state = LIFECYCLES.get(backend);
  if (state === undefined) {
    const calls = backend.closeIsTerminal ? new Set<CallEnd>() : null;
    state = { closed: false, calls };
    LIFECYCLES.set(backend, state);
  }
  return state;
}

/**
 * A backend seen from the root of a store: the one place where callers' paths
 * become keys and keys become paths, and where a closed backend and a missing
 * capability are refused.
 */
export class Mount {
  /** The backend. */
  readonly backend: Backend;
  /** The key of the store's root; the empty string is the backend's own. */
  readonly root: string;
  /** What the backend declared when it was mounted. */
  readonly capabilities: ReadonlySet<Capability>;
  /** Whether a flat backend is asked for folders before a write. */
  readonly strictFolders: boolean;
  /** Whether the backend is closed. */
  readonly lifecycle: Lifecycle;

  constructor(backend: Backend, root: string, strictFolders: boolean) {
    this.backend = backend;
    this.root = root;
    this.strictFolders = strictFolders;
    this.capabilities = new Set(backend.capabilities);
    this.lifecycle = lifecycleOf(backend);
  }

  /** Returns the same backend seen from another root. */
  at(root: string): Mount {
    return new Mount(this.backend, root, this.strictFolders);
  }

  /** Refuses a backend that is closed for good. Outranks every other check. */
  requireOpen(action: string, path: string | null): void {
    if (!this.lifecycle.closed) return;
    throw this.error(
      BackendUnavailableError,
      action,
      path,
      "the backend is closed",
    );
  }

  /** Returns an error about a path of this store. `facts` are what the class adds. */
  error<T>(
    Class: new (message: string, options: T & RemoteStoreErrorOptions) => Error,
    action: string,
    path: string | null,
    why: string,
    facts?: T,
  ): Error {
    const options = { path, backend: this.backend.name, ...facts as T };
    return new Class(`Cannot ${statement(action, path)}: ${why}`, options);
  }

  /** Returns the key of a file; the root, however it is spelled, is refused. */
  fileKey(action: string, path: string): string {
    this.requireOpen(action, path);
    return this.belowRoot(action, path);
  }

  /** Returns the key of a path that is not the root, of a closed backend too. */
  belowRoot(action: string, path: string): string {
    const key = this.keyOf(action, path);
    if (key !== this.root) return key;
    throw this.error(
      InvalidPathError,
      action,
      path,
      "it is the root of the store",
    );
  }

  /** Returns the key of a file or folder; the root is a folder. */
  folderKey(action: string, path: string): string {
    this.requireOpen(action, path);
    return this.keyOf(action, path);
  }

  /** Returns the key of a path, of a closed backend too. */
  keyOf(action: string, path: string): string {
    return joinKey(this.root, toCanonical(path, action, this.backend.name));
  }

  /** Returns the store-relative path of a key; `"."` for the root. */
  pathOf(key: string): string {
    return stripKey(this.root, key) || ROOT;
  }

  /** Returns the backend for one more request: a call that has ended sends none. */
  reach(signal: AbortSignal | undefined): Backend {
    signal?.throwIfAborted();
    if (this.lifecycle.closed) throw new BackendUnavailableError();
    return this.backend;
  }

  /** Marks the backend as closed, where that is for good, and ends what is in flight. */
  shut(): void {
    const { calls } = this.lifecycle;
    if (calls === null) return;
    this.lifecycle.closed = true;
    for (const call of calls) {
      try {
        call.abort();
      } catch {
        // Workers let no request end what another one has begun: it ends at its next step.
      }
    }
  }

  /** Returns whether the backend declares a capability. */
  has(capability: Capability): boolean {
    return this.capabilities.has(capability);
  }

  /** Refuses what the backend does not declare. `option` names the option that needs it. */
  require(
    capability: Capability,
    action: string,
    path: string | null,
    option?: string,
  ): void {
    if (this.capabilities.has(capability)) return;
    const what = option === undefined ? "" : ` with ${option}`;
    throw new CapabilityNotSupportedError(
      `Cannot ${
        statement(action, path)
      }${what}: the backend ${this.backend.name} does not support ${capability}`,
      { capability, path, backend: this.backend.name },
    );
  }
}
