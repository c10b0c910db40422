/**
 * A schedule: the calls of two writers on one service, under faults, in time that is not
 * real. Everything follows from the seed.
 *
 * @module
 */
import type { Store } from "../../mod.ts";
import {
  between,
  type Exchange,
  type Fault,
  FaultyFetch,
  seeded,
} from "../conformance/faults.ts";
import {
  type Call,
  describe,
  drawPlans,
  GIVEN_UP,
  type Ground,
  perform,
  type Plan,
} from "./faults_calls.ts";
import type { Traits, Violation } from "./faults_case.ts";
import { contentOf } from "./faults_content.ts";
import { type Held, History, labelOf } from "./faults_history.ts";
import { judge } from "./faults_judge.ts";
import { turn, VirtualTime } from "./faults_time.ts";

/** A service for one schedule, and how stores come to it. */
export interface World {
  readonly ground: Ground;
  readonly traits: Traits;
  /** What can go wrong on the way, beside rivals. */
  readonly faults: readonly Fault[];
  /** Sends a request to the service. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** What the service holds. */
  look(): Iterable<readonly [string, Held]>;
  /** Puts a file past all clients. */
  put(key: string, bytes: Uint8Array<ArrayBuffer>): void;
  /** Removes a file past all clients. */
  remove(key: string): void;
  /** What lies about that no listing of files shows: names of uploads, drafts. */
  remains(): readonly string[];
  /** Opens a store. */
  open(fetch: FaultyFetch["fetch"]): Store;
}

/** Makes the world of a seed. */
export type WorldOf = (random: (limit: number) => number) => World;

/** A rule that was broken, and by what. */
export interface Finding extends Violation {
  readonly id: string;
}

/** What came of a schedule. */
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly requests: number;
  readonly calls: number;
  readonly faults: number;
  /** Everything that happened, line by line. */
  readonly story: () => string;
}

const MAX_CALLS = 8;

/** Draws the calls of both writers. */
export function plansOf(worldOf: WorldOf, seed: number): Plan[] {
  const { ground } = worldOf(seeded(seed));
  const random = seeded(seed ^ 0x5eed);
  return [0, 1].flatMap((writer) =>
    drawPlans(ground, seed, writer, random(MAX_CALLS) + 1)
  );
}

/** Runs a schedule. */
export async function runSchedule(
  worldOf: WorldOf,
  seed: number,
  plans: readonly Plan[] = plansOf(worldOf, seed),
): Promise<Outcome> {
  const time = new VirtualTime(seed);
  const restore = time.install();
  const rejections: unknown[] = [];
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    rejections.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  try {
    const schedule = new Schedule(worldOf, seed, plans);
    try {
      await time.run(schedule.run());
      await turn();
    } catch (error) {
      schedule.note("stuck", String(error));
    }
    for (const reason of rejections) {
      schedule.note("unhandled rejection", String(reason));
    }
    return schedule.outcome();
  } finally {
    globalThis.removeEventListener("unhandledrejection", onRejection);
    restore();
  }
}

class Schedule {
  readonly #world: World;
  readonly #history: History;
  readonly #calls: Call[] = [];
  readonly #findings: Finding[] = [];
  readonly #writers: Writer[];
  /** Which request has left something behind. */
  readonly #remains = new Map<string, Exchange | null>();
  #last: Promise<unknown> = Promise.resolve();
  #rivals = 0;

  constructor(worldOf: WorldOf, seed: number, plans: readonly Plan[]) {
    this.#world = worldOf(seeded(seed));
    this.#prepare(seeded(seed ^ 0xf11e));
    this.#history = new History(() => this.#world.look());
    const random = seeded(seed ^ 0xfa17);
    const rate = [0, 0.05, 0.15, 0.15, 0.3, 0.5][random(6)] ?? 0;
    const latency = [0, 20, 200][random(3)] ?? 0;
    this.#writers = [0, 1].map((writer) =>
      new Writer(
        plans.filter((plan) => plan.writer === writer),
        (serve) =>
          new FaultyFetch({
            fetch: serve.fetch,
            faults: [...this.#world.faults, this.#rival()],
            seed: seed + writer,
            rate,
            latency,
            onRequest: serve.onRequest,
          }),
        (url, init, exchange, call) => this.#serve(url, init, exchange, call),
        this.#world,
      )
    );
  }

