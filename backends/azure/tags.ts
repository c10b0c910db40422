// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import { text } from "../_http/document.ts";
import { documentOf } from "./answers.ts";
import type { Container } from "./container.ts";

const TAGS = {
  TagSet: { Tag: [{ Key: text, Value: text }] },
} as const;

/** Returns whether a blob has index tags, which no copy takes along by itself. */
export function hasTags({ extra }: FileEntry): boolean {
  return typeof extra?.["tagCount"] === "number" && extra["tagCount"] > 0;
}

/** Returns a blob's index tags as `x-ms-tags` has them. */
export async function readTags(
  container: Container,
  key: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const url = container.url(key, { comp: "tags" });
  const answers = { 200: documentOf("Tags", TAGS) };
  const { found } = await container.get("GET", url, { answers, signal });
  const tags = found.TagSet?.Tag ?? [];
  return tags.map(({ Key, Value }) =>
    `${encodeURIComponent(Key ?? "")}=${encodeURIComponent(Value ?? "")}`
  ).join("&");
}

/**
 * Returns the access tier that a blob was given; `null` where it has the account's own,
 * or one from which nothing can be copied.
 */
export function tierOf({ extra }: FileEntry): string | null {
  const tier = extra?.["accessTier"];
  return typeof tier === "string" && tier !== "Archive" ? tier : null;
}
