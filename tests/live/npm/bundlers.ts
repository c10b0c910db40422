/**
 * Bundlers, with the settings that `docs/install.md` names and no others. What each makes
 * runs in Chromium.
 *
 * @module
 */
import type { Consumer } from "./consumers.ts";
import { execute } from "./executing.ts";
import { runInPage } from "./page.ts";

const ENTRY = `import { run } from "./program.mjs";

globalThis.programs = { run };
`;

function bundler(
  packages: readonly string[],
  command: readonly string[],
  files: Consumer["files"] = {},
): Consumer {
  return {
    packages,
    files: {
      "page.mjs": ENTRY,
      "index.html": `<!doctype html>
<meta charset="utf-8">
<script type="module" src="./dist/page.js"></script>
`,
      ...files,
    },
    run: async (folder) => {
      await execute(folder, command);
      return await runInPage(folder);
    },
  };
}

const OUTPUT =
  'output: { path: import.meta.dirname + "/dist", filename: "page.js" }';

/** A configuration of webpack, and of who takes the same. */
const CONFIG =
  `export default { mode: "production", entry: "./page.mjs", ${OUTPUT} };\n`;

/** The bundlers by their name. */
export const BUNDLERS: ReadonlyMap<string, Consumer> = new Map([
  [
    "webpack",
    bundler(["webpack@5.113.0", "webpack-cli@7.3.1"], [
      "node_modules/.bin/webpack",
    ], { "webpack.config.mjs": CONFIG }),
  ],
  [
    "Rspack",
    bundler(["@rspack/core@2.3.4", "@rspack/cli@2.2.8"], [
      "node_modules/.bin/rspack",
      "build",
    ], { "rspack.config.mjs": CONFIG }),
  ],
  [
    "Rollup",
    bundler(["rollup@4.68.8", "@rollup/plugin-node-resolve@16.0.3"], [
      "node_modules/.bin/rollup",
      "page.mjs",
      "--plugin=node-resolve",
      "--dir=dist",
    ]),
  ],
  [
    "Parcel",
    bundler(["parcel@2.16.4"], [
      "node_modules/.bin/parcel",
      "build",
      "page.mjs",
      "--no-cache",
      "--no-source-maps",
      "--dist-dir=dist",
    ], {
      "package.json": JSON.stringify({
        private: true,
        type: "module",
        "@parcel/resolver-default": { packageExports: true },
      }),
    }),
  ],
]);
