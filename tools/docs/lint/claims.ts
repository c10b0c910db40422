/**
 * DOC-005: who claims that a set of capabilities is complete shows a table that was
 * generated.
 *
 * @module
 */
import { lineOf, type Problem } from "../problem.ts";
import { regionsOf } from "../markdown.ts";
import { type Prose, sectionsOf } from "./prose.ts";

const CLAIMS: readonly RegExp[] = [
  /\b(?:all|every|each|any|complete|entire|full|whole)\b(?:\s+(?:of|the|its|these|those|set|list|range|single))*\s+(?:capabilit(?:y|ies)|features?|quality flags?|gates)\b/gi,
  /\bcapabilities\s+(?:are|is)\s+(?:all\s+)?(?:supported|declared|there|available)\b/gi,
  /\b(?:fully|completely|freely|entirely)\s+(?:interchangeable|compatible|equivalent|supported)\b/gi,
  /\binterchangeabl[ey]\b/gi,
  /\bdrop-in\b/gi,
  /\b(?:full|complete|total)\s+(?:support|parity|coverage)\b/gi,
  /\b(?:supports?|declares?|offers?|has|have)\s+(?:everything|all\s+of\s+(?:it|them)|it\s+all)\b/gi,
  /\bwithout\s+(?:any\s+)?(?:restrictions?|limitations?|exceptions?)\b/gi,
  /\bnothing\s+(?:is\s+missing|(?:that\s+)?\w+\s+cannot\s+do)\b/gi,
  /\b(?:complete|entire|full|whole)\s+(?:\w+\s+)?(?:api|interface|contract)\s+(?:of|is\s+(?:supported|there))\b/gi,
  /\b(?:implements?|supports?|covers?|offers?|provides?)\s+the\s+(?:complete|entire|full|whole)\b/gi,
  /\b(?:all|every|each|any)\s+(?:methods?|calls?|operations?|options?)\s+(?:works?|is|are)\s+(?:on|with|supported|available)\b/gi,
  /\b(?:behaves?|works?)\s+(?:exactly\s+|precisely\s+)?(?:identically|the\s+same\s+everywhere)\b/gi,
  /\b(?:swapped|exchanged|replaced)\s+(?:for|with|by)\s+any\s+other\b/gi,
];

const TABLES = /^(?:capabilities|gates|fields)/;

/** Finds claims of totality without a generated table in their section. */
export function checkClaims(prose: Prose): Problem[] {
  const sections = prose.path.endsWith(".md") ? sectionsOf(prose.source) : [];
  return CLAIMS.flatMap((claim) => [...prose.text.matchAll(claim)])
    .filter(({ index }) => {
      const section = sections.findLast((it) =>
        it.level > 1 && it.index <= index && index < it.index + it.text.length
      );
      const tables = section ? regionsOf(section.text) : [];
      return !tables.some(({ name }) => TABLES.test(name));
    })
    .map(({ index, 0: said }) => ({
      rule: "DOC-005",
      path: prose.path,
      line: lineOf(prose.text, index),
      message: `"${
        said.replaceAll(/\s+/g, " ")
      }" claims more than a generated table beside it shows`,
    }));
}
