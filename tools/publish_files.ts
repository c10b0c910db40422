/**
 * Runs the publish dry run and compares the files it would upload with
 * `publish_files.txt`; `--update` writes that file.
 *
 * @module
 */
import { difference, uploadedFiles, warnings } from "./publish_output.ts";

const ROOT = new URL("../", import.meta.url);
const LIST = new URL("publish_files.txt", ROOT);

const { success, stdout, stderr } = await new Deno.Command("deno", {
  args: [
    "publish",
    "--dry-run",
    "--allow-dirty",
    "--config=deno.chosen.json",
  ],
  cwd: ROOT,
  env: { NO_COLOR: "1" },
}).output();
const output = new TextDecoder().decode(stdout) +
  new TextDecoder().decode(stderr);
const files = uploadedFiles(output, ROOT);

if (!success || warnings(output).length > 0 || files.length === 0) {
  console.error(output);
  console.error("Cannot publish: the dry run is not clean");
  Deno.exit(1);
}
if (Deno.args.includes("--update")) {
  await Deno.writeTextFile(LIST, files.join("\n") + "\n");
  console.error(`publish_files.txt: ${files.length} files`);
  Deno.exit(0);
}
const list = await Deno.readTextFile(LIST).catch(() => "");
const listed = list.split("\n").filter(Boolean);
const changed = difference(listed, files);
if (changed.length > 0) {
  console.error(changed.join("\n"));
  console.error(
    'Cannot publish "publish_files.txt": the list differs from the dry run; ' +
      "`deno task publish:check --update` writes it anew",
  );
  Deno.exit(1);
}
console.error(`publish dry run: clean, ${files.length} files as listed`);
