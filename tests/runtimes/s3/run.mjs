// Runs the bundled suite in Node or Bun: run.mjs <bundle>.
import process from "node:process";
import { pathToFileURL } from "node:url";

const runtime = process.versions.bun ? "bun" : "node";
process.on("unhandledRejection", (error) => {
  console.log(`unhandled: ${error?.stack ?? error}`);
  process.exitCode = 1;
});
const { run } = await import(pathToFileURL(process.argv[2]).href);
const { passed, failures, notes } = await run(process.env);
for (const note of notes) console.log(note);
for (const failure of failures) console.log(`${failure}\n`);
const failed = failures.length + (process.exitCode ? 1 : 0);
console.log(
  `${
    failed ? "FAILED" : "ok"
  } | ${passed} passed | ${failed} failed (${runtime} ${
    process.versions[runtime]
  })`,
);
process.exit(failed ? 1 : 0);
