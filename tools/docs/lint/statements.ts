/**
 * DOC-011: what a sentence says of a call, an option, an entry, a capability or a number
 * is what types and generated tables say.
 *
 * @module
 */
import { withoutRegions } from "../markdown.ts";
import { lineOf, type Problem } from "../problem.ts";
import type { Facts } from "./facts.ts";
import { ownWords, type Prose } from "./prose.ts";

const FIGURES = "two three four five six seven eight nine ten eleven twelve " +
  "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty";
const WORDS = FIGURES.split(" ");

const UNITS: Readonly<Record<string, number>> = {
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  s: 1000,
  seconds: 1000,
};

/** What matches within a paragraph. */
function within(text: string, what: RegExp): RegExpExecArray[] {
  return [...text.matchAll(what)].filter(([all]) => !/\n\s*\n/.test(all));
}

type Say = (index: number, message: string) => void;

/** Checks the sentences of a text. */
export function checkStatements(prose: Prose, facts: Facts): Problem[] {
  const text = withoutRegions(ownWords(prose));
  const problems: Problem[] = [];
  const say: Say = (index, message) =>
    problems.push({
      rule: "DOC-011",
      path: prose.path,
      line: lineOf(prose.text, index),
      message,
    });
  // Decisions tell what was, and why.
  if (/^docs\/adr\/|^CHANGELOG|^UPGRADING/.test(prose.path)) return [];
  checkMembers(text, facts, say);
  checkOptions(text, facts, say);
  checkDefaults(text, facts, say);
  checkPlaces(text, facts, say);
  checkErrors(text, facts, say);
  checkDeclared(prose.path, text, facts, say);
  checkCounts(text, facts, say);
  return problems;
}

function checkMembers(text: string, { members }: Facts, say: Say): void {
  for (
    const it of within(text, /`(?:await )?(store|backend|writer)\.(\w+)/g)
  ) {
    const [, owner = "", name = ""] = it;
    if (members.get(owner)?.has(name)) continue;
    say(it.index, `"${owner}.${name}" does not exist`);
  }
}

function checkOptions(
  text: string,
  { options, fields }: Facts,
  say: Say,
): void {
  // A call whose last argument is an object: `write(path, content, { overwrite: true })`.
  for (
    const it of within(
      text,
      /`(?:await )?(?:store\.)?(\w+)\([^`{]*\{([^`{}]*)\}\)/g,
    )
  ) {
    const known = options.get(it[1]!);
    if (known === undefined) continue;
    for (
      const [, name] of it[2]!.matchAll(/(?:^|,)\s*(\w+)(?=\s*(?:[:,]|$))/g)
    ) {
      if (!known.has(name!)) say(it.index, `\`${it[1]}\` has no \`${name}\``);
    }
  }
  for (const it of within(text, /`(\w+)`\s+takes\s+`(\w+)`/g)) {
    const known = options.get(it[1]!);
    if (known !== undefined && !known.has(it[2]!)) {
      say(it.index, `\`${it[1]}\` takes no \`${it[2]}\``);
    }
  }
  for (
    const it of within(
      text,
      /(?<!\bno )(?<!\bno\n)\boptions?\s+`(\w+)`(?=[^=]|$)/g,
    )
  ) {
    if (!fields.has(it[1]!)) say(it.index, `no option is called "${it[1]}"`);
  }
}

function checkDefaults(text: string, { defaults }: Facts, say: Say): void {
  const said = [
    ...within(
      text,
      /`(\w+)`\s+(?:is|are)\s+([\d][\d,_]*(?:\.\d+)?)\s*(\w+)?\s+by\s+default/g,
    ),
    ...within(
      text,
      /`(\w+)`\s+\((?:by default|default:?)\s+`?(\d[\d,_]*(?:\.\d+)?)`?\s*(\w+)?\)/g,
    ),
  ];
  for (const { index, 1: name = "", 2: figure = "", 3: unit = "" } of said) {
    const known = defaults.get(name);
    const value = Number(figure.replaceAll(/[,_]/g, "")) * (UNITS[unit] ?? 1);
    if (known === undefined || known.has(value)) continue;
    say(index, `\`${name}\` is ${[...known].join(" or ")} by default`);
  }
}

