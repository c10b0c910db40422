// node workerd.mjs <bundle> <MiB> stream|buffered: an upload, with workerd's peak memory
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { Miniflare } from "miniflare";

const ENTRY = `import { upload } from "./bundle.mjs";
export default {
  async fetch(request) {
    const { sink, size, way } = await request.json();
    return Response.json(await upload(sink, size, way === "buffered"));
  },
};`;

const [bundle, size, way] = process.argv.slice(2);
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
      contents: readFileSync(bundle, "utf8"),
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
    body: JSON.stringify({
      sink: `http://127.0.0.1:${sink.address().port}/`,
      size: Number(size),
      way,
    }),
  });
  const outcome = JSON.parse(await response.text());
  process.stdout.write(JSON.stringify({ ...outcome, peak: peakOfChildren() }));
} finally {
  await miniflare.dispose();
  sink.close();
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
