import { assertEquals, assertThrows } from "@std/assert";
import { type Results, RESULTS_FILES } from "../../../bench/peers/table.ts";
import { staleParts } from "../../../tools/docs/generate.ts";
import { fillRegions } from "../../../tools/docs/markdown.ts";
import { otherPeersPart, peersPart } from "../../../tools/docs/peers.ts";

const RESULTS: Results = {
  date: "2026-11-30",
  runtime: "Deno 2.9.5",
  cores: 2,
  processor: "P",
  versions: { aws4fetch: "1.0.20", s3mini: "1.0.2" },
  tables: [{ title: "T", columns: ["ms"], rows: { ours: [12.34] } }],
};

const filesOf = (results: Results) =>
  new Map([[RESULTS_FILES.deno as string, JSON.stringify(results)]]);

Deno.test("FIG-001: figures are the file's, with the day, the machine and the versions", () => {
  assertEquals(
    peersPart(filesOf(RESULTS)),
    `Measured on 2026-11-30 in Deno 2.9.5, with 2 cores of P, on loopback; the server
is another process. Beside: aws4fetch 1.0.20, s3mini 1.0.2. 1.00 is even; above
it this library is faster, or the other one costs more.

### T

|      |   ms |
| ---- | ---: |
| ours | 12.3 |`,
  );
  const beside = peersPart(filesOf({
    ...RESULTS,
    base: "commit 1",
    tables: [{ title: "T", columns: ["ms"], rows: { base: [1] } }],
  }));
  assertEquals(
    beside.replaceAll("\n", " ").includes("`base` is commit 1."),
    true,
  );
});

Deno.test("FIG-002: a page whose figures are not the file's is told", () => {
  const path = "docs/performance.md";
  const page = "<!-- generated: peers -->\n\n-\n\n<!-- end of peers -->\n";
  const filled = (results: Results) =>
    fillRegions(page, new Map([["peers", peersPart(filesOf(results))]]));
  const stands = new Map([[path, filled(RESULTS)]]);
  assertEquals(staleParts(stands, new Map([[path, filled(RESULTS)]])), []);
  const newer = new Map([[path, filled({ ...RESULTS, cores: 4 })]]);
  const [problem, ...more] = staleParts(stands, newer);
  assertEquals([problem?.rule, problem?.path, more], ["DOC-001", path, []]);
});

Deno.test("FIG-002: without a file there are no figures to print", () => {
  assertThrows(() => peersPart(new Map()), Error, RESULTS_FILES.deno);
  assertEquals(otherPeersPart(new Map()), "");
});

Deno.test("FIG-001: figures of other runtimes say in each title whose they are", () => {
  const part = otherPeersPart(
    new Map([
      [RESULTS_FILES.node, { ...RESULTS, runtime: "Node 20.20.2" }],
      [RESULTS_FILES.bun, { ...RESULTS, runtime: "Bun 1.4.5" }],
    ].map(([file, results]) => [`${file}`, JSON.stringify(results)])),
  );
  const titles = part.split("\n").filter((line) => line.startsWith("#"));
  assertEquals(titles, ["### Node 20.20.2: T", "### Bun 1.4.5: T"]);
});
