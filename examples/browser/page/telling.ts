/**
 * What is told: to the eye, and to a screen reader.
 *
 * @module
 */
import { button, byId, el } from "./dom.ts";

const SHOWN_MS = 8000;
const MOST = 4;

/** Tells of something that went well, or goes on; only those who do not see it need it. */
export function tell(text: string): void {
  say("told", text);
}

/** Tells of something that went wrong, for everybody. It stays until it is closed. */
export function warn(text: string): void {
  say("warned", text);
  // In the flow of the page: what stays must not lie over what comes next.
  show(text, "warnings", "bad").scrollIntoView({ block: "nearest" });
}

/** Tells of something done, for everybody, for a while. */
export function note(text: string): void {
  say("told", text);
  const toast = show(text, "toasts", "good");
  setTimeout(() => {
    if (!toast.contains(document.activeElement)) toast.remove();
  }, SHOWN_MS);
}

function show(text: string, id: string, kind: string): HTMLElement {
  const toasts = byId(id, HTMLElement);
  const toast = el(
    "div",
    { class: "toast", "data-kind": kind },
    el("p", {}, text),
  );
  toast.append(
    button("✕", () => toast.remove(), {
      class: "quiet",
      "aria-label": "Close this message",
    }),
  );
  while (toasts.children.length >= MOST) toasts.firstElementChild?.remove();
  toasts.append(toast);
  return toast;
}

// The same text once more is a change only where something else stood in between.
function say(id: string, text: string): void {
  const region = byId(id, HTMLElement);
  region.textContent = "";
  requestAnimationFrame(() => region.textContent = text);
}