  note(kind: string, what: string, id = ""): void {
    this.#findings.push({ kind, what, id });
  }

  async run(): Promise<void> {
    await Promise.all(
      this.#writers.map((writer) => writer.run(this.#history, this.#calls)),
    );
    for (const { faulty } of this.#writers) {
      faulty.rate = 0;
      await faulty.settle();
    }
    for (const [at, writer] of this.#writers.entries()) {
      await this.#control(writer, at);
    }
  }

  outcome(): Outcome {
    const logs = this.#writers.map(({ faulty }) => faulty.log);
    for (const call of this.#calls) {
      if (call.to === Infinity) continue;
      const broken = judge(call, this.#history, this.#world.traits);
      for (const { kind, what } of broken) this.note(kind, what, call.plan.id);
    }
    for (const writer of this.#writers) {
      for (const exchange of writer.orphans) {
        this.note("a request afterwards", String(exchange));
      }
      for (const exchange of writer.faulty.holding()) {
        const id = writer.callOf(exchange)?.plan.id;
        this.note("a body is held", String(exchange), id);
      }
    }
    this.#judgeRemains();
    return {
      findings: this.#findings,
      requests: logs.reduce((sum, log) => sum + log.length, 0),
      calls: this.#calls.length,
      faults: logs.flat().filter(({ fault }) => fault !== null).length,
      story: () => this.#story(),
    };
  }

  // What a call has begun it ends, unless the request that does so was hit.
  #judgeRemains(): void {
    for (const name of this.#world.remains()) {
      const exchange = this.#remains.get(name) ?? null;
      const call = exchange && this.#callOf(exchange);
      if (!call) continue;
      const hit = call.exchanges.some(({ fault }) => fault !== null);
      if (!hit && call.error !== GIVEN_UP) {
        this.note("left behind", name, call.plan.id);
      }
    }
  }

  #callOf(exchange: Exchange): Call | null {
    for (const writer of this.#writers) {
      const call = writer.callOf(exchange);
      if (call !== null) return call;
    }
    return null;
  }

  async #serve(
    url: string,
    init: RequestInit,
    exchange: Exchange,
    call: Call | null,
  ): Promise<Response> {
    return await this.#alone(async () => {
      const { signal: _, ...rest } = init;
      const response = await this.#world.fetch(url, rest);
      this.#history.record(call, exchange);
      for (const name of this.#world.remains()) {
        if (!this.#remains.has(name)) this.#remains.set(name, exchange);
      }
      return response;
    });
  }

  // One after the other: so each change is known to be somebody's.
  async #alone<T>(act: () => T | Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = promise;
    await before;
    try {
      return await act();
    } finally {
      resolve();
    }
  }

  #prepare(random: (limit: number) => number): void {
    const { files, sizes, streams } = this.#world.ground;
    for (const path of files) {
      if (random(2) === 0) continue;
      const all = random(8) === 0 ? streams : sizes;
      const size = all[random(all.length)] ?? 0;
      this.#world.put(path, contentOf(`0${random(9)}`, size));
    }
  }

  /** Somebody who is no writer of the schedule, and changes the file that a request is about. */
  #rival(): Fault {
    const act = (exchange: Exchange, random: (limit: number) => number) =>
      this.#alone(() => this.#interfere(exchange, random));
    return { ...between("rival", act), weight: 2 };
  }

  #interfere(exchange: Exchange, random: (limit: number) => number): void {
    const { files, sizes, streams } = this.#world.ground;
    const path = decodeURIComponent(exchange.url.pathname);
    const near = files.filter((name) => path.endsWith(`/${name}`));
    const all = near.length > 0 && random(4) > 0 ? near : files;
    const key = all[random(all.length)] ?? "";
    if (random(3) === 0) {
      exchange.note = `${key} is removed`;
      this.#world.remove(key);
    } else {
      const some = random(3) === 0 ? streams : sizes;
      const size = some[random(some.length)] ?? 0;
      const id = `R${this.#rivals++}`;
      exchange.note = `${key} is put as ${id}`;
      this.#world.put(key, contentOf(id, size));
    }
    this.#history.record(null, exchange);
  }

  /** Without faults everything works again, whatever has happened. */
  async #control({ store }: Writer, at: number): Promise<void> {
    if (this.#world.ground.kinds.write === undefined) return;
    const path = `control/${at}`;
    try {
      await store.write(path, "control", { overwrite: true });
      const text = await store.readText(path);
      if (text !== "control") this.note("does not recover", text);
      await store.delete(path);
    } catch (error) {
      this.note("does not recover", String(error));
    }
    await store.close();
  }

  #story(): string {
    const lines: string[] = [];
    for (const call of this.#calls) {
      lines.push(`${describe(call)}   [${call.from}–${call.to}]`);
      for (const exchange of call.exchanges) lines.push(`      ${exchange}`);
      for (const { key, after, order } of this.#history.of(call)) {
        lines.push(`      ${order}: ${key} = ${labelOf(after?.bytes)}`);
      }
    }
    for (const { key, after, order, call, exchange } of this.#history.effects) {
      if (call !== null || key.startsWith("control/")) continue;
      const by = exchange === null ? "at first" : `rival at ${exchange}`;
      lines.push(`${order}: ${key} = ${labelOf(after?.bytes)} ${by}`);
    }
    return lines.join("\n");
  }
}

