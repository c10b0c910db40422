/**
 * Types of files.
 *
 * @module
 */
import { NO_TYPE } from "../rules.ts";

// Browsers ask the system, which knows some of these and not others.
const BY_END: Readonly<Record<string, string>> = {
  csv: "text/csv",
  htm: "text/html",
  html: "text/html",
  js: "text/javascript",
  json: "application/json",
  md: "text/markdown",
  mjs: "text/javascript",
  svg: "image/svg+xml",
  txt: "text/plain",
};

/** Returns the media type of a file, as the browser or its name says. */
export function typeOf({ name, type }: Pick<File, "name" | "type">): string {
  const end = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return type.replace(/;.*$/, "").trim() || (BY_END[end] ?? NO_TYPE);
}

/** How a file is shown. */
export type Shown = "image" | "video" | "audio" | "text" | "nothing";

/** Returns how a file of a type can be shown. */
export function shownAs(contentType: string | null): Shown {
  const [, kind = ""] = /^(image|video|audio|text)\//.exec(contentType ?? "") ??
    [];
  if (contentType === "application/json") return "text";
  return kind === "" ? "nothing" : kind as Shown;
}
