/**
 * The list of uploads.
 *
 * @module
 */
import { button, byId, el, keyed } from "./dom.ts";
import type { Job } from "./job.ts";
import type { Progress, Queue } from "./queue.ts";
import { note, tell, warn } from "./telling.ts";
import { countText, leftText, sizeText } from "./words.ts";

/** How many uploads are on the screen at most. */
const SHOWN = 60;

/** What the view needs beside the queue. */
export interface QueueViewOptions {
  /** Returns whether a path is taken at an upload's service. */
  readonly isTaken: (job: Job, path: string) => Promise<boolean>;
}

/** Shows the queue, and gives its orders. */
export class QueueView {
  readonly #queue: Queue;
  readonly #isTaken: QueueViewOptions["isTaken"];
  readonly #list = byId("jobs", HTMLUListElement);
  readonly #states = new Map<string, string>();
  #isDrawing = false;

  constructor(queue: Queue, { isTaken }: QueueViewOptions) {
    this.#queue = queue;
    this.#isTaken = isTaken;
    queue.listen({
      onJobs: () => this.#draw(),
      onProgress: () => this.#draw(),
      onFiles() {},
      onTrouble: warn,
    });
    for (const change of ["online", "offline"]) {
      addEventListener(change, () => this.#draw());
    }
    const order = (id: string, give: () => Promise<void>) =>
      byId(id, HTMLButtonElement).addEventListener("click", () => void give());
    order("pause-all", () => queue.pause(queue.jobs.keys()));
    order("resume-all", () =>
      queue.resume(
        [...queue.jobs.values()].filter(({ state }) => state === "paused")
          .map(({ id }) => id),
      ));
    order("clear-done", async () => {
      await queue.clear();
      byId("main", HTMLElement).focus();
    });
  }

  // Once for all that happens before the next frame; a hidden tab is drawn as well.
  #draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    setTimeout(() => {
      this.#isDrawing = false;
      this.#drawNow();
    }, 40);
  }

  #drawNow(): void {
    const all = [...this.#queue.jobs.values()]
      .filter(({ state }) => state !== "canceled");
    const { receiving } = this.#queue;
    byId("uploads", HTMLElement).hidden = all.length === 0 && receiving === 0;
    const open = all.filter(({ state }) => state !== "done");
    const shown = [...open, ...all.filter(({ state }) => state === "done")]
      .slice(0, SHOWN);
    keyed(
      this.#list,
      shown,
      ({ id }) => id,
      (job) => this.#make(job),
      (element, job) => this.#update(element, job),
    );
    byId("uploads-sum", HTMLElement).textContent = sumText(
      all,
      all.length - shown.length,
      receiving,
    );
    const has = (state: Job["state"]) => all.some((job) => job.state === state);
    byId("pause-all", HTMLElement).hidden = !has("waiting");
    byId("resume-all", HTMLElement).hidden = !has("paused");
    byId("clear-done", HTMLElement).hidden = !has("done");
    this.#tellEnds(all);
  }

  #make({ path }: Job): HTMLElement {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    return el(
      "li",
      { class: "job" },
      el(
        "p",
        { class: "job-name" },
        el("span", { class: "folder" }, folder),
        path.slice(folder.length),
      ),
      el("p", { class: "job-state" }),
      el("div", { class: "job-actions" }),
      el("progress", { max: "1", value: "0" }),
    );
  }

  #update(element: HTMLElement, job: Job): void {
    const [name, state, actions, bar] = element.children;
    const progress = this.#queue.progress.get(job.id);
    // After "keep both" it goes by another name.
    const { path } = job;
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    if (name?.textContent !== path) {
      name?.replaceChildren(
        el("span", { class: "folder" }, folder),
        path.slice(folder.length),
      );
    }
    if (state !== undefined) state.textContent = stateText(job, progress);
    if (bar instanceof HTMLProgressElement) {
      const done = job.state === "done"
        ? job.size
        : progress?.acknowledged ?? 0;
      bar.value = job.size === 0
        ? Number(job.state === "done")
        : done / job.size;
      bar.hidden = job.state === "done" || job.state === "refused";
      bar.setAttribute("aria-label", `${path}, stored in the bucket`);
    }
    const looks = `${job.state} ${job.code}`;
    if (element.dataset["looks"] === looks) return;
    element.dataset["looks"] = looks;
    element.dataset["state"] = job.state;
    const hadFocus = actions?.contains(document.activeElement) ?? false;
    actions?.replaceChildren(...this.#actions(job));
    const first = actions?.firstElementChild;
    if (hadFocus && first instanceof HTMLElement) first.focus();
  }

  #actions(job: Job): HTMLElement[] {
    const { id, path, state, code } = job;
    const queue = this.#queue;
    const action = (text: string, act: () => Promise<void>) =>
      button(text, () => void act().catch(warnOf), {
        class: "quiet",
        "aria-label": `${text}: ${path}`,
      });
    const cancel = (text: string) =>
      action(text, async () => {
        await queue.cancel([id]);
        tell(`${path} is canceled`);
      });
    switch (state) {
      case "waiting":
        return [action("Pause", () => queue.pause([id])), cancel("Cancel")];
      case "paused":
        return [action("Resume", () => queue.resume([id])), cancel("Cancel")];
      case "refused":
        return [
          ...code === "AlreadyExists"
            ? [
              action("Replace it", () => queue.replace(id)),
              action(
                "Keep both",
                () => queue.keepBoth(id, (path) => this.#isTaken(job, path)),
              ),
            ]
            : [action("Try again", () => queue.resume([id]))],
          cancel("Remove"),
        ];
      default:
        return [action("Remove", () => queue.remove(id))];
    }
  }

  /** Tells what has ended since the last look. */
  #tellEnds(all: readonly Job[]): void {
    const ended: Job[] = [];
    for (const job of all) {
      const before = this.#states.get(job.id);
      this.#states.set(job.id, job.state);
      if (before === undefined || before === job.state) continue;
      if (job.state === "refused") tell(`${job.path}: ${job.why}`);
      if (job.state === "done") ended.push(job);
    }
    const [one] = ended;
    if (one === undefined) return;
    if (all.some(({ state }) => state === "waiting")) {
      tell(`${one.path} is stored`);
    } else note("Everything is stored.");
  }
}