/** One store, and its calls, one after the other. */
class Writer {
  readonly faulty: FaultyFetch;
  readonly store: Store;
  /** Requests that were made while no call ran. */
  readonly orphans: Exchange[] = [];
  readonly #plans: readonly Plan[];
  readonly #callOf = new Map<Exchange, Call>();
  #current: Call | null = null;
  #idle = false;

  constructor(
    plans: readonly Plan[],
    create: (serve: {
      fetch: (
        url: string,
        init: RequestInit,
        exchange: Exchange,
      ) => Promise<Response>;
      onRequest: (exchange: Exchange) => void;
    }) => FaultyFetch,
    serve: (
      url: string,
      init: RequestInit,
      exchange: Exchange,
      call: Call | null,
    ) => Promise<Response>,
    world: World,
  ) {
    this.#plans = plans;
    this.faulty = create({
      fetch: (url, init, exchange) =>
        serve(url, init, exchange, this.callOf(exchange)),
      onRequest: (exchange) => this.#onRequest(exchange),
    });
    this.store = world.open(this.faulty.fetch);
  }

  callOf(exchange: Exchange): Call | null {
    return this.#callOf.get(exchange) ?? null;
  }

  async run(history: History, calls: Call[]): Promise<void> {
    for (const plan of this.#plans) {
      this.faulty.reseed(plan.seed);
      const match = plan.kind !== "write"
        ? null
        : plan.mode === "match"
        ? history.now(plan.path)?.etag ?? '"none"'
        : plan.mode === "stale"
        ? history.states(plan.path, 0, history.order)
          .findLast((at) => at !== null)?.etag ?? '"none"'
        : null;
      const call: Call = {
        plan,
        from: history.order,
        to: Infinity,
        match,
        exchanges: [],
        seen: null,
        error: null,
      };
      calls.push(call);
      this.#current = call;
      await this.#make(call);
      call.to = history.order;
      this.#current = null;
      this.#idle = true;
      // Whoever sends without a call does it now.
      await new Promise((resolve) => setTimeout(resolve, plan.seed % 50));
      this.#idle = false;
    }
  }

  async #make(call: Call): Promise<void> {
    const { giveUp } = call.plan;
    const stop = new AbortController();
    const timer = giveUp === null
      ? undefined
      : setTimeout(() => stop.abort(GIVEN_UP), giveUp);
    try {
      const signal = giveUp === null ? undefined : stop.signal;
      call.seen = await perform(call, this.store, signal);
    } catch (error) {
      call.error = error;
    } finally {
      clearTimeout(timer);
    }
  }

  #onRequest(exchange: Exchange): void {
    const call = this.#current;
    if (call !== null) {
      this.#callOf.set(exchange, call);
      call.exchanges.push(exchange);
    } else if (this.#idle) this.orphans.push(exchange);
  }
}
