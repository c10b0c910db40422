/**
 * Pure: everything that pages and comments may get wrong.
 *
 * @module
 */
import type { ApiSymbol } from "./api.ts";
import { checkClaims } from "./lint/claims.ts";
import { checkCommands } from "./lint/commands.ts";
import { checkComments } from "./lint/comments.ts";
import { checkCoverage } from "./lint/coverage.ts";
import { factsOf } from "./lint/facts.ts";
import { checkImplementations } from "./lint/implementations.ts";
import { checkLinks } from "./lint/links.ts";
import { checkNames, checkTasks } from "./lint/names.ts";
import { proseOf } from "./lint/prose.ts";
import { callables, checkSignatures } from "./lint/signatures.ts";
import { checkShapes } from "./lint/shapes.ts";
import { checkSnippets } from "./lint/snippets.ts";
import { checkStatements } from "./lint/statements.ts";
import { wordsOf } from "./lint/words.ts";
import type { Problem } from "./problem.ts";
import type { Files } from "./repository.ts";

/** Returns what is wrong, in the order of files and lines. */
export function check(files: Files, api: readonly ApiSymbol[]): Problem[] {
  const words = wordsOf(files, api);
  const prose = proseOf(files);
  const known = callables(api);
  const facts = factsOf(files, api);
  return [
    ...prose.flatMap((it) => [
      ...checkNames(it, words, files),
      ...checkSignatures(it, known),
      ...checkClaims(it),
      ...checkStatements(it, facts),
    ]),
    ...checkTasks(files),
    ...checkCommands(files, words),
    ...checkComments(files, api),
    ...checkImplementations(files, api),
    ...checkLinks(files, api),
    ...checkSnippets(files, api),
    ...checkCoverage(files, api),
    ...checkShapes(files),
  ].sort((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line
  );
}