function warnOf(error: unknown): void {
  warn(error instanceof Error ? error.message : String(error));
}

function sumText(
  all: readonly Job[],
  hidden: number,
  receiving: number,
): string {
  const left = all.filter(({ state }) =>
    state === "waiting" || state === "paused"
  );
  const refused = all.filter(({ state }) => state === "refused").length;
  const bytes = left.reduce((sum, { size }) => sum + size, 0);
  return [
    receiving > 0
      ? `Saving ${countText(receiving, "file")} on this device…`
      : null,
    left.length > 0
      ? `${countText(left.length, "file")} to go, ${sizeText(bytes)}`
      : null,
    refused > 0 ? `${countText(refused, "file")} to decide about` : null,
    hidden > 0 ? `${hidden} not shown` : null,
  ].filter((part) => part !== null).join(" · ");
}

function stateText(job: Job, progress: Progress | undefined): string {
  const { size, state } = job;
  const acknowledged = progress?.acknowledged ?? 0;
  const stored = `${sizeText(acknowledged)} of ${sizeText(size)} stored`;
  switch (state) {
    case "waiting": {
      if (progress === undefined) {
        return `Safe on this device, ${sizeText(size)}. Waits for its turn`;
      }
      const { rate, kept } = progress;
      const note = navigator.onLine ? progress.note : "Waits for the network";
      if (note !== null) return `${note}. ${stored}`;
      return [
        stored,
        kept > 0 ? `${sizeText(kept)} not sent again` : null,
        rate ? `${sizeText(rate)}/s` : null,
        rate ? leftText((size - acknowledged) / rate) : null,
      ].filter(Boolean).join(" · ");
    }
    case "paused":
      return acknowledged === 0
        ? `Paused. Safe on this device, ${sizeText(size)}`
        : `Paused. ${stored}`;
    case "refused":
      return job.why ?? "It was refused";
    default:
      return [
        `Stored, ${sizeText(size)}`,
        job.kept > 0
          ? `${sizeText(job.kept)} of it were there, and not sent again`
          : null,
        `SHA-256 ${job.sha256.slice(0, 12)}…`,
      ].filter(Boolean).join(" · ");
  }
}
