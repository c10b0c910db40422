// This module is browser compatible.
import type {
  Backend,
  Body,
  CopyRequest,
  DeleteRequest,
  Entry,
  ListPage,
  ListRequest,
  ReadAnswer,
  ReadRequest,
  SignalRequest,
  StatRequest,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import type { BackendUploads } from "../../core/backend_uploads.ts";
import { type Capability, CapabilitySet } from "../../core/capability.ts";
import { RemoteStoreError } from "../../core/errors.ts";
import { documentOf, properties } from "./answers.ts";
import type { Container } from "./container.ts";
import { copyBlob } from "./copying.ts";
import { deleteBlob, deleteBlobs } from "./deleting.ts";
import { Hierarchy } from "./hns.ts";
import { listBlobs } from "./listing.ts";
import {
  type AzureBackendOptions,
  checkOptions,
  type Settings,
} from "./options.ts";
import { statBlob } from "./probing.ts";
import { readBlob } from "./reading.ts";
import { requireKey } from "./wire.ts";
import { AzureUploads } from "./uploads.ts";
import { writeBlob } from "./writing.ts";

const EVERYWHERE: readonly Capability[] = [
  "read",
  "write",
  "delete",
  "list",
  "move",
  "copy",
  "metadata",
  "atomic_write",
  "glob",
  "user_metadata",
  "conditional_write",
  "conditional_delete",
  "conditional_copy",
  "seekable_read",
  "lazy_read",
  "write_result_native",
];

/** Returns who signs and sends for a backend: for what signs in its name. */
export let containerOf: (backend: AzureBackend) => Container;

/** Returns the name of a backend's account; `null` where no option tells it. */
export let accountNameOf: (backend: AzureBackend) => string | null;

/**
 * Files in a container of Azure Blob Storage, by REST: in browsers and Workers as on
 * servers. Safe for concurrent calls. Nothing is sent before the first call.
 */
export class AzureBackend implements Backend {
  /** The name in errors. */
  readonly name = "azure" as const;
  /** What it can do: `ATOMIC_MOVE` and `CREATE_FOLDER` with `hns`, `PRESIGN` where it can sign. */
  readonly capabilities: ReadonlySet<Capability>;
  /** The service checks MD5, of the whole or of each block. */
  readonly checks: ReadonlySet<string> = new Set(["md5"]);
  /** With `hns` folders exist of themselves, else as the common start of keys. */
  readonly namespace: "flat" | "hierarchical";
  /** A closed backend stays closed. */
  readonly closeIsTerminal = true as const;
  /** `delete` is told what it deleted. */
  readonly deleteTells = true as const;
  /** Deletes many files, 256 in a request. With a flat namespace and access to the account. */
  readonly deleteMany?: NonNullable<Backend["deleteMany"]>;
  /** With a flat namespace other tools mark blobs as folders. */
  readonly folderMarks: boolean;
  /** Removes a folder. With `hns`; else a folder's markers are deleted as files. */
  readonly removeFolder?: NonNullable<Backend["removeFolder"]>;
  /** Blocks that outlive the call that began with them. With a flat namespace. */
  readonly uploads?: BackendUploads;
  /** Creates a folder. With `hns`. */
  readonly createFolder?: NonNullable<Backend["createFolder"]>;
  /** Renames a file in one step. With `hns`. */
  readonly move?: NonNullable<Backend["move"]>;

  readonly #settings: Settings;
  readonly #container: Container;
  readonly #hierarchy: Hierarchy | null;

  static {
    containerOf = (backend) => backend.#container;
    accountNameOf = (backend) => backend.#settings.accountName;
  }

  /**
   * Creates the backend.
   *
   * @throws {InvalidArgumentError} If an option is missing, malformed, or excludes another.
   */
  constructor(options: AzureBackendOptions) {
    const settings = checkOptions(options);
    const { container, hns } = settings;
    const { credential } = container;
    const hierarchy = hns ? new Hierarchy(settings) : null;
    this.#settings = settings;
    this.#container = container;
    this.#hierarchy = hierarchy;
    this.folderMarks = !hns;
    this.namespace = hns ? "hierarchical" : "flat";
    this.capabilities = new CapabilitySet([
      ...EVERYWHERE,
      ...hns
        ? ["atomic_move" as const, "create_folder" as const]
        : ["resumable_upload" as const],
      ...credential.isWhole || credential.presign !== undefined
        ? ["presign" as const]
        : [],
      // The rules of who signs for pages are about the types of writes, and not of versions.
      ...credential.isDelegated ? [] : ["copy_metadata" as const],
      ...credential.isDelegated || hns ? [] : ["versions" as const],
    ]);
    if (hierarchy !== null) {
      this.removeFolder = (key, request) =>
        hierarchy.removeFolder(key, request);
      this.createFolder = (key, request) =>
        hierarchy.createFolder(key, request.signal);
      this.move = (source, target, request) =>
        hierarchy.move(source, target, request);
    } else {
      this.uploads = new AzureUploads(settings);
      if (credential.isWhole) {
        this.deleteMany = (keys, request) =>
          deleteBlobs(container, keys, request);
      }
    }
  }

  /** Returns what stands at a key. */
  async stat(
    key: string,
    { signal, versionId }: StatRequest,
  ): Promise<Entry> {
    if (this.#hierarchy !== null) {
      return await this.#hierarchy.stat(key, signal);
    }
    return await statBlob(this.#container, key, signal, versionId ?? null);
  }

  /** Starts reading a file. A body that breaks off is resumed. */
  read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    const { resumes } = this.#settings;
    const hierarchy = this.#hierarchy;
    const reading = readBlob(this.#container, key, request, resumes);
    return hierarchy === null
      ? reading
      : reading.then((answer) => hierarchy.readable(answer));
  }

  /** Puts a file: in one request, or as blocks. */
  write(key: string, body: Body, request: WriteRequest): Promise<WriteFacts> {
    return this.#hierarchy !== null
      ? this.#hierarchy.write(key, body, request)
      : writeBlob(this.#container, key, body, request, this.#settings);
  }

  /** Deletes a file, with its snapshots. */
  async delete(key: string, request: DeleteRequest): Promise<boolean> {
    return this.#hierarchy !== null
      ? await this.#hierarchy.delete(key, request)
      : await deleteBlob(this.#container, key, request);
  }

  /** Lists a page of at most 5,000, in the order of the keys. */
  async list(prefix: string, request: ListRequest): Promise<ListPage> {
    const page = await listBlobs(this.#container, prefix, request);
    return this.#hierarchy?.visible(page) ?? page;
  }

  /** Refuses a key that the service would change or choke on. */
  requireKey(key: string): void {
    requireKey(key);
  }

  /** Copies a file on the service. */
  async copy(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    if (this.#hierarchy !== null) {
      return await this.#hierarchy.copy(source, target, request);
    }
    const { copyBudget } = this.#settings;
    await copyBlob(this.#container, {
      ...request,
      from: source,
      to: target,
      named: request.condition.ifMatch !== null,
      budget: copyBudget,
    });
  }

  /** Looks at the container; with a SAS, which cannot, at the start of its listing. */
  async ping({ signal }: SignalRequest): Promise<void> {
    const container = this.#container;
    if (container.credential.isWhole) {
      const answers = { 200: properties };
      await container.get("HEAD", container.ownUrl({}), { answers, signal });
    } else {
      const url = container.ownUrl({ comp: "list", maxresults: 1 });
      const answers = { 200: documentOf("EnumerationResults", {}) };
      await container.get("GET", url, { answers, signal });
    }
  }

  /** Ends it; there is nothing to release. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Returns container and key. */
  nativePath(key: string): string {
    const { name } = this.#container;
    return key === "" ? name : `${name}/${key}`;
  }

  /** Returns the key of a native path. */
  toKey(nativePath: string): string {
    const { name } = this.#container;
    if (nativePath === name) return "";
    return nativePath.startsWith(`${name}/`)
      ? nativePath.slice(name.length + 1)
      : nativePath;
  }

  /** Returns the container and the account's URL, which holds no secret. */
  describe(): Readonly<Record<string, unknown>> {
    const { name, blobUrl } = this.#container;
    return {
      container: name,
      accountUrl: blobUrl,
      hns: this.#hierarchy !== null,
    };
  }
}

/**
 * Asks the service whether the account has a hierarchical namespace, in one request.
 *
 * @throws {RemoteStoreError} If the answer does not tell; it is never guessed.
 */
export async function detectHns(
  options: Omit<AzureBackendOptions, "hns"> & {
    /** Ends the request. */
    readonly signal?: AbortSignal | undefined;
  },
): Promise<boolean> {
  const { container } = checkOptions({ ...options, hns: false });
  const { signal } = options;
  const query = { restype: "account", comp: "properties" };
  const url = container.ownUrl(query);
  const answers = { 200: properties };
  const answered = await container.get("HEAD", url, { answers, signal });
  const told = answered.get("x-ms-is-hns-enabled");
  if (told === "true" || told === "false") return told === "true";
  throw new RemoteStoreError(
    "Cannot tell whether the namespace is hierarchical: the service's answer does not say",
    { backend: "azure" },
  );
}
