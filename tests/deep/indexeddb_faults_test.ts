/**
 * Random operations on an IndexedDB that fails in every way that engines know: answers
 * of commits are lost, connections are cut, the disk is full, callers give up, other tabs
 * upgrade. Whatever is told, the files are what it says, and nothing is left over.
 */
import { assert, assertEquals } from "@std/assert";
import * as fake from "fake-indexeddb";
import { IndexedDBBackend } from "../../backends/indexeddb/mod.ts";
import type { IndexedDBScope } from "../../backends/indexeddb/scope.ts";
import { isRemoteStoreError, Store } from "../../mod.ts";
import {
  auditOf,
  imitate,
  newDatabase,
} from "../backends/indexeddb/imitation.ts";
import { seeded } from "../runtimes/seeded.ts";

const SEED = 20_261_128;
const SEQUENCES = 400;
const STEPS = 25;

type Trouble = "lose" | "cut" | "full" | "give up" | "upgrade";
const TROUBLES: readonly Trouble[] = [
  "lose",
  "cut",
  "full",
  "give up",
  "upgrade",
];

/** What happens to the transaction after some others. */
interface Plan {
  trouble: Trouble;
  /** How many transactions go well before. */
  after: number;
  /** How many turns of microtasks it has had. */
  turns: number;
  giveUp: AbortController;
}

class Weather {
  plan: Plan | null = null;
  readonly scope: IndexedDBScope;
  readonly #inner: ReturnType<typeof imitate>;
  #version = 1;

  constructor(inner: ReturnType<typeof imitate>) {
    this.#inner = inner;
    this.scope = {
      IDBKeyRange: inner.IDBKeyRange,
      indexedDB: { open: (name, version) => this.#open(name, version) },
    };
  }

  #open(name: string, version?: number): IDBOpenDBRequest {
    const request = this.#inner.indexedDB.open(name, version);
    request.addEventListener("success", () => {
      const db = request.result;
      this.#version = db.version;
      const begin = db.transaction.bind(db);
      db.transaction = (...args: Parameters<typeof begin>) => {
        const transaction = begin(...args);
        const { plan } = this;
        if (plan === null || plan.after-- > 0) return transaction;
        this.plan = null;
        this.#bring(plan, db, transaction);
        return transaction;
      };
    });
    return request;
  }

  #bring(plan: Plan, db: IDBDatabase, transaction: IDBTransaction): void {
    if (plan.trouble === "lose") {
      Object.defineProperty(transaction, "oncomplete", {
        set: () =>
          transaction.addEventListener(
            "complete",
            () => transaction.onabort?.(new Event("abort")),
          ),
      });
      return;
    }
    void this.#later(plan, db, transaction);
  }

  async #later(plan: Plan, db: IDBDatabase, transaction: IDBTransaction) {
    for (let i = 0; i < plan.turns; i++) {
      await (i % 4 === 3
        ? new Promise((resolve) => setTimeout(resolve, 0))
        : Promise.resolve());
    }
    const { _abort: abort, _state: state } = transaction as unknown as {
      _abort(name: string): void;
      _state: string;
    };
    switch (plan.trouble) {
      case "cut":
        return fake.forceCloseDatabase(db as never);
      case "full":
        if (state !== "finished") {
          abort.call(transaction, "QuotaExceededError");
        }
        return;
      case "give up":
        return plan.giveUp.abort(new Error("given up"));
      case "upgrade": {
        const request = this.#inner.indexedDB.open(db.name, this.#version + 1);
        request.onsuccess = () => request.result.close();
      }
    }
  }
}

/** What a file may be: one of some texts, or absent. */
type May = Set<string | null>;

