/**
 * The panel "What this page knows".
 *
 * @module
 */
import { estimate } from "@remote-store/core/backends/indexeddb";
import { byId, el } from "./dom.ts";
import type { Queue } from "./queue.ts";
import type { Remote } from "./remote.ts";
import type { Runner } from "./runner.ts";
import type { Traffic } from "./traffic.ts";
import { sizeText } from "./words.ts";

/** Where the panel looks. */
export interface KnownOptions {
  readonly queue: Queue;
  readonly runner: Runner;
  readonly traffic: Traffic;
  /** The bucket, if it could be opened. */
  readonly remote: () => Remote | null;
  /** What is to be said of uploads under way. */
  readonly pending: () => Promise<string>;
}

const EVERY_MS = 1000;

/** Shows the panel while it is open. */
export function watchKnown(options: KnownOptions): void {
  const panel = byId("known", HTMLDetailsElement);
  let timer: ReturnType<typeof setInterval> | undefined;
  const draw = () => void show(options);
  panel.addEventListener("toggle", () => {
    clearInterval(timer);
    if (!panel.open) return;
    draw();
    timer = setInterval(draw, EVERY_MS);
  });
}

async function show(options: KnownOptions): Promise<void> {
  const { queue, runner, traffic, pending } = options;
  const { signedUntil, counts: { questions, requests, parts } } = traffic;
  const room = await estimate();
  const facts: [string, string][] = [
    ...toldFacts(options.remote()),
    ["Keys and secrets", "none: they are on the server only"],
    [
      "Signatures",
      signedUntil === null
        ? "none yet"
        : `each for one request; the last ends at ${
          signedUntil.toLocaleTimeString("en")
        }`,
    ],
    ["Uploads under way", await pending()],
    [
      "This visit, this tab",
      `${questions} questions to the handler, ${requests} requests to the service, ${parts} of them with bytes of files`,
    ],
    ["Who uploads", runner.leads ? "this tab, for all" : "another tab"],
    [
      "On this device",
      `${queue.jobs.size} uploads${
        room === null || room.usage === null
          ? ""
          : `, ${sizeText(room.usage)} in use of ${sizeText(room.quota)}`
      }`,
    ],
  ];
  const list = byId("facts", HTMLElement);
  const old = [...list.querySelectorAll("dd")];
  if (old.length !== facts.length) {
    list.replaceChildren(
      ...facts.flatMap(([term, value]) => [
        el("dt", {}, term),
        el("dd", {}, value),
      ]),
    );
    return;
  }
  for (const [index, [, value]] of facts.entries()) {
    const element = old[index];
    if (element && element.textContent !== value) element.textContent = value;
  }
}

function toldFacts(remote: Remote | null): [string, string][] {
  if (remote === null) return [["Service", "not reached yet"]];
  const { told } = remote;
  const said = (name: string) => String(told[name] ?? "");
  return told["service"] === "azure"
    ? [
      ["Service", `Azure Blob Storage at ${said("accountUrl")}`],
      ["Container", said("container")],
      ["Folder of this visitor", told.root],
    ]
    : [
      ["Service", `S3 at ${said("endpoint")}`],
      ["Bucket", `${said("bucket")}, region ${said("region")}`],
      ["Folder of this visitor", told.root],
    ];
}
