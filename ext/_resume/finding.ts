// This module is browser compatible.
import type { Job, RestartReason } from "./job.ts";
import type { Kept } from "./shelf.ts";
import { isSame } from "./source.ts";
import { isSameOptions, type MadeFile } from "./token.ts";
import { isAwaited, takesTurns } from "./turns.ts";

/** How long it is known what an upload has made, where nobody is known to wait. */
const DONE_MS = 60_000;

/**
 * Returns what another tab has made while this one waited; `null` where it has not. Clears
 * away what nobody waits for.
 *
 * @param began When this one was called: what was made before is not what it waits for.
 */
export async function madeBy(
  { shelf, target, source, options, signal }: Job,
  began: number,
): Promise<MadeFile | null> {
  if (shelf === null) return null;
  let found: MadeFile | null = null;
  for await (const name of shelf.names(target, signal)) {
    const kept = await shelf.read(name, signal);
    if (kept === null || typeof kept === "string") continue;
    const { token } = kept;
    const { made, state } = token;
    if (state === "open") continue;
    const isWanted = made !== null && found === null && made.at >= began &&
      token.size === source.size && isSameOptions(token.options, options) &&
      await isSame(source, token, "all", () => {}, signal);
    if (isWanted) found = made;
    const isOver = Date.now() - (made?.at ?? 0) > DONE_MS;
    const isLeft = takesTurns() ? !await isAwaited(target) : isOver;
    if (isLeft) await shelf.delete(name);
  }
  return found;
}

/** Uploads to one place that may be those of a file. */
export interface Candidates {
  /** The likely ones first. */
  readonly found: readonly Kept[];
  /** Why others are none; `null` where there are no others. */
  readonly because: RestartReason | null;
}

/** Returns the uploads to a place that may be those of the file. Deletes tokens that are torn, and leaves newer ones. */
export async function candidatesOf(
  { shelf, target, token: own, source, signal }: Job,
): Promise<Candidates> {
  const all: Kept[] = [];
  let because: RestartReason | null = null;
  if (typeof own === "string") because = own;
  else if (own !== null) all.push({ token: own, etag: "" });
  if (shelf !== null) {
    for await (const name of shelf.names(target, signal)) {
      const kept = await shelf.read(name, signal);
      if (typeof kept === "string") {
        because ??= kept;
        if (kept === "torn") await shelf.delete(name);
      } else if (kept?.token.state === "open") all.push(kept);
    }
  }
  const found = all.filter(({ token }) =>
    token.target === target && token.size === source.size
  );
  if (found.length < all.length) because ??= "content";
  const likeness = ({ token }: Kept) =>
    Number(token.name === source.name) +
    Number(token.lastModified === source.lastModified);
  return { found: found.sort((a, b) => likeness(b) - likeness(a)), because };
}
