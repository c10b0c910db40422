/**
 * The files in the bucket: listed, shown, moved and deleted.
 *
 * @module
 */
import { batchDelete } from "@remote-store/core/ext/batch";
import { ask } from "./ask_dialog.ts";
import { byId } from "./dom.ts";
import { showFile } from "./file_dialog.ts";
import { filesBelow, listFolder, type Row } from "./listing.ts";
import { askAndMove } from "./move_dialog.ts";
import type { Network } from "./network.ts";
import type { Queue } from "./queue.ts";
import type { Remote } from "./remote.ts";
import { note, warn } from "./telling.ts";
import { FilesView } from "./view_files.ts";
import { countText, whyFailed } from "./words.ts";

/** What the panel needs. */
export interface FilesPanelOptions {
  readonly service: string;
  readonly connect: () => Promise<Remote>;
  readonly queue: Queue;
  readonly network: Network;
}

/** How long after an upload the list is read again: others may end meanwhile. */
const SETTLE_MS = 300;

/** The files of one service. */
export class FilesPanel {
  readonly #options: FilesPanelOptions;
  readonly #view: FilesView;
  #folder = "";
  #listing: AbortController | null = null;
  #seen: Date | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown: Promise<void> = Promise.resolve();

  constructor(options: FilesPanelOptions) {
    this.#options = options;
    const { queue, service, connect } = options;
    this.#view = new FilesView({
      onFolder: (folder) => void this.#enter(folder),
      onFile: ({ path }) => void showFile(connect, path),
      onRefresh: (most) => void this.refresh(most),
      onMove: (rows) => void this.#move(rows),
      onDelete: (rows) => void this.#delete(rows),
    });
    queue.listen({
      onJobs() {},
      onProgress() {},
      onTrouble() {},
      onFiles: (changed) => {
        if (changed !== service) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.refresh(), SETTLE_MS);
      },
    });
  }

  /** The folder that is open, where new files go to. */
  get folder(): string {
    return this.#folder;
  }

  /** Lists the folder again, and ends when it is shown: by this listing or by a later one. */
  refresh(most: number = this.#view.most): Promise<void> {
    return this.#shown = this.#list(most);
  }

  async #list(most: number): Promise<void> {
    const { connect, network } = this.#options;
    this.#listing?.abort();
    const { signal } = this.#listing = new AbortController();
    try {
      const { store } = await connect();
      const listing = await listFolder(store, this.#folder, most, signal);
      if (signal.aborted) return await this.#shown;
      this.#seen = new Date();
      network.worked();
      this.#view.notice(null);
      this.#view.show(listing);
    } catch (error) {
      if (signal.aborted) return await this.#shown;
      network.failed(error);
      this.#view.notice(
        this.#seen === null
          ? `Cannot list the bucket. ${whyFailed(error)}`
          : `${whyFailed(error)} This is how it was at ${
            this.#seen.toLocaleTimeString("en")
          }.`,
      );
    }
  }

  async #enter(folder: string): Promise<void> {
    this.#folder = folder;
    await this.refresh();
    byId("crumbs", HTMLElement).querySelector<HTMLElement>("[aria-current]")
      ?.focus();
  }

  async #move(rows: readonly Row[]): Promise<void> {
    const { connect } = this.#options;
    const target = await askAndMove({
      rows,
      folder: this.#folder,
      folders: this.#folders(),
      connect: async () => (await connect()).store,
    });
    // Some may have been moved before one could not be.
    await this.#changed();
    if (target !== null) note(`Moved to ${target}`);
  }

  /** Returns folders to move to, as far as they are known without much asking. */
  async #folders(): Promise<string[]> {
    const folders: string[] = [];
    try {
      const { store } = await this.#options.connect();
      for await (const { path } of store.listFolders("")) folders.push(path);
    } catch {
      // They are an offer only.
    }
    return folders;
  }

  async #delete(rows: readonly Row[]): Promise<void> {
    const { connect } = this.#options;
    try {
      const { store } = await connect();
      const paths = await filesBelow(store, rows);
      const isSure = await ask({
        title: `Delete ${countText(paths.length, "file")}?`,
        text: "They are gone from the bucket then, for good.",
        names: paths,
        yes: "Delete",
      });
      if (!isSure) return;
      const { failed, total } = await batchDelete(store, paths, {
        missingOk: true,
      });
      const [first] = failed;
      if (first === undefined) note(`Deleted ${countText(total, "file")}`);
      else {warn(
          `${failed.length} could not be deleted. ${whyFailed(first.error)}`,
        );}
    } catch (error) {
      warn(`Nothing was deleted. ${whyFailed(error)}`);
    }
    await this.#changed();
    byId("main", HTMLElement).focus();
  }

  async #changed(): Promise<void> {
    this.#options.queue.changed(this.#options.service);
    await this.refresh();
  }
}
