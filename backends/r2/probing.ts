// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import { look } from "./attempts.ts";
import type { Settings } from "./options.ts";
import { toEntry } from "./wire.ts";

/** Looks for an object; `null` where there is none. */
export async function head(
  settings: Settings,
  key: string,
  signal: AbortSignal | undefined,
): Promise<FileEntry | null> {
  const object = await look(settings, signal, () => settings.bucket.head(key));
  return object === null ? null : toEntry(object);
}
