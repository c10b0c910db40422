import { rulesNamed, series } from "./rules.ts";
import { assert, assertEquals } from "@std/assert";

/** The rules that have nothing to hold here, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  "S3-021": "no options are passed through to a client, so none conflict",
  "S3-026": "the same",
  "AZ-026": "the name of a second, asynchronous backend; there is one",
  "AZ-028": "no rule has this number",
  "AZ-030": "no rule has this number",
  "MEM-DS-001": "how a tree is laid out; what it promises is MEM-DS-006",
  "MEM-DS-002": "the same",
  "MEM-DS-003": "the same",
  "MEM-DS-004": "the same",
  "MEM-DS-005": "a backend is given canonical keys only: the PATH rules",
};

/** The rules of writing, those of the extensions, and those of backends. */
const RULES: readonly string[] = [
  ...series("WR", 19),
  ...series("OBS", 20),
  ...series("CACHE", 19),
  ...series("BATCH", 27),
  ...series("XFER", 23),
  ...series("PROXY", 5),
  // Those before are the rules of Store.glob, named together with their grammar.
  ...series("GLOB", 20).slice(8),
  ...series("PART", 19),
  "PING-010",
  ...series("EW", 4),
  ...series("STR", 7),
  ...series("INT", 6),
  ...series("CDG", 5),
  ...series("HTTP-CON", 4),
  ...series("HTTP-TR", 3),
  ...series("HTTP-PATH", 4),
  ...series("HTTP-READ", 2),
  ...series("HTTP-EXIST", 3),
  ...series("HTTP-META", 3),
  ...series("HTTP-UNSUP", 1),
  ...series("HTTP-ERR", 2),
  ...series("HTTP-FALLBACK", 1),
  ...series("HTTP-HEALTH", 1),
  ...series("HTTP-LIFE", 2),
  ...series("HTTP-CRED", 1),
  ...series("HTTP-RETRY", 1),
  ...series("HTTP-CONC", 1),
  ...series("XML", 7),
  ...series("S3", 43),
  ...series("AZ", 45),
  ...series("R2", 19),
  ...series("CORS", 7),
  ...series("EX", 4),
  ...series("MEM-DS", 6),
  ...series("MEM", 16).slice(9),
  "MEM-025",
  "MEM-026",
  "MEM-027",
  "GLOB-021",
  ...series("OPT", 12),
  ...series("CONT", 7),
  ...series("QUEUE", 4),
  ...series("LATE", 3),
  ...series("PLAN", 4),
  ...series("DATE", 2),
  ...series("BYOB", 3),
  ...series("BLOB", 3),
  "SAY-001",
  ...series("FIG", 2),
  ...series("SCRUB", 2),
  "WAIT-001",
  ...series("NAME", 9),
  ...series("ABSENT", 2),
  ...series("LEASE", 6),
  ...series("GROW", 6),
  ...series("FLOW", 7),
  ...series("BODY", 7),
  ...series("DOUBT", 10),
  ...series("ANS", 9),
  ...series("TIME", 6),
  ...series("SYNC", 20),
  ...series("SIZE", 3),
  ...series("FIND", 3),
  ...series("READER", 3),
  ...series("PEER", 6),
  ...series("UPL", 15),
  ...series("RES", 19),
  "GLOB-022",
  "CREATE-001",
  "CAS-006",
  "CAS-007",
  "CAS-008",
  ...series("FROM", 5),
  ...series("FOLDER", 7),
  ...series("SITE", 6),
  ...series("RANGES", 5),
  ...series("MKDIR", 3),
  ...series("VER", 11),
  ...series("CPM", 3),
  ...series("SEAM", 8),
  ...series("PAGE", 21),
  ...series("SIGN", 40),
  ...series("HEAD", 1),
  ...series("MANY", 1),
  ...series("DOC", 13),
  ...series("SITE", 7),
  ...series("PIC", 1),
  ...series("REL", 2),
  "RES-001",
  ...series("NPM", 2),
  ...series("SEAM", 8),
  ...series("PAGE", 14),
  ...series("SIGN", 40),
  ...series("IDB", 8),
  ...series("DISP", 1),
  ...series("PRESIGN", 11),
  ...series("REP", 23),
  ...series("ABORT", 3),
].filter((rule) => !(rule in WITHOUT));

async function* sources(folder: URL): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name === "node_modules") continue;
    if (entry.isDirectory) yield* sources(new URL(`${entry.name}/`, folder));
    else if (entry.name.endsWith(".ts")) {
      yield await Deno.readTextFile(new URL(entry.name, folder));
    }
  }
}

Deno.test("every rule of writing, of the extensions and of backends is named by at least one test", async () => {
  const named = new Set<string>();
  for await (const source of sources(new URL(".", import.meta.url))) {
    for (const rule of rulesNamed(source)) named.add(rule);
  }
  assert(named.has("EW-001"), "the walk found the tests");
  assertEquals(
    RULES.filter((rule) => !named.has(rule)),
    [],
  );
});

Deno.test("rulesNamed() takes the rules that a name begins with, and no others", () => {
  assertEquals(
    [
      ...rulesNamed(
        'test("AB-001 CD-002a: both"); test(`EF-003: one, see GH-004`);\n' +
          'id: "IJ-005", // KL-006\nconst text = "about MN-007";\n' +
          '"OP-QR-008, S3-009: families, and digits in a name"',
      ),
    ],
    ["AB-001", "CD-002", "EF-003", "IJ-005", "OP-QR-008", "S3-009"],
  );
});
