/**
 * Dialogs: opened, closed, and one that asks.
 *
 * @module
 */
import { byId, el } from "./dom.ts";

/** Has each dialog closed by its buttons for that, and by a click beside it. */
export function wireDialogs(): void {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      const { target } = event;
      const closes = target === dialog
        ? !isInside(dialog, event)
        : target instanceof Element && target.closest("[data-close]") !== null;
      if (closes) dialog.close();
    });
  }
}

function isInside(dialog: Element, { clientX, clientY }: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top &&
    clientY <= bottom;
}

/** What is asked. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** What it is about, by name. */
  readonly names: readonly string[];
  /** What the button says that does it. */
  readonly yes: string;
}

const MOST = 20;

/** Asks, and returns whether the answer is yes. */
export function ask({ title, text, names, yes }: Question): Promise<boolean> {
  const dialog = byId("ask-dialog", HTMLDialogElement);
  byId("ask-title", HTMLElement).textContent = title;
  byId("ask-text", HTMLElement).textContent = text;
  const shown = names.slice(0, MOST);
  const more = names.length - shown.length;
  byId("ask-list", HTMLElement).replaceChildren(
    ...[...shown, ...more > 0 ? [`and ${more} more`] : []]
      .map((name) => el("li", {}, name)),
  );
  const button = byId("ask-yes", HTMLButtonElement);
  button.textContent = yes;
  return new Promise((resolve) => {
    const agree = () => {
      dialog.close("yes");
    };
    dialog.returnValue = "";
    button.addEventListener("click", agree);
    dialog.addEventListener("close", () => {
      button.removeEventListener("click", agree);
      resolve(dialog.returnValue === "yes");
    }, { once: true });
    dialog.showModal();
  });
}
