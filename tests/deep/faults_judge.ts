/**
 * What may be true after a call, given all that has happened: each rule by the changes
 * that the call has made, and by what others have changed while it ran.
 *
 * @module
 */
import { isRemoteStoreError } from "../../mod.ts";
import { type Call, GIVEN_UP } from "./faults_calls.ts";
import {
  Case,
  codeOf,
  isDoubt,
  isPath,
  type Traits,
  type Violation,
} from "./faults_case.ts";
import { contentOf } from "./faults_content.ts";
import {
  type History,
  labelOf,
  sameBytes,
  type Version,
} from "./faults_history.ts";
import { judgeSeen } from "./faults_judge_seen.ts";

/** Returns the rules that a call has broken. */
export function judge(
  call: Call,
  history: History,
  traits: Traits,
): readonly Violation[] {
  const found = new Case(call, history, traits);
  judgeOutcome(found);
  judgeEffects(found);
  if (call.plan.kind === "burst") judgeBurst(found);
  if (found.outcome === "done") judgeDone(found);
  if (found.outcome === "refused") judgeRefused(found);
  return found.violations;
}

function judgeOutcome(found: Case): void {
  const { outcome, own, late, call } = found;
  const { error } = call;
  const changed = own.map(({ key, after }) =>
    `${key} became ${labelOf(after?.bytes)}`
  ).join(", ");
  if (outcome === "untyped") found.broken("untyped", `it threw ${error}`);
  const files = own.filter(({ key }) => isPath(key));
  if (outcome === "refused" && files.length > 0 && !mayBePartial(found)) {
    const kind = codeOf(error) === "BackendUnavailable"
      ? "doubt unsaid"
      : "refused but changed";
    found.broken(kind, changed);
  }
  // What was on its way when the call settled can only be a request that was held back.
  for (const { exchange, key } of late) {
    if (outcome === "given up" || exchange?.fault?.name === "delayed") continue;
    found.broken("changed afterwards", `${key}, by ${exchange}`);
  }
  if (outcome === "doubt" && found.isQuiet) {
    found.broken("needless doubt", String(error));
  }
}

// A folder is deleted in steps, a move has two: what such an error says is another rule's.
function mayBePartial(found: Case): boolean {
  const { call: { plan, error } } = found;
  const code = codeOf(error);
  if (plan.kind === "move" && isAtBoth(error)) return true;
  const isTree = plan.kind === "deleteFolder" && plan.recursive;
  if (plan.kind === "deleteMany" || isTree) {
    if (isToldOfContainer(found)) return true;
  }
  if (!isTree) return false;
  // What no path can name is not deleted, and said when the rest is gone.
  return code === "DirectoryNotEmpty"
    ? /no path can name/.test(String(error))
    : code !== "NotFound" && code !== "InvalidPath";
}

/** Returns whether a move says that its file is at both places. */
function isAtBoth(error: unknown): boolean {
  return isRemoteStoreError(error) && /at both places/.test(error.message);
}

function judgeEffects(found: Case): void {
  const { call: { plan, match } } = found;
  const effects = [...found.own, ...found.late];
  const copied: Version[] = [];
  for (const { key, before, after, order } of effects) {
    const puts = after !== null;
    if (!mayTouch(found, key, puts)) {
      found.broken("wrong file", `${key} became ${labelOf(after?.bytes)}`);
    }
    if (
      plan.kind === "deleteFolder" && !plan.recursive && before &&
      before.bytes.byteLength > 0
    ) {
      found.broken("deleted in silence", `${key}, which has bytes`);
    }
    const creates = plan.kind === "write"
      ? plan.mode === "create"
      : (plan.kind === "copy" || plan.kind === "move") && !plan.overwrite;
    if (puts && creates && before !== null) {
      found.broken(
        "a create replaced",
        `${key} was ${labelOf(before.bytes)}, became ${labelOf(after.bytes)}`,
      );
    }
    if (puts && match !== null && before?.etag !== match) {
      found.broken(
        "replaced another version",
        `${key} was ${before?.etag} and not ${match}`,
      );
    }
    if (plan.kind !== "move") continue;
    if (puts) copied.push(after);
    else if (
      !copied.concat(isThere(found, plan.target, order)).some(({ bytes }) =>
        before && sameBytes(bytes, before.bytes)
      )
    ) {
      found.broken(
        "a move lost the only copy",
        `${key} was ${labelOf(before?.bytes)}, and was not put elsewhere`,
      );
    }
  }
}

// Whoever has put it there, it is there.
function isThere({ history }: Case, path: string, order: number): Version[] {
  const [at] = history.states(path, order, order);
  return at ? [at] : [];
}

