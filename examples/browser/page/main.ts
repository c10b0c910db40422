/**
 * The page: puts its parts together.
 *
 * @module
 */
import { persist } from "@remote-store/core/backends/indexeddb";
import { MAX_SIZE } from "../rules.ts";
import { wireDialogs } from "./ask_dialog.ts";
import { byId, el } from "./dom.ts";
import { wireFileDialog } from "./file_dialog.ts";
import { FilesPanel } from "./files_panel.ts";
import { Inbox } from "./inbox.ts";
import { watchKnown } from "./known.ts";
import { Network } from "./network.ts";
import { type Picked, watchPicks } from "./picking.ts";
import { Queue } from "./queue.ts";
import { Connection, type Remote } from "./remote.ts";
import { Runner } from "./runner.ts";
import { makeSamples } from "./samples.ts";
import { tell, warn } from "./telling.ts";
import { Traffic } from "./traffic.ts";
import { isTaken, pendingText } from "./uploading.ts";
import { QueueView } from "./view_queue.ts";
import { countText, sizeText, whyFailed } from "./words.ts";

const NAMES: Readonly<Record<string, string>> = { s3: "S3", azure: "Azure" };

const asked = new URLSearchParams(location.search).get("backend") ?? "s3";
const service = Object.hasOwn(NAMES, asked) ? asked : "s3";

const traffic = new Traffic();
const connections = new Map<string, Connection>();

function connectionTo(name: string): Connection {
  let connection = connections.get(name);
  if (connection === undefined) {
    connections.set(name, connection = new Connection(name, traffic));
  }
  return connection;
}

const inbox = new Inbox((reason) => {
  warn(`The browser has thrown away what was kept on this device: ${reason}`);
});
const queue = new Queue(inbox);
const network = new Network(() => {
  runner.hope();
  void files.refresh();
});
const runner = new Runner(queue, network, connectionTo);

let opened: Remote | null = null;
const connect = async () => opened = await connectionTo(service).open();

const files = new FilesPanel({ service, connect, queue, network });

new QueueView(queue, {
  isTaken: async (job, path) =>
    await isTaken((await connectionTo(job.service).open()).store, path),
});

watchKnown({
  queue,
  runner,
  traffic,
  remote: () => opened,
  pending: () => pendingText(inbox, service),
});

async function takeIn(picked: AsyncIterable<Picked>): Promise<void> {
  try {
    // Without it the browser may clear what waits here when the disk gets full.
    void persist();
    const added = await queue.add(picked, service, files.folder);
    if (added > 0) tell(`${countText(added, "file")} safe on this device`);
  } catch (error) {
    warn(`Not all was taken in. ${whyFailed(error)}`);
  }
}

/** Shows the other services that the server offers. */
async function offerServices(): Promise<void> {
  const answer = await fetch("/services");
  const offered: string[] = await answer.json();
  if (!offered.includes(service)) {
    warn(`${NAMES[service]} is not running here.`);
  }
  if (offered.length < 2) return;
  byId("services", HTMLElement).replaceChildren(
    ...offered.map((name) =>
      el("a", {
        href: `/?backend=${name}`,
        "aria-current": name === service ? "page" : null,
      }, NAMES[name] ?? name)
    ),
  );
}

/** Has the page itself kept for visits without a network. */
async function keepShell(): Promise<void> {
  const { serviceWorker } = navigator;
  if (serviceWorker === undefined) return;
  const script = "/offline.js";
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy("offline", {
    createScriptURL: () => script,
  });
  await serviceWorker.register(
    policy?.createScriptURL(script) as string ?? script,
  );
}

/** What this page needs of Trusted Types, which TypeScript does not know. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

byId("most", HTMLElement).textContent = sizeText(MAX_SIZE);
wireDialogs();
wireFileDialog();
watchPicks((picked) => void takeIn(picked));
byId("samples", HTMLButtonElement)
  .addEventListener("click", () => void takeIn(makeSamples()));

// Each of them may fail without a network, and the others go on.
await Promise.allSettled([
  queue.load().then(() => runner.start()).catch((error) => {
    warn(`This browser keeps no files here. ${whyFailed(error)}`);
  }),
  files.refresh(),
  offerServices(),
  keepShell(),
]);
await inbox.sweep().catch(() => {
  // The next visit sweeps.
});
