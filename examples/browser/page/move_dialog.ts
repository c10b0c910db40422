/**
 * Where to move files to: asked for, and done.
 *
 * @module
 */
import type { StoreLike } from "@remote-store/core";
import { byId, el } from "./dom.ts";
import { filesBelow, type Row } from "./listing.ts";
import { countText, whyFailed } from "./words.ts";

/** What the dialog needs. */
export interface MoveOptions {
  readonly rows: readonly Row[];
  readonly folder: string;
  /** Folders to offer, once they are known. */
  readonly folders: Promise<readonly string[]>;
  readonly connect: () => Promise<StoreLike>;
}

/** Asks for a folder, or for one file its whole path, and moves. Returns what was moved. */
export function askAndMove(options: MoveOptions): Promise<string | null> {
  const { rows, folder, folders, connect } = options;
  const dialog = byId("move-dialog", HTMLDialogElement);
  const form = byId("move-form", HTMLFormElement);
  const target = byId("move-target", HTMLInputElement);
  const result = byId("move-result", HTMLElement);
  const [first] = rows;
  const single = rows.length === 1 && first !== undefined ? first : null;
  byId("move-title", HTMLElement).textContent = single === null
    ? `Move ${countText(rows.length, "entry", "entries")}`
    : `Move or rename “${single.name}”`;
  byId("move-text", HTMLElement).textContent = single === null
    ? "They keep their names."
    : "";
  byId("move-label", HTMLElement).textContent = single === null
    ? "Folder"
    : "New path";
  target.value = single === null ? folder : single.path;
  const offer = byId("folders", HTMLElement);
  offer.replaceChildren();
  void folders.then((folders) =>
    offer.append(...folders.map((value) => el("option", { value })))
  );
  result.textContent = "";
  return new Promise((resolve) => {
    const move = async (event: Event) => {
      event.preventDefault();
      const to = target.value.trim().replace(/^\/+|\/+$/g, "");
      if (single !== null && to === "") {
        result.textContent = "It needs a name.";
        return;
      }
      result.textContent = "Moving…";
      try {
        const store = await connect();
        for (const row of rows) {
          const path = single !== null
            ? to
            : to === ""
            ? row.name
            : `${to}/${row.name}`;
          await moveRow(store, row, path);
        }
        dialog.close(to === "" ? "All files" : to);
      } catch (error) {
        result.textContent = whyFailed(error);
        target.focus();
      }
    };
    const submit = (event: Event) => void move(event);
    dialog.returnValue = "";
    form.addEventListener("submit", submit);
    dialog.addEventListener("close", () => {
      form.removeEventListener("submit", submit);
      resolve(dialog.returnValue || null);
    }, { once: true });
    dialog.showModal();
    target.select();
  });
}

async function moveRow(
  store: StoreLike,
  row: Row,
  path: string,
): Promise<void> {
  if (row.kind === "file") return await store.move(row.path, path);
  if (`${path}/`.startsWith(`${row.path}/`)) {
    throw new Error("A folder cannot be moved into itself.");
  }
  // A bucket has no folders, so each file of one moves by itself.
  for (const file of await filesBelow(store, [row])) {
    await store.move(file, path + file.slice(row.path.length));
  }
}
