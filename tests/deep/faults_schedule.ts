/**
 * A schedule: the calls of two writers on one service, under faults, in time that is not
 * real. Everything follows from the seed.
 *
 * @module
 */
import { type Exchange, seeded } from "../conformance/faults.ts";
import {
  type Call,
  describe,
  drawPlans,
  GIVEN_UP,
  type Plan,
} from "./faults_calls.ts";
import type { Violation } from "./faults_case.ts";
import { contentOf } from "./faults_content.ts";
import { History, labelOf } from "./faults_history.ts";
import { judge } from "./faults_judge.ts";
import { turn, VirtualTime } from "./faults_time.ts";
import type { World, WorldOf } from "./faults_world.ts";
import { Writer } from "./faults_writer.ts";

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

/** The shares of requests that meet a fault, one for each schedule. */
const RATES = [0, 0.05, 0.15, 0.15, 0.3, 0.5];

/** The longest times on the way, in milliseconds. */
const LATENCIES = [0, 20, 200];

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
      await time.run(schedule.run(), schedule.turns);
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
  readonly #seed: number;
  readonly #plans: readonly Plan[];
  readonly #calls: Call[] = [];
  readonly #findings: Finding[] = [];
  readonly #writers: Writer[] = [];
  /** Which request has left something behind. */
  readonly #remains = new Map<string, Exchange>();
  #history: History;
  #last: Promise<unknown> = Promise.resolve();
  #rivals = 0;

  constructor(worldOf: WorldOf, seed: number, plans: readonly Plan[]) {
    this.#world = worldOf(seeded(seed));
    this.#history = new History(() => this.#world.look());
    this.#seed = seed;
    this.#plans = plans;
  }

  get turns(): number {
    return this.#world.turns ?? 1;
  }

  note(kind: string, what: string, id = ""): void {
    this.#findings.push({ kind, what, id });
  }

  async run(): Promise<void> {
    await this.#prepare(seeded(this.#seed ^ 0xf11e));
    this.#history = new History(() => this.#world.look());
    const random = seeded(this.#seed ^ 0xfa17);
    const rate = RATES[random(RATES.length)] ?? 0;
    const latency = LATENCIES[random(LATENCIES.length)] ?? 0;
    for (const at of [0, 1]) {
      this.#writers.push(this.#writer(at, rate, latency));
    }
    await Promise.all(
      this.#writers.map((writer) => writer.run(this.#history, this.#calls)),
    );
    for (const { connection: { line } } of this.#writers) {
      line.rate = 0;
      await line.settle();
    }
    for (const [at, writer] of this.#writers.entries()) {
      await this.#control(writer, at);
    }
    for (const what of await this.#world.audit?.() ?? []) {
      this.note("left behind", what);
    }
  }

  #writer(at: number, rate: number, latency: number): Writer {
    const plans = this.#plans.filter(({ writer }) => writer === at);
    return new Writer(plans, (writer) =>
      this.#world.connect({
        seed: this.#seed + at,
        rate,
        latency,
        onRequest: (exchange) => writer.onRequest(exchange),
        serve: (url, init, exchange) =>
          this.#serve(url, init, exchange, writer.callOf(exchange)),
        record: (exchange) =>
          this.#history.record(writer.callOf(exchange), exchange),
        interfere: (exchange, dice) =>
          this.#alone(() => this.#interfere(exchange, dice)),
      }));
  }

  outcome(): Outcome {
    const logs = this.#writers.map(({ connection }) => connection.line.log);
    for (const call of this.#calls) {
      if (call.to === Infinity) continue;
      const broken = judge(call, this.#history, this.#world.traits);
      for (const { kind, what } of broken) this.note(kind, what, call.plan.id);
    }
    for (const writer of this.#writers) {
      const orphans = this.#world.traits.tidies ? [] : writer.orphans;
      for (const exchange of orphans) {
        this.note("a request afterwards", String(exchange));
      }
      for (const exchange of writer.connection.line.holding()) {
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
    for (const name of this.#world.remains?.() ?? []) {
      const exchange = this.#remains.get(name);
      const call = exchange === undefined ? null : this.#callOf(exchange);
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
      const response = await this.#world.fetch?.(url, rest);
      if (response === undefined) throw new Error("it takes no requests");
      this.#history.record(call, exchange);
      for (const name of this.#world.remains?.() ?? []) {
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

  async #prepare(random: (limit: number) => number): Promise<void> {
    const { files, sizes, streams } = this.#world.ground;
    for (const path of files) {
      if (random(2) === 0) continue;
      const all = random(8) === 0 ? streams : sizes;
      const size = all[random(all.length)] ?? 0;
      await this.#world.put(path, contentOf(`0${random(9)}`, size));
    }
  }

  // Somebody who is no writer of the schedule changes the file that a request is about.
  async #interfere(
    exchange: Exchange,
    random: (limit: number) => number,
  ): Promise<void> {
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
      await this.#world.put(key, contentOf(id, size));
    }
    this.#history.record(null, exchange);
  }

  /** Without faults everything works again, whatever has happened. */
  async #control(writer: Writer, at: number): Promise<void> {
    const { store } = writer.connection;
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