function mayTouch({ call: { plan } }: Case, key: string, puts: boolean) {
  switch (plan.kind) {
    case "write":
      return puts && key === plan.path && plan.how !== "discard";
    case "burst":
      return puts && plan.items.some(({ path }) => path === key);
    case "copy":
      return puts && key === plan.target;
    case "move":
      return key === (puts ? plan.target : plan.path);
    case "delete":
      return !puts && key === plan.path;
    case "deleteMany":
      return !puts && plan.paths.includes(key);
    case "deleteFolder":
      return !puts && `${key}/`.startsWith(`${plan.path}/`);
    default:
      return false;
  }
}

function judgeDone(found: Case): void {
  const { call, own, history } = found;
  const { plan, seen } = call;
  if (seen === null) return;
  switch (plan.kind) {
    case "write": {
      if (plan.how === "discard") return;
      const content = contentOf(plan.id, plan.size);
      const made = own.filter(({ after }) =>
        after !== null && sameBytes(after.bytes, content)
      );
      // Who creates what another one has created wants the same.
      const there = plan.mode === "create" ? found.states(plan.path) : [];
      const equal = there.filter((at) => at && sameBytes(at.bytes, content));
      if (made.length + equal.length === 0) {
        return found.broken(
          "done, and is not",
          `${plan.path} was never written`,
        );
      }
      if (seen.size !== plan.size) {
        found.broken("wrong result", `size ${seen.size} of ${plan.size}`);
      }
      const tags = made.map(({ after }) => after).concat(equal).map((at) =>
        at?.etag
      );
      if (seen.etag !== null && !tags.includes(seen.etag ?? "")) {
        found.broken("wrong result", `etag ${seen.etag}, and it is ${tags}`);
      }
      return;
    }
    case "copy":
    case "move": {
      if (plan.path === plan.target) return;
      const sources = found.states(plan.path);
      const isCopy = (at: Version | null) =>
        at !== null &&
        sources.some((source) => source && sameBytes(source.bytes, at.bytes));
      const made =
        own.some(({ key, after }) => key === plan.target && isCopy(after)) ||
        (!plan.overwrite && found.states(plan.target).some(isCopy)) ||
        (plan.kind === "move" && isMoved(found, plan.path, plan.target));
      if (!made) {
        found.broken("done, and is not", `${plan.target} was never put`);
      }
      const left = history.states(plan.path, call.from, call.to);
      if (plan.kind === "move" && !left.includes(null)) {
        found.broken("done, and is not", `${plan.path} is still there`);
      }
      return;
    }
    case "delete": {
      if (!found.mayBeAbsent(plan.path)) {
        found.broken("done, and is not", `${plan.path} is still there`);
      }
      const was = found.states(plan.path).some((at) => at !== null);
      if (!was && !plan.missingOk && !mayHaveDone(found)) {
        found.broken("done, and was not there", plan.path);
      }
      return;
    }
    case "burst":
      return;
    case "deleteMany":
      return judgeMany(found);
    case "deleteFolder": {
      for (const key of found.below(plan.path)) {
        const now = history.states(key, call.to, call.to)[0];
        if (now && now.order <= call.from) {
          found.broken("done, and is not", `${key} is left`);
        }
      }
      return;
    }
    default:
      return judgeSeen(found, seen);
  }
}

// Two who move one version to one place want the same, and it is there.
function isMoved(found: Case, path: string, target: string): boolean {
  if (!found.traits.keepsVersion) return false;
  const sources = found.states(path).map((at) => at?.etag ?? null);
  const [, ...put] = found.states(target);
  return put.some((at) => at && at.etag !== null && sources.includes(at.etag));
}

// A deletion that is repeated finds nothing, whoever has deleted: that counts as done.
function mayHaveDone({ call: { exchanges } }: Case): boolean {
  return exchanges.some(({ method, fault, told }) =>
    (method === "DELETE" || method === "POST") && fault !== null &&
    told !== 403
  );
}

function judgeMany(found: Case): void {
  const { call: { plan, seen }, own } = found;
  if (plan.kind !== "deleteMany") return;
  for (const path of plan.paths) {
    const error = seen?.failed?.get(path);
    const was = found.states(path).some((at) => at !== null);
    const code = codeOf(error);
    if (error === undefined) {
      if (!found.mayBeAbsent(path)) {
        found.broken("done, and is not", `${path} is still there`);
      } else if (!was && !plan.missingOk && !mayHaveDone(found)) {
        found.broken("done, and was not there", path);
      }
      continue;
    }
    if (code === "") found.broken("untyped", `${path}: ${error}`);
    const did = own.some(({ key }) => key === path);
    if (did && !isDoubt(error)) {
      const unsaid = code === "BackendUnavailable";
      const kind = unsaid ? "doubt unsaid" : "refused but changed";
      found.broken(kind, `${path}: ${error}`);
    }
    if (code === "NotFound" && !found.mayBeAbsent(path)) {
      found.broken("untrue NotFound", path);
    }
  }
}

