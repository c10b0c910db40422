/**
 * Debian's Chromium and Firefox ESR under one driver, kept on loopback.
 *
 * @module
 */
import { installPackages } from "../servers/npm.ts";
import { whyNoWebKit } from "./webkit.ts";

/** A browser's page, as far as the runners use it. */
export interface Page {
  goto(url: string, options?: { timeout: number }): Promise<unknown>;
  evaluate<R, A>(
    work: (argument: A) => R | Promise<R>,
    argument: A,
  ): Promise<R>;
  waitForFunction(
    work: () => unknown,
    argument: null,
    options: { timeout: number },
  ): Promise<unknown>;
  on(event: "pageerror", heard: (error: { message: string }) => void): void;
  on(event: "console", heard: (message: { text(): string }) => void): void;
  reload(): Promise<unknown>;
  /** Chooses a file in an `<input>`. */
  setInputFiles(selector: string, path: string): Promise<void>;
  /** Returns a PNG, kept in memory only. */
  screenshot(): Promise<{ toString(encoding: "base64"): string }>;
  close(): Promise<void>;
}

/** A session of the Chrome DevTools Protocol. */
export interface ProtocolSession {
  send(method: string, parameters?: Record<string, unknown>): Promise<
    Record<string, unknown>
  >;
}

/** Pages that have one storage. */
export interface Context {
  newPage(): Promise<Page>;
  pages(): Page[];
  close(): Promise<void>;
  newCDPSession(page: Page): Promise<ProtocolSession>;
}

/** A running browser. */
export interface Browser {
  version(): string;
  newContext(): Promise<Context>;
  close(): Promise<void>;
}

interface Driver {
  launch(options: object): Promise<Browser>;
  launchPersistentContext(folder: string, options: object): Promise<Context>;
}

/** The name of a browser. */
export type BrowserName = ProfiledBrowser | "webkit";

/** The name of one whose pages can have a profile that stays. */
export type ProfiledBrowser = "chromium" | "firefox";

/** Where Debian installs them. */
const EXECUTABLES: Readonly<Record<ProfiledBrowser, string>> = {
  chromium: "/usr/bin/chromium",
  firefox: "/usr/bin/firefox-esr",
};

// Nothing but loopback resolves, and nothing is asked for in the background.
const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-domain-reliability",
  "--no-pings",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

// All but loopback goes to a proxy that is not there.
const FIREFOX_PREFS: Readonly<Record<string, unknown>> = {
  "network.proxy.type": 1,
  "network.proxy.http": "127.0.0.1",
  "network.proxy.http_port": 9,
  "network.proxy.ssl": "127.0.0.1",
  "network.proxy.ssl_port": 9,
  "network.proxy.no_proxies_on": "127.0.0.1",
  "network.dns.disabled": true,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "http://127.0.0.1:9/",
  "app.update.enabled": false,
  "app.normandy.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "toolkit.telemetry.enabled": false,
  // Times are rounded to a millisecond otherwise.
  "privacy.reduceTimerPrecision": false,
};

/** How long a browser may take to start on a busy machine; by itself the driver takes 30 s. */
const START_MS = 120_000;

/** What a start may change. */
export interface LaunchOptions {
  /** Further arguments of Chromium. */
  readonly args?: readonly string[];
  /** Further preferences of Firefox. */
  readonly prefs?: Readonly<Record<string, unknown>>;
}

/** Returns why a browser cannot be driven here; `null` where it can. */
export async function whyNot(name: BrowserName): Promise<string | null> {
  if (name === "webkit") return await whyNoWebKit();
  try {
    await Deno.stat(EXECUTABLES[name]);
  } catch {
    return `${EXECUTABLES[name]} is not installed`;
  }
  // What a registry brings is no reason to leave a browser out.
  await installPackages("tests/runtimes");
  return null;
}

/** Starts a browser with a new profile. */
export function launch(
  name: ProfiledBrowser,
  options: LaunchOptions = {},
): Promise<Browser> {
  return drivers()[name].launch(optionsOf(name, options));
}

/** Starts a browser on a profile that stays. */
export function launchOn(
  name: ProfiledBrowser,
  folder: string,
  options: LaunchOptions = {},
): Promise<Context> {
  return drivers()[name].launchPersistentContext(
    folder,
    optionsOf(name, options),
  );
}

/**
 * Returns why processes of Firefox on a profile have crashed, as far as they could
 * still tell. The driver has Firefox close itself when one of its processes ends
 * unexpectedly: what is left to see is that the browser is gone.
 */
export async function crashesOn(folder: string): Promise<string[]> {
  const dumps = `${folder}/minidumps`;
  const crashes: string[] = [];
  try {
    for await (const { name } of Deno.readDir(dumps)) {
      if (!name.endsWith(".extra")) continue;
      const told = JSON.parse(await Deno.readTextFile(`${dumps}/${name}`));
      crashes.push(told.MozCrashReason ?? "it tells no reason");
    }
  } catch {
    // No folder, no crash: or what ended the process was a signal from outside.
  }
  return crashes;
}

/** Kills the browser that runs on a profile, its helpers too, at once. */
export async function killOn(folder: string): Promise<void> {
  for (const pid of await processesOn(folder)) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch {
      // It went with its parent.
    }
  }
}

/** Returns the ids of the processes that have a profile's folder among their arguments, and of their children. */
export async function processesOn(folder: string): Promise<number[]> {
  const parents = new Map<number, number>();
  const found = new Set<number>();
  for await (const { name } of Deno.readDir("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const line = await Deno.readTextFile(`/proc/${pid}/cmdline`);
      const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]));
      if (line.includes(folder)) found.add(pid);
    } catch {
      // It has ended since.
    }
  }
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (!found.has(parent) || found.has(pid)) continue;
      found.add(pid);
      grown = true;
    }
  }
  return [...found];
}

// Not imports: the driver is installed here only, and Node's types would change what
// setTimeout is for all that is checked with this file.
const NODE_MODULE: string = "node:module";
const { createRequire } = await import(NODE_MODULE);

function drivers(): Record<ProfiledBrowser, Driver> {
  return createRequire(import.meta.url)("playwright-core");
}

function optionsOf(
  name: ProfiledBrowser,
  { args = [], prefs = {} }: LaunchOptions,
): object {
  const executablePath = EXECUTABLES[name];
  if (name === "chromium") {
    const all = [...CHROMIUM_ARGS, ...args];
    return { executablePath, timeout: START_MS, args: all };
  }
  return {
    executablePath,
    timeout: START_MS,
    // WebDriver BiDi: an unpatched Firefox. Later drivers than the pinned one send
    // what ESR does not know.
    channel: "moz-firefox",
    firefoxUserPrefs: { ...FIREFOX_PREFS, ...prefs },
    env: { ...Deno.env.toObject(), MOZ_DISABLE_AUTO_SAFE_MODE: "1" },
  };
}
