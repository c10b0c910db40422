/**
 * What reads and listings may have seen.
 *
 * @module
 */
import type { Seen } from "./faults_calls.ts";
import { type Case, isPath } from "./faults_case.ts";
import { labelOf, sameBytes, type Version } from "./faults_history.ts";

/** Judges what a call that changes nothing has seen. */
export function judgeSeen(found: Case, seen: Seen): void {
  switch (found.call.plan.kind) {
    case "list":
      return judgeListing(found, seen);
    case "read":
      return judgeBytes(found, seen);
    case "info":
      return judgeInfo(found, seen);
    case "exists":
    case "isFolder":
      return judgeAnswer(found, seen);
    case "sum":
      return judgeSum(found, seen);
  }
}

function judgeBytes(found: Case, { bytes }: Seen): void {
  const { plan } = found.call;
  if (plan.kind !== "read" || bytes === undefined) return;
  const [offset, length] = plan.range ?? [0, Infinity];
  const fits = (at: Version | null) =>
    at !== null && sameBytes(bytes, at.bytes.subarray(offset, offset + length));
  if (found.states(plan.path).some(fits)) return;
  const had = found.states(plan.path).map((at) => labelOf(at?.bytes));
  found.broken("wrong bytes", `${labelOf(bytes)} of ${had.join(" | ")}`);
}

function judgeInfo(found: Case, { etag, size }: Seen): void {
  const { plan } = found.call;
  if (plan.kind !== "info") return;
  const untold = size === null && found.traits.tellsSize === false;
  const fits = (at: Version | null) =>
    at?.etag === etag && (untold || at?.bytes.byteLength === size);
  if (found.states(plan.path).some(fits)) return;
  found.broken("wrong info", `${plan.path}: ${etag}, ${size} bytes`);
}

function judgeAnswer(found: Case, { answer }: Seen): void {
  const { plan } = found.call;
  if (plan.kind !== "exists" && plan.kind !== "isFolder") return;
  const { path, kind } = plan;
  const file = kind === "exists" &&
    found.states(path).some((at) => at !== null);
  const stays = kind === "exists" && !found.mayBeAbsent(path);
  if (answer && !file && !found.mayBeFolder(path)) {
    found.broken("wrong answer", `${path} is said to be there`);
  }
  if (!answer && (stays || found.isFolder(path))) {
    found.broken("wrong answer", `${path} is said to be absent`);
  }
}

function judgeSum(found: Case, { count = 0 }: Seen): void {
  const { plan } = found.call;
  if (plan.kind !== "sum") return;
  const keys = found.below(plan.path);
  const least = keys.filter((key) => !found.mayBeAbsent(key)).length;
  const most =
    keys.filter((key) => found.states(key).some((at) => at !== null)).length;
  if (count >= least && count <= most) return;
  found.broken("wrong sum", `${count} files, not ${least} to ${most}`);
}

function judgeListing(found: Case, { entries = [] }: Seen): void {
  const { plan } = found.call;
  if (plan.kind !== "list") return;
  const { what, path } = plan;
  const prefix = path === "" ? "" : `${path}/`;
  const listed = new Map<string, number>();
  for (const entry of entries) {
    const name = entry.kind === "file" ? entry.path : `${entry.path}/`;
    listed.set(name, (listed.get(name) ?? 0) + 1);
    if (!isPath(entry.path)) found.broken("no path", entry.path);
    else if (!entry.path.startsWith(prefix)) {
      found.broken("listed outside", entry.path);
    } else if (entry.kind === "folder") {
      if (!found.mayBeFolder(entry.path)) {
        found.broken("listed and not there", `${entry.path}/`);
      }
    } else {
      const { etag, size } = entry;
      const fits = (at: Version | null) =>
        at?.etag === etag && at?.bytes.byteLength === size;
      if (!found.states(entry.path).some(fits)) {
        found.broken("listed and not there", `${entry.path} ${etag} ${size}`);
      }
    }
  }
  for (const [name, times] of listed) {
    if (times > 1) found.broken("listed twice", name);
  }
  for (const key of found.below(path)) {
    if (found.mayBeAbsent(key)) continue;
    const rest = key.slice(prefix.length).split("/");
    const folders = rest.slice(0, -1).map((_, at) =>
      `${prefix}${rest.slice(0, at + 1).join("/")}/`
    );
    const wanted = what === "folders"
      ? folders
      : what === "children"
      ? folders.slice(0, 1).concat(rest.length === 1 ? [key] : [])
      : what === "files" && rest.length > 1
      ? []
      : [key];
    for (const name of wanted) {
      if (!listed.has(name)) found.broken("not listed", name);
    }
  }
}
