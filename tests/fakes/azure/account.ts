/**
 * What the fake service keeps: containers of paths, flat or with real folders.
 *
 * @module
 */

/** A blob; with real folders also a folder. */
export interface Node {
  readonly kind: "file" | "folder";
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly modified: Date;
  /** Content headers and `content-md5`, by their plain names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** The committed blocks, in their order. */
  readonly blocks: readonly Block[];
  /** Index tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** The tier that it was given; `null` for the account's own. */
  readonly tier: string | null;
  /** The id of the version; `null` where none are kept. */
  readonly versionId: string | null;
  /** The copy that made it; `null` where something else has put it since. */
  readonly copy: Copied | null;
}

/** A block of a blob. */
export interface Block {
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What the service knows of the copy that made a blob. */
export interface Copied {
  readonly id: string;
  /** The source's URL, without what signs it. */
  readonly source: string;
}

/** What a request does to a path. */
export type Draft = Partial<Omit<Node, "etag" | "versionId">>;

/** A failure, as the service words it. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

const EMPTY = new Uint8Array(0);

/** A container's paths. */
export class Paths {
  readonly hns: boolean;
  readonly nodes = new Map<string, Node>();
  readonly uncommitted = new Map<
    string,
    Map<string, Uint8Array<ArrayBuffer>>
  >();
  /** Paths that somebody holds a lease on. */
  readonly leased = new Set<string>();
  /** Whether versions are kept from now on, which an account with real folders cannot. */
  keepsVersions: boolean;
  /** What was there before, by path. */
  readonly #older = new Map<string, Node[]>();
  #etags = 0;

  constructor(hns: boolean) {
    this.hns = hns;
    this.keepsVersions = !hns;
  }

  /** Returns a version of a blob. */
  versionAt(path: string, versionId: string): Node | undefined {
    return [this.nodes.get(path), ...this.#older.get(path) ?? []].find((node) =>
      node?.versionId === versionId
    );
  }

  /** Deletes a blob; its version stays. */
  remove(path: string): void {
    this.#setAside(path);
    this.nodes.delete(path);
  }

  /** Deletes a version for good: any but the current one. */
  removeVersion(path: string, node: Node): void {
    if (this.nodes.get(path) === node) {
      throw new Refusal(403, "OperationNotAllowedOnRootBlob");
    }
    const left = this.#older.get(path)?.filter((older) => older !== node) ?? [];
    this.#older.set(path, left);
  }

  #setAside(path: string): void {
    const node = this.nodes.get(path);
    if (!node || node.versionId === null) return;
    this.#older.set(path, [...this.#older.get(path) ?? [], node]);
  }

  /** Puts a node; with real folders, makes those above it. */
  put(path: string, draft: Draft): Node {
    if (this.hns) this.requireRoom(path, draft.kind ?? "file");
    const node: Node = {
      kind: "file",
      bytes: EMPTY,
      headers: {},
      metadata: {},
      blocks: [],
      tags: {},
      tier: null,
      copy: null,
      modified: new Date(),
      ...draft,
      etag: `"0x8DE${(++this.#etags).toString(16).toUpperCase()}"`,
      versionId: this.keepsVersions ? versionIdOf(this.#etags) : null,
    };
    this.#setAside(path);
    if (this.hns) this.#makeFolders(path);
    this.nodes.set(path, node);
    return node;
  }

  /** Moves a node as it is. */
  rename(from: string, to: string): Node {
    const node = this.nodes.get(from);
    if (node === undefined) throw new Refusal(404, "SourcePathNotFound");
    const parent = to.split("/").slice(0, -1).join("/");
    if (parent !== "" && !this.nodes.has(parent)) {
      throw new Refusal(404, "RenameDestinationParentPathNotFound");
    }
    this.requireRoom(to, node.kind);
    this.nodes.delete(from);
    this.nodes.set(to, node);
    return node;
  }

  /** Everything below a folder. */
  below(folder: string): string[] {
    return [...this.nodes.keys()].filter((path) =>
      path.startsWith(`${folder}/`)
    );
  }

  /** Refuses a file where a folder is, and a path below a file. */
  requireRoom(path: string, kind: Node["kind"]): void {
    for (const folder of ancestors(path)) {
      if (this.nodes.get(folder)?.kind === "file") {
        throw new Refusal(409, "PathConflict");
      }
    }
    const there = this.nodes.get(path);
    if (there !== undefined && there.kind !== kind) {
      throw new Refusal(409, "PathConflict");
    }
  }

  #makeFolders(path: string): void {
    for (const folder of ancestors(path)) {
      if (!this.nodes.has(folder)) this.put(folder, { kind: "folder" });
    }
  }
}

// A time, to a ten millionth of a second.
function versionIdOf(count: number): string {
  const time = new Date().toISOString().slice(0, -5);
  return `${time}.${String(count).padStart(7, "0")}Z`;
}

function ancestors(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** Refuses a request whose conditions the node at a path does not meet. */
export function requireConditions(
  node: Node | undefined,
  headers: Headers,
  prefix: "" | "x-ms-source-" = "",
): void {
  const match = headers.get(`${prefix}if-match`);
  const none = headers.get(`${prefix}if-none-match`);
  const failed = prefix === "" ? "ConditionNotMet" : "SourceConditionNotMet";
  if (match !== null && (node === undefined || !meets(match, node))) {
    throw new Refusal(412, failed);
  }
  if (none === "*" && node !== undefined) {
    throw new Refusal(409, "BlobAlreadyExists");
  }
  if (none !== null && none !== "*" && node?.etag === none) {
    throw new Refusal(412, failed);
  }
}

function meets(match: string, node: Node): boolean {
  if (!/^(\*|(W\/)?"[^"]*")$/.test(match)) {
    throw new Refusal(400, "InvalidHeaderValue");
  }
  return match === "*" || match === node.etag;
}
