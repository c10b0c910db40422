/**
 * Files that a visitor drops, picks or pastes, folders with all that is in them.
 *
 * @module
 */
import { byId } from "./dom.ts";

/** A file, and its path below what was dropped: `holiday/beach.jpg`. */
export interface Picked {
  readonly path: string;
  readonly file: File;
}

/** Calls back with each lot of files. */
export function watchPicks(
  onPicked: (files: AsyncIterable<Picked>) => void,
): void {
  for (const kind of ["files", "folder"]) {
    const input = byId(`input-${kind}`, HTMLInputElement);
    byId(`pick-${kind}`, HTMLButtonElement)
      .addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      onPicked(ofFiles([...input.files ?? []]));
      // So that the same one can be picked again.
      input.value = "";
    });
  }
  watchDrops(onPicked);
  document.addEventListener("paste", ({ clipboardData }) => {
    const files = [...clipboardData?.files ?? []];
    if (files.length > 0) onPicked(ofFiles(files));
  });
}

function watchDrops(onPicked: (files: AsyncIterable<Picked>) => void): void {
  const veil = byId("veil", HTMLElement);
  let depth = 0;
  const hasFiles = ({ dataTransfer }: DragEvent) =>
    dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth++;
    veil.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth--;
    veil.hidden = depth > 0 ? veil.hidden : true;
  });
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", (event) => {
    depth = 0;
    veil.hidden = true;
    if (!hasFiles(event) || event.dataTransfer === null) return;
    event.preventDefault();
    onPicked(ofDrop(event.dataTransfer));
  });
}

async function* ofFiles(files: readonly File[]): AsyncGenerator<Picked> {
  for (const file of files) {
    yield { path: file.webkitRelativePath || file.name, file };
  }
}

// What was dropped is there during the event only, so entries are taken at once.
function ofDrop(dropped: DataTransfer): AsyncGenerator<Picked> {
  const entries = [...dropped.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  return ofEntries(entries.filter((entry) => entry !== null));
}

async function* ofEntries(
  entries: readonly (FileSystemEntry | File)[],
): AsyncGenerator<Picked> {
  for (const entry of entries) {
    if (entry instanceof File) yield { path: entry.name, file: entry };
    else if (entry.isDirectory) {
      yield* ofFolder(entry as FileSystemDirectoryEntry);
    } else {
      const file = await fileOf(entry as FileSystemFileEntry);
      yield { path: entry.fullPath.replace(/^\//, ""), file };
    }
  }
}

async function* ofFolder(
  folder: FileSystemDirectoryEntry,
): AsyncGenerator<Picked> {
  const reader = folder.createReader();
  for (;;) {
    // It gives some at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    );
    if (some.length === 0) return;
    yield* ofEntries(some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