class Sequence {
  readonly #random: (below: number) => number;
  readonly #inner = imitate();
  readonly #weather = new Weather(this.#inner);
  readonly #store: Store;
  readonly #may = new Map<string, May>();
  #count = 0;
  log: string[] = [];

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.#store = new Store({
      backend: new IndexedDBBackend({
        scope: this.#weather.scope,
        chunkSize: 8,
        representation: this.#random(2) === 0 ? "bytes" : "auto",
      }),
    });
  }

  async run(): Promise<void> {
    for (let step = 0; step < STEPS; step++) await this.#step();
    await this.#store.close();
  }

  #path(): string {
    return `${"ab"[this.#random(2)]}/${this.#random(4)}`;
  }

  #text(): string {
    return `${this.#count++} `.repeat(this.#random(this.#random(60) + 1));
  }

  #mayBe(path: string): May {
    return this.#may.get(path) ?? new Set([null]);
  }

  async #step(): Promise<void> {
    const random = this.#random;
    const giveUp = new AbortController();
    const trouble = TROUBLES[random(TROUBLES.length)] ?? "lose";
    const plan = random(4) === 0
      ? null
      : { trouble, after: random(6), turns: random(14), giveUp };
    this.#weather.plan = plan;
    const { signal } = giveUp;
    this.log.push(JSON.stringify(plan && { ...plan, giveUp: 0 }));
    const kind = random(10);
    if (kind < 4) await this.#writes(random(3) === 0 ? 12 : 1, signal);
    else if (kind < 6) await this.#transfer(random(2) === 0, signal);
    else if (kind < 8) await this.#delete(signal);
    else if (kind < 9) await this.#deleteFolder(signal);
    else await this.#read(signal);
    this.#weather.plan = null;
    await this.#look();
  }

  async #writes(count: number, signal: AbortSignal): Promise<void> {
    const puts = Array.from({ length: count }, () => ({
      path: this.#path(),
      // Together they go in their order only as long as each is one part.
      text: this.#text().slice(0, count > 1 ? 32 : undefined),
      overwrite: this.#random(2) === 0,
      stream: count === 1 && this.#random(2) === 0,
    }));
    const codes = await Promise.all(
      puts.map(({ path, text, overwrite, stream }) => {
        const content = stream ? new Blob([text]).stream() : text;
        return this.#codeOf(
          "write",
          this.#store.write(path, content, { overwrite, signal }),
        );
      }),
    );
    puts.forEach(({ path, text, overwrite }, i) => {
      const may = this.#mayBe(path);
      this.log.push(`put ${path} ${text} ${overwrite} ${codes[i]}`);
      switch (codes[i]) {
        case "ok":
          assert(overwrite || may.has(null), `${path} was there`);
          return this.#may.set(path, new Set([text]));
        case "AlreadyExists":
          assert(!overwrite);
          may.delete(null);
          assert(may.size > 0, `${path} was not there`);
          return this.#may.set(path, may);
        default:
          return this.#may.set(path, new Set([...may, text]));
      }
    });
  }

  async #transfer(isMove: boolean, signal: AbortSignal): Promise<void> {
    const [from, to] = [this.#path(), this.#path()];
    if (from === to) return;
    const overwrite = this.#random(2) === 0;
    const action = isMove ? "move" : "copy";
    const code = await this.#codeOf(
      action,
      this.#store[action](from, to, { overwrite, signal }),
    );
    this.log.push(`${action} ${from} ${to} ${overwrite} ${code}`);
    const source = this.#mayBe(from);
    const target = this.#mayBe(to);
    // Exactly known before each step.
    const [text = null] = source;
    const [there = null] = target;
    switch (code) {
      case "ok":
        assert(text !== null && (overwrite || there === null));
        this.#may.set(to, new Set([text]));
        if (isMove) this.#may.set(from, new Set([null]));
        return;
      case "NotFound":
        return assertEquals(text, null);
      case "AlreadyExists":
        return assert(text !== null && there !== null && !overwrite);
      default:
        if (text === null) return;
        this.#may.set(to, new Set([there, text]));
        if (isMove) this.#may.set(from, new Set([null, text]));
    }
  }

  async #delete(signal: AbortSignal): Promise<void> {
    const path = this.#path();
    const code = await this.#codeOf(
      "delete",
      this.#store.delete(path, { signal }),
    );
    this.log.push(`delete ${path} ${code}`);
    const [text = null] = this.#mayBe(path);
    if (code === "NotFound") assertEquals(text, null);
    else if (code === "ok") {
      assert(text !== null);
      this.#may.set(path, new Set([null]));
    } else this.#may.set(path, new Set([text, null]));
  }

  async #deleteFolder(signal: AbortSignal): Promise<void> {
    const folder = "ab"[this.#random(2)] ?? "a";
    const code = await this.#codeOf(
      "deleteFolder",
      this.#store.deleteFolder(folder, { recursive: true, signal }),
    );
    this.log.push(`deleteFolder ${folder} ${code}`);
    const below = [...this.#may].filter(([path]) =>
      path.startsWith(`${folder}/`)
    );
    for (const [path, may] of below) {
      if (code === "NotFound") assertEquals([...may], [null]);
      else if (code === "ok") this.#may.set(path, new Set([null]));
      else this.#may.set(path, may.add(null));
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const path = this.#path();
    const [text = null] = this.#mayBe(path);
    let found: string | undefined;
    const code = await this.#codeOf(
      "read",
      (async () => {
        found = await new Response(await this.#store.read(path, { signal }))
          .text();
      })(),
    );
    this.log.push(`read ${path} ${code}`);
    if (code === "ok") assertEquals(found, text);
    if (code === "NotFound") assertEquals(text, null);
  }

  async #codeOf(what: string, call: Promise<unknown>): Promise<string> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} never ends`)), 5000);
    });
    try {
      await Promise.race([call, late]);
      return "ok";
    } catch (error) {
      if (isRemoteStoreError(error)) {
        assert(error.code !== "RemoteStoreError", String(error));
        return error.code;
      }
      if (error instanceof Error && error.message === "given up") {
        return "given up";
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Looks at everything as another tab does: it is one of what it may be. */
  async #look(): Promise<void> {
    const other = new Store({
      backend: new IndexedDBBackend({ scope: this.#inner }),
    });
    for (const [path, may] of this.#may) {
      const found = await other.isFile(path)
        ? await other.readText(path)
        : null;
      assert(may.has(found), `${path} is ${found}, not ${[...may].join("|")}`);
      this.#may.set(path, new Set([found]));
    }
    await other.close();
    const database = newDatabase(this.#inner);
    const { orphans, broken } = await auditOf(database);
    await database.close();
    assertEquals([...orphans, ...broken], []);
  }
}

Deno.test("IDB whatever fails, what is told of it is so, and nothing is left over", async () => {
  for (let i = 0; i < SEQUENCES; i++) {
    const sequence = new Sequence(SEED + i);
    try {
      await sequence.run();
    } catch (error) {
      const log = sequence.log.slice(-8).join("\n");
      throw new Error(`seed ${SEED + i}:\n${log}`, { cause: error });
    }
  }
});
