/**
 * Two tabs that wait for each other.
 *
 * @module
 */

/** What `using` calls, in WebKit too, once it is written out. */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ??
  Symbol.for("Symbol.dispose");

/** A place where the page meets another one that has the same name for it. */
export class Meeting implements Disposable {
  readonly #channel: BroadcastChannel;
  #mine = 0;
  #theirs = 0;
  #met = () => {};

  constructor(name: string) {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => {
      const theirs = Number(data);
      // Who came late has missed what was said before.
      if (theirs < this.#mine) this.#channel.postMessage(this.#mine);
      this.#theirs = Math.max(this.#theirs, theirs);
      this.#met();
    };
    this.#channel.postMessage(0);
  }

  /** Resolves when both have come here as often. */
  meet(): Promise<void> {
    const mine = ++this.#mine;
    this.#channel.postMessage(mine);
    return new Promise((resolve) => {
      this.#met = () => {
        if (this.#theirs >= mine) resolve();
      };
      this.#met();
    });
  }

  [DISPOSE](): void {
    this.#channel.close();
  }
}
