// run.mjs <bundle> <server> [place]: the bundled suite in Node or Bun, on the place that
// JSON names, or else on the strict fake; the server's name is for the report.
import process from "node:process";
import { pathToFileURL } from "node:url";

const [bundle, server, place] = process.argv.slice(2);
const runtime = process.versions.bun ? "bun" : "node";
let unhandled = false;
process.on("unhandledRejection", (error) => {
  console.log(`unhandled: ${error?.stack ?? error}`);
  unhandled = true;
});
const { fakePlace, report, runSuite } = await import(
  pathToFileURL(bundle).href
);
const outcome = await runSuite(place ? JSON.parse(place) : fakePlace());
if (unhandled) outcome.failed.push("an error that nobody handles");
const version = process.versions[runtime];
console.log(report(`${runtime} ${version} on ${server}`, outcome));
process.exit(outcome.failed.length > 0 ? 1 : 0);