function checkPlaces(text: string, { exported }: Facts, say: Say): void {
  const places =
    /`(\w+)`\s+(?:is\s+)?(?:of|in|from)\s+`(?:@remote-store\/core\/|\.\/)?((?:ext|backends|conformance)[\w/-]*)`/g;
  for (const it of within(text, places)) {
    const entry = exported.get(`./${it[2]}`);
    if (entry === undefined || entry.has(it[1]!)) continue;
    say(it.index, `\`${it[2]}\` has no \`${it[1]}\``);
  }
}

function checkErrors(text: string, { codes, from }: Facts, say: Say): void {
  for (const it of within(text, /`[^`]*\bcode\s*={2,3}\s*"(\w+)"[^`]*`/g)) {
    if (!codes.has(it[1]!)) say(it.index, `no error has the code "${it[1]}"`);
  }
  const thrown =
    /`(\w+)`((?:(?!\.\s)[^`|;])*?)\b(?:throws|rejects\s+with)\s+(?:an?\s+)?`(\w+?)(?:Error)?`/g;
  for (const it of within(text, thrown)) {
    const [, call = "", between = "", code = ""] = it;
    const calls = from.get(code);
    if (calls === undefined || /\n\s*\n/.test(between)) continue;
    const isCall = [...from.values()].some((all) => all.has(call));
    if (isCall && !calls.has(call)) {
      say(it.index, `\`${call}\` throws no \`${code}\``);
    }
  }
}

function checkDeclared(
  path: string,
  text: string,
  { declared }: Facts,
  say: Say,
): void {
  const [, page] = /^docs\/backends\/(\w+)\.md$/.exec(path) ?? [];
  const claims =
    /\b(R2|S3|Azure|IndexedDB|HTTP|Memory|[Ii]t)\s+(declares|supports|has|offers|lacks)\s+(no\s+)?`([A-Z]+(?:_[A-Z]+)*)`/g;
  for (const it of within(text, claims)) {
    const [, subject = "", verb = "", no, capability = ""] = it;
    const backend = /^it$/i.test(subject) ? page : subject.toLowerCase();
    const facts = declared.get(backend ?? "");
    if (facts === undefined) continue;
    const denied = verb === "lacks" || no !== undefined;
    const wrong = denied ? facts.yes : facts.no;
    if (!wrong.has(capability) || isConditional(text, it.index)) continue;
    say(
      it.index,
      `${backend} ${denied ? "declares" : "does not declare"} ${capability}`,
    );
  }
}

// "With versions it declares …" is about one configuration.
function isConditional(text: string, index: number): boolean {
  const before = text.slice(0, index).split(/\.\s|\n\s*\n|^- /m).at(-1) ?? "";
  return /\b(?:with|without|where|if|in|for|after)\b/i.test(before);
}

function checkCounts(
  text: string,
  { counts, declared }: Facts,
  say: Say,
): void {
  for (const it of within(text, /\b[Bb]ackends are ([^.]+)\./g)) {
    const absent = [...declared.keys()].filter((name) =>
      !new RegExp(`\\b${name}\\b`, "i").test(it[1]!)
    );
    // A sentence about something else names none.
    if (absent.length === 0 || absent.length > declared.size - 2) continue;
    say(it.index, `the list of backends lacks ${absent.join(", ")}`);
  }
  const counted = new RegExp(
    `\\b(?:[Tt]here\\s+are|[Aa]ll|[Tt]he|[Ii]t\\s+has)\\s+(\\d+|${
      WORDS.join("|")
    })\\s+(extensions|backends|capabilities)\\b`,
    "g",
  );
  for (const it of within(text, counted)) {
    const [, said = "", what = ""] = it;
    const word = WORDS.indexOf(said);
    const figure = word < 0 ? Number(said) : word + 2;
    const known = counts.get(what);
    if (figure !== known) say(it.index, `there are ${known} ${what}`);
  }
}
