/**
 * What a visitor does with the page of `examples/browser`, in any browser: by its elements,
 * found by the names that a screen reader says.
 *
 * @module
 */
import type { Page } from "../browsers.ts";
import type { PlannedFile } from "./files.ts";

/** Three browsers share the processors. */
const WAIT_MS = 60_000;

/** One upload, as the page shows it. */
export interface ShownJob {
  readonly path: string;
  readonly state: string;
  readonly text: string;
  /** How much of it is stored, from 0 to 1. */
  readonly done: number;
}

/** A tab with the page. */
export class Hands {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Clicks a button, link or box by its name, whole or its start. */
  async click(name: string): Promise<void> {
    await this.until(`a button "${name}"`, () =>
      this.page.evaluate((name) => {
        const nameOf = (element: Element) =>
          (element.getAttribute("aria-label") ?? element.textContent ?? "")
            .trim();
        const shown = [
          ...document.querySelectorAll("button, a, input, summary"),
        ].filter((element) =>
          element.getClientRects().length > 0 &&
          !(element as HTMLButtonElement).disabled
        );
        const found = shown.find((element) => nameOf(element) === name) ??
          shown.find((element) => nameOf(element).startsWith(name));
        (found as HTMLElement | undefined)?.click();
        return found !== undefined;
      }, name));
  }

  /** Has files chosen, as by the field for them. */
  async pick(files: readonly PlannedFile[]): Promise<void> {
    await this.page.evaluate((files) => {
      const chosen = new DataTransfer();
      for (const { name, size, type, seed } of files) {
        const words = new Uint32Array(Math.ceil(size / 4));
        for (let i = 0, state = seed; i < words.length; i++) {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          words[i] = state;
        }
        const content = new Blob([words]).slice(0, size);
        chosen.items.add(new File([content], name, { type }));
      }
      const field = document.querySelector<HTMLInputElement>("#input-files");
      field!.files = chosen.files;
      field!.dispatchEvent(new Event("change", { bubbles: true }));
    }, files);
  }

  /** Writes into a field. */
  async write(selector: string, text: string): Promise<void> {
    await this.page.evaluate(([selector, text]) => {
      document.querySelector<HTMLInputElement>(selector!)!.value = text!;
    }, [selector, text]);
  }

  /** Returns the text of what is shown of an element; the empty string for nothing. */
  async text(selector: string): Promise<string> {
    return await this.page.evaluate((selector) => {
      const found = document.querySelector<HTMLElement>(selector);
      return found === null || found.getClientRects().length === 0
        ? ""
        : found.textContent ?? "";
    }, selector);
  }

  /** Returns the uploads that are shown. */
  async jobs(): Promise<ShownJob[]> {
    return await this.page.evaluate(
      () =>
        [...document.querySelectorAll<HTMLElement>(".job")].map((job) => ({
          path: job.querySelector(".job-name")?.textContent ?? "",
          state: job.dataset["state"] ?? "",
          text: job.querySelector(".job-state")?.textContent ?? "",
          done: job.querySelector("progress")?.value ?? 0,
        })),
      null,
    );
  }

  /** Returns an upload; a mistake where it is not shown. */
  async job(path: string): Promise<ShownJob> {
    const jobs = await this.jobs();
    const job = jobs.find((job) => job.path === path);
    if (job !== undefined) return job;
    throw new Error(`no upload of ${path}, but ${JSON.stringify(jobs)}`);
  }

  /** Returns the names in the table. */
  async rows(): Promise<string[]> {
    return await this.page.evaluate(
      () =>
        [...document.querySelectorAll("#rows .name")]
          .map((name) => name.textContent ?? ""),
      null,
    );
  }

  /** Waits until something holds. */
  async until(
    what: string,
    holds: () => Promise<boolean>,
    milliseconds = WAIT_MS,
  ): Promise<void> {
    const end = performance.now() + milliseconds;
    while (!await holds()) {
      if (performance.now() > end) {
        const page = await this.page.evaluate(
          () => document.querySelector("main")?.innerText ?? "",
          null,
        );
        throw new Error(`no ${what} in ${milliseconds} ms, but: ${page}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Waits until an upload is in a state. */
  async untilJob(path: string, state: string): Promise<ShownJob> {
    await this.until(`${path} that is ${state}`, async () => {
      const jobs = await this.jobs();
      return jobs.some((job) => job.path === path && job.state === state);
    });
    return await this.job(path);
  }

  /** Waits until so much of an upload is stored. */
  async untilStored(path: string, part: number): Promise<void> {
    await this.until(
      `${path}, stored to ${part}`,
      async () =>
        (await this.jobs()).some((job) =>
          job.path === path && job.done >= part
        ),
    );
  }

  /** Waits until the table has these names, and no other. */
  async untilRows(names: readonly string[]): Promise<void> {
    await this.until(
      `table of ${names.join()}`,
      async () => (await this.rows()).join() === names.join(),
    );
  }
}