// Each of several writes by itself. What an abort has ended may be done or not.
function judgeBurst(found: Case): void {
  const { call: { plan, seen } } = found;
  if (plan.kind !== "burst") return;
  for (const { id, path, overwrite, size } of plan.items) {
    const content = contentOf(id, size);
    const own = found.own.filter(({ key, after }) =>
      key === path && after !== null && sameBytes(after.bytes, content)
    );
    const error = seen?.failed?.get(id);
    const said = `${id} of ${path}: ${error}`;
    if (!overwrite && own.some(({ before }) => before !== null)) {
      found.broken("a create replaced", `${id} at ${path}`);
    }
    if (error === undefined) {
      // In one transaction only the last one is seen.
      const seen = own.length > 0 || (found.traits.batches &&
        found.own.some(({ key, after }) => key === path && after !== null));
      if (!seen) found.broken("done, and is not", `${id} at ${path}`);
      continue;
    }
    if (error === GIVEN_UP && plan.giveUp !== null) continue;
    const code = codeOf(error);
    if (code === "") found.broken("untyped", said);
    if (own.length > 0 && !isDoubt(error)) {
      const unsaid = code === "BackendUnavailable";
      found.broken(unsaid ? "doubt unsaid" : "refused but changed", said);
    }
    if (code !== "AlreadyExists") continue;
    const other = found.states(path).some((at) =>
      at !== null && !sameBytes(at.bytes, content)
    );
    if (!other) found.broken("untrue AlreadyExists", said);
  }
}

/** Codes that say something of the files, and have to be true. */
function judgeRefused(found: Case): void {
  const { call: { plan, error, match }, traits } = found;
  const code = codeOf(error);
  const untrue = (why: string) => found.broken(`untrue ${code}`, why);
  const path = "path" in plan ? plan.path : "";
  switch (code) {
    case "NotFound": {
      if (isToldOfContainer(found)) return;
      const isTree = plan.kind === "deleteFolder" || plan.kind === "sum";
      if (isTree ? found.isFolder(path) : !found.mayBeAbsent(path)) {
        untrue(`${path} was there all the time`);
      }
      return;
    }
    case "AlreadyExists": {
      const at = "target" in plan ? plan.target : path;
      if (!found.mayBeForeign(at)) untrue(`nobody else had put ${at}`);
      return;
    }
    case "PreconditionFailed": {
      if (/it does not exist/.test(String(error)) && !found.mayBeAbsent(path)) {
        untrue(`${path} was there all the time`);
      }
      // What is not told may be another one.
      if (traits.tellsTag === false) return;
      const other = (at: Version | null) =>
        at === null || (at.etag !== match && at.by !== found.call);
      const changed = match === null
        ? found.states(path).length > 1 ||
          found.late.some(({ key }) => key === path)
        : found.states(path).some(other);
      if (!changed) untrue(`${path} was the version that it had to be`);
      return;
    }
    case "DirectoryNotEmpty":
      if (!found.mayBeFolder(path)) untrue(`${path} was empty`);
      return;
    case "InvalidPath":
      if (traits.flat && !mayBeWrongKind(found, path)) {
        untrue(`${path} was of the right kind`);
      }
      return;
    case "CapabilityNotSupported":
      if (traits.tellsSize === false) return;
      break;
    case "RemoteStoreError":
      if (plan.kind === "move" && isAtBoth(error)) return judgeBoth(found);
  }
  if (found.isQuiet) found.broken("unprovoked", String(error));
}

// A service that says so of its container is believed.
function isToldOfContainer({ call: { error, exchanges } }: Case): boolean {
  return /the (?:container|bucket)/.test(String(error)) &&
    exchanges.some(({ fault }) => fault?.name === "ContainerBeingDeleted");
}

function mayBeWrongKind(found: Case, path: string): boolean {
  const { plan } = found.call;
  if (plan.kind === "deleteFolder" || plan.kind === "sum") {
    return found.states(path).some((at) => at !== null);
  }
  return found.mayBeFolder(path);
}

function judgeBoth(found: Case): void {
  const { call: { plan }, own } = found;
  if (plan.kind !== "move") return;
  if (!own.some(({ key, after }) => key === plan.target && after !== null)) {
    found.broken("untrue: at both places", `${plan.target} was never put`);
  }
  if (own.some(({ key, after }) => key === plan.path && after === null)) {
    found.broken("untrue: at both places", `${plan.path} was deleted`);
  }
}
