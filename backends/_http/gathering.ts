// This module is browser compatible.
import { untilAborted } from "../../core/signal.ts";

/** One thing that is asked. */
interface Waiting<A, T> {
  readonly ask: A;
  readonly settle: (answer: Promise<T>) => void;
  /** Lets the next one who asks the same ask anew. */
  readonly release: () => void;
  /** Those who still wait; none for what nobody has asked yet. */
  waiters: number;
  /** The question that it went with. */
  question: Question<A, T> | null;
}

interface Question<A, T> {
  readonly group: readonly Waiting<A, T>[];
  readonly stop: AbortController;
  isAnswered: boolean;
}

/**
 * Gathers what is asked in one task into few questions, and asks the same only once at a
 * time. What nobody waits for any more is not asked.
 */
export class Gathering<A, T> {
  readonly #send: (
    asks: readonly A[],
    signal: AbortSignal,
  ) => Promise<readonly T[]>;
  readonly #most: number;
  readonly #open = new Map<string, [Waiting<A, T>, Promise<T>]>();
  #queue: Waiting<A, T>[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param most How many are asked in one question. */
  constructor(
    most: number,
    send: (asks: readonly A[], signal: AbortSignal) => Promise<readonly T[]>,
  ) {
    this.#most = most;
    this.#send = send;
  }

  /** Whether something is being asked. */
  isOpen(name: string): boolean {
    return this.#open.has(name);
  }

  /** Asks, and waits for the answer. */
  async ask(
    name: string,
    ask: A,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const [waiting, answer] = this.#add(name, ask);
    waiting.waiters++;
    try {
      return await untilAborted(answer, signal);
    } finally {
      waiting.waiters--;
      this.#drop();
      giveUp(waiting.question);
    }
  }

  /** Asks along with what is asked now, and returns the answer that nobody has to wait for. */
  along(name: string, ask: A): Promise<T> {
    return this.#add(name, ask)[1];
  }

  #add(name: string, ask: A): [Waiting<A, T>, Promise<T>] {
    const open = this.#open.get(name);
    if (open !== undefined) return open;
    const { promise, resolve } = Promise.withResolvers<T>();
    const release = () => {
      if (this.#open.get(name) === entry) this.#open.delete(name);
    };
    const waiting: Waiting<A, T> = {
      ask,
      settle: resolve,
      release,
      waiters: 0,
      question: null,
    };
    const entry: [Waiting<A, T>, Promise<T>] = [waiting, promise];
    this.#open.set(name, entry);
    promise.then(release, release);
    this.#queue.push(waiting);
    this.#timer ??= setTimeout(() => this.#flush(), 0);
    return entry;
  }

  // Nobody waits: not even the timer is left.
  #drop(): void {
    const isIdle = this.#queue.every(({ waiters }) => waiters === 0);
    if (this.#timer === null || !isIdle) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    const gone = this.#queue;
    this.#queue = [];
    for (const { settle, release } of gone) {
      release();
      settle(Promise.reject(new Error("nobody waits")));
    }
  }

  #flush(): void {
    this.#timer = null;
    const all = this.#queue;
    this.#queue = [];
    // What is waited for first.
    const sorted = [
      ...all.filter(({ waiters }) => waiters > 0),
      ...all.filter(({ waiters }) => waiters === 0),
    ];
    for (let at = 0; at < sorted.length; at += this.#most) {
      this.#question(sorted.slice(at, at + this.#most));
    }
  }

  #question(group: readonly Waiting<A, T>[]): void {
    const stop = new AbortController();
    const question = { group, stop, isAnswered: false };
    const answers = this.#send(group.map(({ ask }) => ask), stop.signal)
      .finally(() => question.isAnswered = true);
    group.forEach((waiting, at) => {
      waiting.question = question;
      waiting.settle(answers.then((all) => all[at] as T));
    });
  }
}

// An answer that nobody waits for is not waited for here.
function giveUp<A, T>(question: Question<A, T> | null): void {
  if (question === null || question.isAnswered) return;
  if (question.group.some(({ waiters }) => waiters > 0)) return;
  // Whoever asks the same before it has ended must not get its end for an answer.
  for (const { release } of question.group) release();
  question.stop.abort(new Error("nobody waits"));
}
