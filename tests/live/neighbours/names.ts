/**
 * Names that are hard on somebody: on a URL, a signature, XML, a shell, a glob, Unicode.
 *
 * @module
 */
import type { Files } from "./place.ts";

const NAMES: readonly string[] = [
  "a.txt",
  "deep/er/b.json",
  "große +%&=#?;@:,!$'()*~.html",
  "deep/中 🙂.css",
  // Composed here, taken apart there: two names.
  "\u00e9 composed.txt",
  "e\u0301 taken apart.txt",
  "%41%2f%zz+",
  'quote"<>&.xml',
  "[x]{y}^`|.txt",
  " begins and ends ",
  ".hidden",
  "two  spaces",
  "-dash",
  "no end.",
];

/** A file of each name, which holds its name. */
export const FILES: Files = new Map(
  NAMES.map((name) => [name, new TextEncoder().encode(`of ${name}`)]),
);
