/**
 * A call, with what was before, during and behind it.
 *
 * @module
 */
import { isRemoteStoreError } from "../../mod.ts";
import { type Call, GIVEN_UP } from "./faults_calls.ts";
import type { Effect, History, Version } from "./faults_history.ts";

/** What the rules depend on. */
export interface Traits {
  readonly flat: boolean;
  /** Whether the service always tells how long a file is. */
  readonly tellsSize?: boolean;
  /** Whether a part of a file tells its tag, as the whole does. */
  readonly tellsTag?: boolean;
  /** Whether a file that is moved stays the version that it is, so that it is known again. */
  readonly keepsVersion?: boolean;
  /** Whether writes that are begun at once are one change. */
  readonly batches?: boolean;
  /** Whether the backend tidies up on its own, beside all calls. */
  readonly tidies?: boolean;
  /** Keys that a write has beside its own, until it is done. */
  readonly isDraft: (key: string) => boolean;
}

/** A rule that a call has broken. */
export interface Violation {
  readonly kind: string;
  readonly what: string;
}

/** How a call ended. */
export type Outcome = "done" | "refused" | "doubt" | "given up" | "untyped";

/** Returns how a call ended. */
export function outcomeOf({ seen, error, plan }: Call): Outcome {
  if (seen !== null) return "done";
  if (error === GIVEN_UP && plan.giveUp !== null) return "given up";
  if (!isRemoteStoreError(error)) return "untyped";
  return isDoubt(error) ? "doubt" : "refused";
}

/** Returns whether an error says that the change may have been made. */
export function isDoubt(error: unknown): boolean {
  return isRemoteStoreError(error) && error.code === "BackendUnavailable" &&
    error.inDoubt;
}

/** Returns the code of an error; empty for one that has none. */
export function codeOf(error: unknown): string {
  return isRemoteStoreError(error) ? error.code : "";
}

/** A call, with what was before, during and behind it. */
export class Case {
  readonly call: Call;
  readonly history: History;
  readonly traits: Traits;
  readonly outcome: Outcome;
  /** What the call has changed before it settled. */
  readonly own: readonly Effect[];
  /** What arrived when it had settled. */
  readonly late: readonly Effect[];
  readonly violations: Violation[] = [];

  constructor(call: Call, history: History, traits: Traits) {
    this.call = call;
    this.history = history;
    this.traits = traits;
    this.outcome = outcomeOf(call);
    const all = history.of(call).filter(({ key }) =>
      !traits.isDraft(key) && (traits.flat || !key.endsWith("/"))
    );
    this.own = all.filter(({ order }) => order <= call.to);
    this.late = all.filter(({ order }) => order > call.to);
  }

  /** Notes a broken rule. */
  broken(kind: string, what: string): void {
    this.violations.push({ kind, what });
  }

  /** What stood at a key while the call ran. */
  states(path: string): (Version | null)[] {
    return this.history.states(path, this.call.from, this.call.to);
  }

  /** Whether nothing stood at a key at some time. */
  mayBeAbsent(path: string): boolean {
    return this.states(path).includes(null);
  }

  /** Whether something that the call did not put stood at a key at some time. */
  mayBeForeign(path: string): boolean {
    return this.states(path).some((at) => at !== null && at.by !== this.call);
  }

  /** The keys below a folder at which something ever stood. */
  below(folder: string): string[] {
    const prefix = folder === "" ? "" : `${folder}/`;
    return this.history.everKeys().filter((key) =>
      key.startsWith(prefix) && isPath(key) && !this.traits.isDraft(key)
    );
  }

  /** Whether anything was below a folder at some time, a marker or what no path names among it. */
  mayBeFolder(folder: string): boolean {
    return this.history.everKeys().some((key) =>
      key.startsWith(`${folder}/`) &&
      this.states(key).some((at) => at !== null)
    );
  }

  /** Whether a file was below a folder all the time. */
  isFolder(folder: string): boolean {
    return this.below(folder).some((key) => !this.mayBeAbsent(key));
  }

  /** Whether no request of the call met a fault, and nobody else changed anything. */
  get isQuiet(): boolean {
    const { call, history } = this;
    return call.exchanges.every(({ fault }) => fault === null) &&
      history.effects.every(({ order, call: by }) =>
        order <= call.from || order > call.to || by === call
      );
  }
}

/** Returns whether a key is a path: every segment has a name. */
export function isPath(key: string): boolean {
  return key.split("/").every((part) => !/^\.{0,2}$/.test(part));
}
