/**
 * The table of files, its folders and its selection.
 *
 * @module
 */
import { button, byId, el, keyed, picture } from "./dom.ts";
import { type Listing, PAGE, type Row } from "./listing.ts";
import { countText, sizeText, whenText } from "./words.ts";

/** What the view asks of the page. */
export interface FilesViewOptions {
  /** Opens a folder. */
  readonly onFolder: (folder: string) => void;
  /** Shows a file. */
  readonly onFile: (row: Row) => void;
  /** Lists again, as far as so many entries. */
  readonly onRefresh: (most: number) => void;
  readonly onMove: (rows: readonly Row[]) => void;
  readonly onDelete: (rows: readonly Row[]) => void;
}

const FOLDER =
  "M2 5.5A1.5 1.5 0 0 1 3.5 4h4l2 2.5h7A1.5 1.5 0 0 1 18 8v7a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 2 15Z";
const FILE =
  "M5 2.5h6.5L16 7v9.5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1ZM11.5 2.5V7H16";

/** Shows a folder. */
export class FilesView {
  readonly #options: FilesViewOptions;
  readonly #body = byId("rows", HTMLTableSectionElement);
  readonly #all = byId("select-all", HTMLInputElement);
  readonly #selected = new Set<string>();
  #listing: Listing = { folder: "", rows: [], isCut: false };
  #most = PAGE;
  #crumbsOf: string | null = null;

  constructor(options: FilesViewOptions) {
    this.#options = options;
    const on = (id: string, act: () => void) =>
      byId(id, HTMLButtonElement).addEventListener("click", act);
    on("refresh", () => options.onRefresh(this.#most));
    on("show-more", () => options.onRefresh(this.#most += PAGE));
    on("move", () => options.onMove(this.selection));
    on("delete", () => options.onDelete(this.selection));
    on("select-none", () => {
      this.#selectAll(false);
      this.#all.focus();
    });
    this.#all.addEventListener("change", () => {
      this.#selectAll(this.#all.checked);
    });
  }

  /** The folder that is shown. */
  get folder(): string {
    return this.#listing.folder;
  }

  /** How many entries are asked for. */
  get most(): number {
    return this.#most;
  }

  /** The rows that are selected. */
  get selection(): readonly Row[] {
    return this.#listing.rows.filter(({ path }) => this.#selected.has(path));
  }

  /** Shows a folder. */
  show(listing: Listing): void {
    if (listing.folder !== this.folder) {
      this.#selected.clear();
      this.#most = PAGE;
    }
    this.#listing = listing;
    this.#crumbs();
    keyed(
      this.#body,
      listing.rows,
      ({ path, kind }) => `${kind} ${path}`,
      (row) => this.#make(row),
      (element, row) => update(element, row),
    );
    byId("table", HTMLElement).hidden = listing.rows.length === 0;
    byId("empty", HTMLElement).hidden = listing.rows.length > 0;
    byId("more", HTMLElement).hidden = !listing.isCut;
    this.#showSelection();
  }

  /** Says above the table what is the matter; `null` for nothing. */
  notice(text: string | null): void {
    const notice = byId("files-notice", HTMLElement);
    notice.hidden = text === null;
    notice.textContent = text;
  }

  #make(row: Row): HTMLElement {
    const { name, path, kind } = row;
    const box = el("input", {
      type: "checkbox",
      "aria-label": `Select ${kind === "folder" ? "folder " : ""}${name}`,
    });
    box.addEventListener("change", () => {
      if (box.checked) this.#selected.add(path);
      else this.#selected.delete(path);
      this.#showSelection();
    });
    const open = button("", () => {
      const now = this.#listing.rows.find((one) => one.path === path) ?? row;
      if (kind === "folder") this.#options.onFolder(path);
      else this.#options.onFile(now);
    }, { class: "link", "data-kind": kind });
    open.append(
      picture(kind === "folder" ? FOLDER : FILE),
      el("span", {}, name),
    );
    return el(
      "tr",
      {},
      el("td", { class: "check" }, box),
      el("td", { class: "name" }, open),
      el("td", { class: "size" }),
      el("td", { class: "when" }),
    );
  }

  #crumbs(): void {
    // One of them may have the focus.
    if (this.folder === this.#crumbsOf) return;
    this.#crumbsOf = this.folder;
    const names = this.folder === "" ? [] : this.folder.split("/");
    const steps = ["All files", ...names].map((name, index) => {
      const isHere = index === names.length;
      return button(
        name,
        () => this.#options.onFolder(names.slice(0, index).join("/")),
        { "aria-current": isHere ? "page" : null },
      );
    });
    byId("crumbs", HTMLElement).replaceChildren(
      ...steps.flatMap((step, index) =>
        index === 0
          ? [step]
          : [el("span", { "aria-hidden": "true" }, "/"), step]
      ),
    );
  }

  #selectAll(isSelected: boolean): void {
    this.#selected.clear();
    if (isSelected) {
      for (const { path } of this.#listing.rows) this.#selected.add(path);
    }
    this.#showSelection();
  }

  #showSelection(): void {
    const { rows } = this.#listing;
    const paths = new Set(rows.map(({ path }) => path));
    for (const path of this.#selected) {
      if (!paths.has(path)) this.#selected.delete(path);
    }
    for (const [index, { path }] of rows.entries()) {
      const element = this.#body.rows[index];
      const box = element?.querySelector("input");
      const isSelected = this.#selected.has(path);
      if (box) box.checked = isSelected;
      element?.toggleAttribute("data-selected", isSelected);
    }
    const { size } = this.#selected;
    this.#all.checked = size > 0 && size === rows.length;
    this.#all.indeterminate = size > 0 && size < rows.length;
    byId("selection", HTMLElement).hidden = size === 0;
    const bytes = this.selection.reduce(
      (sum, row) => sum + (row.kind === "file" ? row.size ?? 0 : 0),
      0,
    );
    byId("selection-text", HTMLElement).textContent = `${
      countText(size, "entry", "entries")
    } selected, ${sizeText(bytes)}`;
  }
}

function update(element: HTMLElement, row: Row): void {
  const [, , size, when] = element.children;
  if (size) size.textContent = row.kind === "file" ? sizeText(row.size) : "";
  if (when) {
    when.textContent = row.kind === "file" ? whenText(row.lastModified) : "";
  }
}
