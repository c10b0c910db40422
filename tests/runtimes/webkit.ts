/**
 * Debian's WebKitGTK under its own WebDriver, on a display that nobody sees.
 *
 * @module
 */
import { freePort } from "../servers/ports.ts";
import type { Context } from "./browsers.ts";
import { contextOf, Session } from "./webdriver.ts";

/** Where Debian installs them. */
const DRIVER = "/usr/bin/WebKitWebDriver";
const DISPLAY = "/usr/bin/Xvfb";
/** A folder of the architecture is in between. */
const LIBRARIES = "/usr/lib";
const BROWSER = "webkit2gtk-4.1/MiniBrowser";

const START_MS = 60_000;

/** Returns why WebKitGTK cannot be driven here; `null` where it can. */
export async function whyNoWebKit(): Promise<string | null> {
  for (const path of [DRIVER, DISPLAY]) {
    if (!await isThere(path)) return `${path} is not installed`;
  }
  const browser = await findBrowser();
  return browser === null ? `${BROWSER} is not installed` : null;
}

/**
 * Starts WebKitGTK. Its sessions are private: what the pages of one store, each other
 * page of it sees, and nothing is left when it ends.
 */
export async function launchWebKit(): Promise<Context> {
  const display = await startDisplay();
  const port = freePort();
  const driver = new Deno.Command(DRIVER, {
    args: [`--port=${port}`],
    env: {
      DISPLAY: display.name,
      // Neither is there a bus nor a card.
      NO_AT_BRIDGE: "1",
      LIBGL_ALWAYS_SOFTWARE: "1",
      GIO_USE_PROXY_RESOLVER: "dummy",
    },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const stop = async () => {
    for (const child of [driver, display.child]) {
      try {
        child.kill();
      } catch {
        // It has ended.
      }
      await child.status;
    }
  };
  try {
    const origin = `http://127.0.0.1:${port}`;
    await answering(origin, driver);
    const session = await Session.open(origin, {
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": {
        binary: await findBrowser(),
        args: ["--automation"],
      },
    });
    return contextOf(session, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startDisplay() {
  const child = new Deno.Command(DISPLAY, {
    args: [
      ...["-displayfd", "1", "-nolisten", "tcp"],
      ...["-screen", "0", "1280x1024x24"],
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let told = "";
  while (!told.endsWith("\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`${DISPLAY} does not start`);
    told += value;
  }
  await reader.cancel();
  return { name: `:${told.trim()}`, child };
}

async function answering(
  origin: string,
  driver: Deno.ChildProcess,
): Promise<void> {
  const end = performance.now() + START_MS;
  let ended = false;
  driver.status.then(() => ended = true);
  for (;;) {
    try {
      return await (await fetch(`${origin}/status`)).body?.cancel();
    } catch (error) {
      if (ended) throw new Error(`${DRIVER} ended at once`);
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function findBrowser(): Promise<string | null> {
  for await (const { name } of Deno.readDir(LIBRARIES)) {
    const path = `${LIBRARIES}/${name}/${BROWSER}`;
    if (await isThere(path)) return path;
  }
  return null;
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
