/**
 * What a hierarchical store does, said a second time and in the simplest words: a map
 * of files and a set of folders, looked through from end to end. No code of `core/`.
 *
 * @module
 */

/** Files by path, with content and metadata. */
export class Model {
  readonly files = new Map<string, { text: string; tag: string | null }>();
  readonly folders = new Set<string>();

  write(
    path: string,
    text: string,
    overwrite: boolean,
    tag: string | null,
  ): string {
    const refused = this.#refusal(path, overwrite);
    if (refused !== "ok") return refused;
    this.#put(path, { text, tag });
    return "ok";
  }

  read(path: string): string {
    const file = this.files.get(path);
    return file ? file.text : this.#miss(path);
  }

  delete(path: string, missingOk: boolean): string {
    if (this.files.delete(path)) return "ok";
    const miss = this.#miss(path);
    return miss === "NotFound" && missingOk ? "ok" : miss;
  }

  deleteFolder(path: string, recursive: boolean, missingOk: boolean): string {
    if (this.files.has(path)) return "InvalidPath";
    if (!this.folders.has(path)) return missingOk ? "ok" : "NotFound";
    const below = (other: string) => other.startsWith(`${path}/`);
    const all = [...this.files.keys(), ...this.folders].filter(below);
    if (all.length > 0 && !recursive) return "DirectoryNotEmpty";
    for (const other of [...all, path]) {
      this.files.delete(other);
      this.folders.delete(other);
    }
    return "ok";
  }

  transfer(
    from: string,
    to: string,
    overwrite: boolean,
    keep: boolean,
  ): string {
    const file = this.files.get(from);
    if (!file) return this.#miss(from);
    if (from === to) return "ok";
    const refused = this.#refusal(to, overwrite);
    if (refused !== "ok") return refused;
    this.#put(to, file);
    if (!keep) this.files.delete(from);
    return "ok";
  }

  list(path: string, maxDepth: number): { files: string[]; folders: string[] } {
    const inside = (other: string) => {
      if (path !== "" && !other.startsWith(`${path}/`)) return false;
      const rest = path === "" ? other : other.slice(path.length + 1);
      return rest.split("/").length - 1 <= maxDepth;
    };
    return {
      files: [...this.files.keys()].filter(inside).sort(),
      folders: [...this.folders].filter(inside).sort(),
    };
  }

  #miss(path: string): string {
    return this.folders.has(path) ? "InvalidPath" : "NotFound";
  }

  #above(path: string): string[] {
    const names = path.split("/");
    return names.slice(1).map((_, i) => names.slice(0, i + 1).join("/"));
  }

  #refusal(path: string, overwrite: boolean): string {
    const clash = this.folders.has(path) ||
      this.#above(path).some((folder) => this.files.has(folder));
    if (clash) return "InvalidPath";
    return this.files.has(path) && !overwrite ? "AlreadyExists" : "ok";
  }

  #put(path: string, file: { text: string; tag: string | null }): void {
    for (const folder of this.#above(path)) this.folders.add(folder);
    this.files.set(path, file);
  }
}
