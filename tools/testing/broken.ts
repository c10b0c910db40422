/**
 * What the log of a task says of what did not pass, for the end of a run of all tasks, which
 * is often all that is kept of it: `deno run --allow-read broken.ts LOG`.
 *
 * @module
 */

/** More of one kind tell nothing new. */
const MOST = 12;
/** A message with its difference, which stands before the stack. */
const MOST_LINES = 16;
/** Of a stack what is nearest to the test. */
const MOST_CALLS = 3;
/** How a task ended that said nothing of tests. */
const LAST = 8;

const HEADER_REGEXP =
  /^(?:.+ => \S+:\d+:\d+|\.\/\S+ \((?:uncaught error|leak)\))$/;
const CALL_REGEXP = /^\s+at /;
/** What checked is not what was checked. */
const ASSERTION_REGEXP = /@std\/assert|\/std\/assert\/|\/conformance\/assert\./;

interface Broken {
  readonly title: string;
  readonly lines: string[];
  calls: number;
}

/** Returns the names, the messages and where it was, and at last how the log ends. */
export function brokenIn(log: string): string[] {
  const lines = log.split("\n");
  const found: Broken[] = [];
  let place = "";
  let isError = false;
  let current: Broken | null = null;
  const begin = (title: string) => {
    const told = place === "" || title.includes(place) || /^FAILED/.test(title)
      ? title
      : `${title} [${place}]`;
    current = { title: told, lines: [], calls: 0 };
    found.push(current);
  };
  for (const line of lines) {
    const isEnd = /^(?:ok|FAILED) \|/.test(line);
    if (/^ (?:ERRORS|FAILURES) $/.test(line) || isEnd) {
      isError = line === " ERRORS ";
      current = null;
      if (line.startsWith("FAILED |")) begin(line);
      if (isEnd) current = null;
    } else if (line.startsWith("== ")) {
      place = line.slice(3);
      current = null;
    } else if (isError && HEADER_REGEXP.test(line)) begin(line);
    else if (line.startsWith("not ok ")) begin(line);
    else if (isError || current !== null) add(current, line);
    else if (/^error: (?!Test failed)/.test(line)) begin(line);
  }
  const told = found.slice(0, MOST).flatMap(({ title, lines }) => [
    title,
    ...lines.map((line) => `  ${line}`),
  ]);
  if (found.length > MOST) told.push(`and ${found.length - MOST} more`);
  const end = lines.filter((line) => line.trim() !== "").slice(-LAST);
  return [...told, "the log ends with:", ...end.map((line) => `  ${line}`)];
}

function add(broken: Broken | null, line: string): void {
  if (broken === null || line.trim() === "") return;
  if (CALL_REGEXP.test(line)) {
    if (ASSERTION_REGEXP.test(line) || broken.calls === MOST_CALLS) return;
    broken.calls++;
  } else if (broken.lines.length - broken.calls >= MOST_LINES) return;
  broken.lines.push(line);
}

if (import.meta.main) {
  const [path = ""] = Deno.args;
  console.log(brokenIn(await Deno.readTextFile(path)).join("\n"));
}
