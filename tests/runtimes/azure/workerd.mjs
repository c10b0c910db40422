// node workerd.mjs <bundle> suite <origin>
// node workerd.mjs <bundle> upload <MiB> stream|buffered: with workerd's peak memory
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { Miniflare } from "miniflare";

const ENTRY = `import { runSuite, upload } from "./bundle.mjs";
export default {
  async fetch(request) {
    const [what, ...rest] = await request.json();
    return Response.json(what === "suite"
      ? await runSuite(rest[0])
      : await upload(rest[2], Number(rest[0]), rest[1] === "buffered"));
  },
};`;

const [bundle, ...job] = process.argv.slice(2);
const sink = createServer((request, response) => {
  request.on("data", () => {}).on("end", () => response.end());
});
await new Promise((listening) => sink.listen(0, "127.0.0.1", listening));
const miniflare = new Miniflare({
  modules: [
    { type: "ESModule", path: "entry.mjs", contents: ENTRY },
    {
      type: "ESModule",
      path: "bundle.mjs",
      contents: withoutGlobals(readFileSync(bundle, "utf8")),
    },
  ],
  compatibilityDate: "2026-07-01",
  // Or it asks another host for a sample.
  cf: false,
});
try {
  await miniflare.ready;
  const response = await miniflare.dispatchFetch("http://test/", {
    method: "POST",
    body: JSON.stringify([...job, `http://127.0.0.1:${sink.address().port}/`]),
  });
  const outcome = JSON.parse(await response.text());
  process.stdout.write(JSON.stringify({ ...outcome, peak: peakOfChildren() }));
} finally {
  await miniflare.dispose();
  sink.close();
}

// A Worker may make no AbortController as it loads; the suite has one in a table.
function withoutGlobals(source) {
  return source.replaceAll(
    /signal: (new AbortController\(\)\.signal)/g,
    "get signal() { return $1; }",
  );
}

function peakOfChildren() {
  const children = execFileSync("ps", [
    "-o",
    "pid=,comm=",
    "--ppid",
    String(process.pid),
  ])
    .toString().split("\n").filter((line) => line.includes("workerd"));
  return children.map((line) => {
    const status = readFileSync(
      `/proc/${line.trim().split(" ")[0]}/status`,
      "utf8",
    );
    return /VmHWM:\s*(.*)/.exec(status)?.[1];
  })[0] ?? null;
}
