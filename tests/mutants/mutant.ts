import { MemoryBackend } from "../../backends/memory.ts";
import { type Backend, Store, type StoreLike } from "../../mod.ts";
import { assertReleased, FlatBackend } from "../fakes/flat_backend.ts";

/** A store that is broken in one way, and the rule that it breaks. */
export interface Mutant {
  /** What it does wrong. */
  readonly name: string;
  /** The rule that has to notice: a failing test's name carries it. */
  readonly breaks: string;
  /** What it claims to be. */
  readonly namespace: "flat" | "hierarchical";
  /** Whether it claims that `close` is for good. */
  readonly closeIsTerminal: boolean;
  /** Creates a broken store over an empty root. */
  readonly create: () => StoreLike;
  /** Puts what no path can name. */
  readonly foreign: (store: StoreLike, name: string) => Promise<void>;
  /** Closes it, and looks whether it has released all. */
  readonly dispose: (store: StoreLike) => Promise<void>;
}

const BACKENDS = new WeakMap<StoreLike, Backend>();

/** Returns a mutant over a broken backend. */
export function brokenBackend(
  breaks: string,
  name: string,
  make: () => Backend,
): Mutant {
  const { namespace, closeIsTerminal } = make();
  return {
    name,
    breaks,
    namespace,
    closeIsTerminal,
    create() {
      const backend = make();
      const store = new Store({ backend });
      BACKENDS.set(store, backend);
      return store;
    },
    // deno-lint-ignore require-await -- what fails has to reject
    async foreign(store, name) {
      const backend = BACKENDS.get(store);
      if (backend instanceof FlatBackend) backend.put(name);
    },
    async dispose(store) {
      await store.close();
      const backend = BACKENDS.get(store);
      if (backend !== undefined) assertReleased(backend);
    },
  };
}

/** Returns a mutant over a broken proxy of a sound store. */
export function brokenStore(
  breaks: string,
  name: string,
  wrap: (store: StoreLike) => StoreLike,
  make: () => Backend = () => new MemoryBackend(),
): Mutant {
  const sound = brokenBackend(breaks, name, make);
  return { ...sound, create: () => wrap(sound.create()) };
}
