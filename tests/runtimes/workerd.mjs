// node workerd.mjs <bundle> <bindings> [buckets]: serves it until the input ends; prints
// where. The bindings are JSON: what the Worker gets as its variables, and the names of
// its R2 buckets, which are empty.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";

// Installed once, beside the suite that needs it most.
const require = createRequire(new URL("azure/", import.meta.url));
const { Miniflare } = require("miniflare");
const contents = readFileSync(process.argv[2], "utf8");
const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "edge.mjs", contents }],
  bindings: JSON.parse(process.argv[3]),
  r2Buckets: JSON.parse(process.argv[4] ?? "[]"),
  compatibilityDate: "2026-07-01",
  // Or it asks another host for a sample.
  cf: false,
});
process.stdout.write(`${await miniflare.ready}\n`);
process.stdin.resume().on("end", () => miniflare.dispose());
