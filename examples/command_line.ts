/**
 * The demo's command line.
 *
 * @module
 */
import type { Backend } from "@remote-store/core";
import type { BackendChoice, Flags } from "./backends.ts";

/** The backends to choose from. */
export type Backends = Readonly<Record<string, BackendChoice>>;

/** A mistake in the command line. */
export class BadInput extends Error {}

/** What the command line asks for. */
export interface Input {
  /** The backend's name on the command line. */
  readonly name: string;
  /** The backend, created. */
  readonly backend: Backend;
  /** The folder to copy. */
  readonly folder: string;
}

/** Reads the arguments. */
export function parse(
  args: readonly string[],
  backends: Backends,
): Input | "help" {
  const { words, flags } = toFlags(args);
  if ("help" in flags) return "help";
  const [name = "memory", folder = ".", ...rest] = words;
  if (rest.length > 0) {
    throw new BadInput(
      `Cannot use "${rest[0]}": a backend and a folder are all there is`,
    );
  }
  return { name, backend: create(name, flags, backends), folder };
}

/** Tells flags from words. */
export function toFlags(
  args: readonly string[],
): { readonly words: readonly string[]; readonly flags: Flags } {
  const flags: Record<string, string> = {};
  const words: string[] = [];
  for (const arg of args) {
    const [, flag, value = ""] = arg.match(/^--([^=]+)=?(.*)$/s) ?? [];
    if (arg === "-h") flags["help"] = "";
    else if (flag === undefined) words.push(arg);
    else flags[flag] = value;
  }
  return { words, flags };
}

/** Creates a backend by its name and its flags. */
export function create(
  name: string,
  flags: Flags,
  backends: Backends,
): Backend {
  const choice = Object.hasOwn(backends, name) ? backends[name] : undefined;
  if (choice === undefined) {
    throw new BadInput(
      `Cannot open the backend "${name}": it is unknown, known are: ` +
        Object.keys(backends).join(", "),
    );
  }
  for (const flag of Object.keys(flags)) {
    if (choice.flags.includes(flag)) continue;
    throw new BadInput(`Cannot use --${flag}: ${name} does not know this flag`);
  }
  return choice.create(flags);
}

/** Returns the text of `--help`. */
export function usage(backends: Backends): string {
  const names = Object.entries(backends).map(([name, { about, flags }]) =>
    [`  ${name}`, about, ...flags.map((flag) => `--${flag}=…`)].join("  ")
  );
  return [
    "Copies a folder into a store, reads it back and compares every byte.",
    "",
    "  deno task demo [backend] [folder]",
    "",
    "The folder defaults to this repository. Folders whose name starts with a dot,",
    "node_modules and links are left out. Exit codes: 0 all equal, 1 a difference",
    "or a failure, 2 bad input.",
    "",
    "Backends (default memory):",
    ...names,
  ].join("\n");
}
