/**
 * The W3C WebDriver protocol, as far as the runners use it: the windows of one session
 * as pages.
 *
 * @module
 */
import type { Context, Page } from "./browsers.ts";

/** How long a command may take; no program is a single one. */
const COMMAND_MS = 60_000;

/** The first wait for a program's end, and the longest one. */
const FIRST_LOOK_MS = 4;
const LONGEST_LOOK_MS = 64;

/** The end of a program in a page. */
interface Ended {
  readonly value?: unknown;
  readonly error?: string;
}

/**
 * A session. The driver works in one window at a time, so a command selects its window
 * first and nobody comes between; programs run in their windows meanwhile.
 */
export class Session {
  readonly #url: string;
  #last: Promise<unknown> = Promise.resolve();
  /** The window that the browser starts with, and which stays. */
  readonly #first: string;
  #selected: string;

  private constructor(url: string, first: string) {
    this.#url = url;
    this.#first = first;
    this.#selected = first;
  }

  /** Asks the driver at `origin` for a session. */
  static async open(origin: string, capabilities: object): Promise<Session> {
    const { sessionId } = await command<{ sessionId: string }>(
      `${origin}/session`,
      { capabilities: { alwaysMatch: capabilities } },
    );
    const url = `${origin}/session/${sessionId}`;
    return new Session(url, await command<string>(`${url}/window`));
  }

  /** Sends a command of the session, to a window where one is named. */
  send<R>(
    path: string,
    body?: object,
    window?: string,
    method?: string,
  ): Promise<R> {
    const turn = this.#last.catch(() => {}).then(async () => {
      if (window !== undefined && window !== this.#selected) {
        await command(`${this.#url}/window`, { handle: window });
        this.#selected = window;
      }
      return await command<R>(this.#url + path, body, method);
    });
    this.#last = turn;
    return turn;
  }

  /** Closes a window. */
  async closeWindow(window: string): Promise<void> {
    await this.send("/window", undefined, window, "DELETE");
    // Of what is closed nothing can be asked, not even for another one.
    await this.send("/window", { handle: this.#first });
    this.#selected = this.#first;
  }

  /** Ends the browser. */
  async close(): Promise<void> {
    await this.#last.catch(() => {});
    await command(this.#url, undefined, "DELETE");
  }
}

/** Returns the pages of a session. `ended` is called once the session is. */
export function contextOf(
  session: Session,
  ended: () => Promise<void>,
): Context {
  const pages: Page[] = [];
  return {
    async newPage() {
      const { handle } = await session.send<{ handle: string }>(
        "/window/new",
        // Not a tab: one behind another is hidden, and its timers are slowed down.
        { type: "window" },
      );
      const page = pageOf(session, handle);
      pages.push(page);
      return page;
    },
    pages: () => pages,
    newCDPSession: () => Promise.reject(new Error("WebDriver has none")),
    async close() {
      await session.close().finally(ended);
    },
  };
}

function pageOf(session: Session, window: string): Page {
  const send = <R>(path: string, body?: object) =>
    session.send<R>(path, body, window);
  const execute = <R>(script: string, ...args: unknown[]) =>
    send<R>("/execute/sync", { script, args });
  const heard: ((error: { message: string }) => void)[] = [];
  let calls = 0;

  /** Tells the errors that nobody in the page has caught. */
  async function tell(): Promise<void> {
    const errors = await execute<string[]>(
      "return (globalThis.uncaught ?? []).splice(0)",
    );
    for (const message of errors) heard.forEach((hear) => hear({ message }));
  }

  async function evaluate<R, A>(
    work: ((argument: A) => R | Promise<R>) | string,
    argument: A,
  ): Promise<R> {
    // A script that gives nothing back, which may be a whole library.
    if (typeof work === "string") return await execute<R>(work);
    const id = `call-${calls++}`;
    await execute(startOf(`${work}`), id, JSON.stringify(argument ?? null));
    for (
      let wait = FIRST_LOOK_MS;;
      wait = Math.min(wait * 2, LONGEST_LOOK_MS)
    ) {
      const ended = await execute<string | null>(LOOK, id);
      if (ended !== null) {
        await tell();
        const { value, error }: Ended = JSON.parse(ended);
        if (error !== undefined) throw new Error(error);
        return value as R;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  return {
    evaluate,
    async goto(url) {
      await send("/url", { url });
      await execute(LISTEN);
    },
    async reload() {
      await send("/refresh", {});
      await execute(LISTEN);
    },
    setInputFiles: () =>
      Promise.reject(new Error("no test chooses a file here")),
    async waitForFunction(work, _, { timeout }) {
      const end = performance.now() + timeout;
      while (!await evaluate(work, null)) {
        if (performance.now() > end) throw new Error(`not in ${timeout} ms`);
      }
      return true;
    },
    on(event: string, hear: (one: never) => void) {
      // What goes to the console is not told by this protocol.
      if (event === "pageerror") {
        heard.push(hear as (error: { message: string }) => void);
      }
    },
    async screenshot() {
      const base64 = await send<string>("/screenshot");
      return { toString: () => base64 };
    },
    close: () => session.closeWindow(window),
  };
}

// The work is a part of the script: pages with a content security policy evaluate no text.
function startOf(work: string): string {
  return `
const [id, argument] = arguments;
const ended = globalThis.ended ??= {};
ended[id] = null;
(async () => (${work})(JSON.parse(argument)))().then(
  (value) => ended[id] = JSON.stringify({ value }),
  (error) => ended[id] = JSON.stringify({ error: error?.message || String(error) }),
);`;
}

const LOOK = `
const ended = globalThis.ended?.[arguments[0]];
if (ended === undefined) return JSON.stringify({ error: "the page was left" });
if (ended !== null) delete globalThis.ended[arguments[0]];
return ended;`;

const LISTEN = `
globalThis.uncaught = [];
addEventListener("error", ({ message }) => uncaught.push(message));
addEventListener("unhandledrejection", ({ reason }) =>
  uncaught.push("unhandled: " + (reason?.message ?? reason)));`;

async function command<R>(
  url: string,
  body?: object,
  method: string = body === undefined ? "GET" : "POST",
): Promise<R> {
  const response = await fetch(url, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(COMMAND_MS),
  });
  const { value } = await response.json();
  if (response.ok) return value;
  throw new Error(`${value?.error ?? response.status}: ${value?.message}`);
}
