// node plain.mjs <bundle> <origin>, and the same with bun: prints the outcome as JSON.
import process from "node:process";
import { pathToFileURL } from "node:url";

const [bundle, origin] = process.argv.slice(2);
const { runSuite } = await import(pathToFileURL(bundle).href);
process.stdout.write(
  JSON.stringify(await runSuite(origin)),
  () => process.exit(0),
);
