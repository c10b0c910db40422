/**
 * One file: a preview by a signed link, what is known of it, and a check of its bytes.
 *
 * @module
 */
import { verify } from "@remote-store/core/ext/integrity";
import { byId, el } from "./dom.ts";
import { shownAs } from "./media.ts";
import { LINK_SECONDS, type Remote } from "./remote.ts";
import { sizeText, whenText, whyFailed } from "./words.ts";

/** How much of a text is shown, in bytes. */
const TEXT_BYTES = 16 * 1024;

const dialog = () => byId("file-dialog", HTMLDialogElement);

/** Wires the dialog up, once. */
export function wireFileDialog(): void {
  dialog().addEventListener("close", () => {
    current?.abort();
    current = null;
    // A film plays on otherwise.
    byId("preview", HTMLElement).replaceChildren();
  });
}

let current: AbortController | null = null;

/** Shows a file. */
export async function showFile(
  connect: () => Promise<Remote>,
  path: string,
): Promise<void> {
  current?.abort();
  const { signal } = current = new AbortController();
  const name = path.slice(path.lastIndexOf("/") + 1);
  byId("file-title", HTMLElement).textContent = name;
  const preview = byId("preview", HTMLElement);
  preview.replaceChildren("Loading…");
  const facts = byId("file-facts", HTMLElement);
  facts.replaceChildren();
  const result = byId("check-result", HTMLElement);
  result.textContent = "";
  delete result.dataset["state"];
  const links = ["open-link", "save-link"].map((id) =>
    byId(id, HTMLAnchorElement)
  );
  for (const link of links) link.removeAttribute("href");
  const check = byId("check", HTMLButtonElement);
  check.disabled = true;
  dialog().showModal();
  try {
    const remote = await connect();
    const { store } = remote;
    const [info, url, saving] = await Promise.all([
      store.getFileInfo(path, { signal }),
      remote.link(path),
      remote.link(path, name),
    ]);
    if (signal.aborted) return;
    const sha256 = info.metadata?.["sha256"] ?? null;
    facts.replaceChildren(...[
      ["Path", path],
      ["Size", sizeText(info.size)],
      ["Type", info.contentType ?? "unknown"],
      ["Changed", whenText(info.lastModified)],
      ["SHA-256", sha256 ?? "not recorded with it"],
      ["Links", `good for ${LINK_SECONDS / 60} minutes from now`],
    ].flatMap(([term = "", value = ""]) => [
      el("dt", {}, term),
      el("dd", { class: term === "SHA-256" ? "hash" : null }, value),
    ]));
    for (const [index, href] of [url, saving].entries()) {
      const link = links[index];
      if (link === undefined) continue;
      link.hidden = href === null;
      if (href !== null) link.href = href;
    }
    check.disabled = sha256 === null;
    check.onclick = () => void checkBytes(remote, path, sha256 ?? "", signal);
    await fill(preview, remote, path, info.contentType, url ?? "", name);
  } catch (error) {
    if (signal.aborted) return;
    preview.replaceChildren(whyFailed(error));
  }
}

async function fill(
  preview: HTMLElement,
  { store }: Remote,
  path: string,
  contentType: string | null,
  url: string,
  name: string,
): Promise<void> {
  switch (shownAs(contentType)) {
    case "image":
      preview.replaceChildren(
        el("img", { src: url, alt: `Preview of ${name}` }),
      );
      break;
    case "video":
      preview.replaceChildren(
        el("video", { src: url, controls: "", "aria-label": name }),
      );
      break;
    case "audio":
      preview.replaceChildren(
        el("audio", { src: url, controls: "", "aria-label": name }),
      );
      break;
    case "text": {
      const range = { offset: 0, length: TEXT_BYTES };
      const bytes = await store.readBytes(path, { range });
      // The end may be in the middle of a character.
      const text = new TextDecoder().decode(bytes, { stream: true });
      preview.replaceChildren(
        el(
          "pre",
          { tabindex: "0", role: "region", "aria-label": `Text of ${name}` },
          text,
        ),
      );
      break;
    }
    default:
      preview.replaceChildren("No preview of files of this type");
  }
}

/** Reads the whole file as the bucket has it, and compares. */
async function checkBytes(
  { store }: Remote,
  path: string,
  sha256: string,
  signal: AbortSignal,
): Promise<void> {
  const result = byId("check-result", HTMLElement);
  const check = byId("check", HTMLButtonElement);
  check.disabled = true;
  result.textContent = "Reading all of it…";
  delete result.dataset["state"];
  try {
    const isRight = await verify(
      store,
      path,
      { algorithm: "sha256", value: sha256 },
      { signal },
    );
    result.dataset["state"] = isRight ? "good" : "bad";
    result.textContent = isRight
      ? "Checked: the bucket has the very bytes that were taken in."
      : "The bucket has other bytes than were taken in.";
  } catch (error) {
    if (signal.aborted) return;
    result.dataset["state"] = "bad";
    result.textContent = whyFailed(error);
  } finally {
    check.disabled = false;
  }
}
