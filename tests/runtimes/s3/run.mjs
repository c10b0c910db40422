// Runs the bundled suite in Node or Bun: run.mjs <bundle>.
import { pathToFileURL } from "node:url";

const { run } = await import(pathToFileURL(process.argv[2]).href);
const { passed, failures } = await run(process.env);
for (const failure of failures) console.log(`${failure}\n`);
console.log(
  `${
    failures.length === 0 ? "ok" : "FAILED"
  } | ${passed} passed | ${failures.length} failed`,
);
process.exit(failures.length === 0 ? 0 : 1);
