/**
 * The demo, a browser on a profile, and what is watched: requests at the service, errors in
 * the page.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { type Demo, startDemo } from "../../../examples/browser/server/demo.ts";
import { BUCKET } from "../../../examples/browser/server/fake_s3.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import {
  type BrowserName,
  type Context,
  killOn,
  launchOn,
} from "../browsers.ts";
import { bundle } from "../bundle.ts";
import { launchWebKit } from "../webkit.ts";
import { Hands } from "./hands.ts";

/** Bytes a second that the service takes, so that there is a middle of an upload. */
const RATE = 8_000_000;

/**
 * Longer than what is on its way takes at that rate: four parts of each of two uploads, of
 * 5 MiB, of which the last one has come in before the first one is answered.
 */
const QUIET_MS = 6000;

const ROOT = new URL("../../../", import.meta.url).pathname;

/** What an event of the console is, beside what it says. */
interface ConsoleMessage {
  type(): string;
  text(): string;
}

/** What tells of answers, where the driver is told of them. */
interface ResponsePage {
  on(
    event: "response",
    heard: (response: {
      status(): number;
      url(): string;
      request(): { method(): string };
    }) => void,
  ): void;
}

/** Everything that the scenarios are played on. */
export class Stage {
  readonly name: BrowserName;
  readonly fake: FakeS3;
  readonly demo: Demo;
  readonly errors: string[] = [];
  /** How often each part was answered well, by `key?partNumber&uploadId`. */
  readonly parts: Map<string, number> = new Map();
  #held: { readonly path: string; readonly end: Promise<void> } | null = null;
  #listings: Promise<void> | null = null;
  /** How many times a folder was asked for. */
  listed = 0;
  #context: Context | null = null;
  #folder = "";

  private constructor(name: BrowserName, fake: FakeS3, demo: Demo) {
    this.name = name;
    this.fake = fake;
    this.demo = demo;
  }

  /** The browser. */
  get context(): Context {
    if (this.#context !== null) return this.#context;
    throw new Error("no browser runs");
  }

  /** Starts everything. */
  static async open(name: BrowserName, workerd = false): Promise<Stage> {
    const fake = new FakeS3({ buckets: [BUCKET] });
    const lowered = name === "webkit";
    const demo = await startDemo({
      port: 0,
      isPortFixed: true,
      s3: "fake",
      rate: RATE,
      azure: !workerd,
      workerd,
      fake,
      ...lowered
        ? { bundle: (file) => bundle(file.slice(ROOT.length), { lowered }) }
        : {},
    });
    const stage = new Stage(name, fake, demo);
    fake.fault = (arrived, next) => stage.#watch(arrived, next);
    return stage;
  }

  /** Where the service is not to be reached. */
  isDown = false;

  /** Begins anew: a browser that was here never, an empty bucket. */
  async begin(): Promise<void> {
    await this.#leave();
    this.isDown = false;
    this.#held = null;
    this.#listings = null;
    this.errors.length = 0;
    this.fake.bucket.objects.clear();
    this.fake.bucket.uploads.clear();
    this.parts.clear();
    this.#folder = await Deno.makeTempDir();
    this.#context = await launch(this.name, this.#folder);
  }

  async #leave(): Promise<void> {
    await this.#context?.close().catch(() => {});
    this.#context = null;
    if (this.#folder === "") return;
    await Deno.remove(this.#folder, { recursive: true }).catch(() => {});
    this.#folder = "";
  }

  #watch(
    { method, key, query }: {
      readonly method: string;
      readonly key: string;
      readonly query: URLSearchParams;
    },
    next: () => Promise<Response>,
  ): Promise<Response> {
    if (this.isDown) {
      return Promise.resolve(new Response(null, { status: 503 }));
    }
    if (method === "GET" && query.has("list-type")) {
      this.listed++;
      return (this.#listings ?? Promise.resolve()).then(next);
    }
    const number = query.get("partNumber");
    const held = method === "PUT" && this.#held !== null &&
        key.endsWith(`/${this.#held.path}`)
      ? this.#held.end
      : Promise.resolve();
    if (method !== "PUT" || number === null) return held.then(next);
    const part = `${key}?${number}&${query.get("uploadId")}`;
    return held.then(next).then((answer) => {
      if (answer.ok) this.parts.set(part, (this.parts.get(part) ?? 0) + 1);
      return answer;
    });
  }

  /**
   * Lets nothing of an upload be stored until what it returns is called: however slow the
   * machine is, it is still under way.
   */
  hold(path: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = { path, end: promise };
    return () => {
      this.#held = null;
      resolve();
    };
  }

  /** Answers no listing until what it returns is called. */
  holdListings(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#listings = promise;
    return () => {
      this.#listings = null;
      resolve();
    };
  }

  /** Ends when no part arrives any more, where the page sends none. */
  async quiet(): Promise<void> {
    for (let before = -1; before !== this.parts.size;) {
      before = this.parts.size;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  }

  /** Opens the page in a tab. */
  async visit(path = "/"): Promise<Hands> {
    const page = await this.context.newPage();
    page.on("pageerror", ({ message }) => this.errors.push(message));
    page.on("console", (message) => {
      const { type, text } = message as unknown as ConsoleMessage;
      const said = text.call(message);
      // Before a large upload that may only create the store looks whether the file is
      // there, and Chromium notes that it is not.
      if (/status of 404/.test(said)) return;
      if (type.call(message) === "error") this.errors.push(said);
    });
    (page as unknown as ResponsePage).on?.("response", (response) => {
      const isLook = response.request().method() === "HEAD";
      if (response.status() !== 404 || isLook) return;
      this.errors.push(`404: ${response.url()}`);
    });
    await page.goto(this.demo.origin + path, { timeout: 60_000 });
    const hands = new Hands(page);
    await this.untilReady(hands);
    return hands;
  }

  /** Waits until a page has found its service. */
  async untilReady(hands: Hands): Promise<void> {
    await hands.until(
      "page that is online",
      async () => await hands.text("#net-text") === "Online",
    );
  }

  /** Ends the browser as its user does, and starts it again. */
  async restart(): Promise<void> {
    await this.context.close();
    this.#context = await launch(this.name, this.#folder);
  }

  /** Kills the browser and starts it again. */
  async kill(): Promise<void> {
    await killOn(this.#folder);
    await this.context.close().catch(() => {});
    this.#context = await launch(this.name, this.#folder);
  }

  /** Returns what the bucket has, by path below the visitor's folder. */
  stored(): Map<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    for (const [key, { bytes }] of this.fake.bucket.objects) {
      found.set(key.split("/").slice(2).join("/"), bytes);
    }
    return found;
  }

  /** Returns how many parts the service has taken more than once. */
  partsTwice(): number {
    return [...this.parts.values()].filter((times) => times > 1).length;
  }

  /** Throws where a page has shown an error. */
  requireNoErrors(): void {
    assertEquals(this.errors.splice(0), [], "errors in the console");
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.#leave();
    await this.demo.stop();
  }
}

async function launch(name: BrowserName, folder: string): Promise<Context> {
  return name === "webkit"
    ? await launchWebKit()
    : await launchOn(name, folder);
}
