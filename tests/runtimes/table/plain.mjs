// plain.mjs <bundle> <cell>, by Deno, Node or Bun: prints the outcome as JSON.
import process from "node:process";
import { pathToFileURL } from "node:url";

const [bundle, cell] = process.argv.slice(2);
const unhandled = [];
process.on(
  "unhandledRejection",
  (error) => unhandled.push(`${error?.stack ?? error}`),
);
const { runSuite } = await import(pathToFileURL(bundle).href);
const outcome = await runSuite(JSON.parse(cell));
for (const error of unhandled) outcome.failed.push(`nobody handles: ${error}`);
process.stdout.write(JSON.stringify(outcome), () => process.exit(0));
