/**
 * Who installs the package, and what each does with it.
 *
 * @module
 */
import { importMap } from "../../../tools/docs/reference.ts";
import { readManifest } from "../../../tools/manifest.ts";
import { BUNDLERS } from "./bundlers.ts";
import { runInPage } from "./page.ts";
import { SERVERS } from "./servers.ts";
import { runSnippets } from "./snippets.ts";
import { TEST_RUNNERS } from "./test_runners.ts";

/** What a consumer needs beside the tarball, and the steps that it takes. */
export interface Consumer {
  /** What is installed with it. */
  readonly packages: readonly string[];
  /** How its types are checked. */
  readonly types?: readonly string[];
  /** How it runs: a command, or what is to be done in its folder. */
  readonly run?: readonly string[] | ((folder: string) => Promise<string>);
  /** Files beside those of the folder. */
  readonly files?: Readonly<Record<string, string>>;
}

const { exports } = await readManifest();

const TSC = "node_modules/typescript/bin/tsc";

function typescript(
  module: string,
  moduleResolution: string,
  version = "5.9.3",
): Consumer {
  const compilerOptions = {
    target: "es2022",
    lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
    types: [],
    module,
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    outDir: "out",
  };
  return {
    packages: [`typescript@${version}`],
    files: {
      "tsconfig.json": JSON.stringify({ compilerOptions, files: ["typed.ts"] }),
    },
    types: ["node", TSC],
    run: ["node", "out/typed.js"],
  };
}

/**
 * A project whose types are not those of a page: those of Node, of Workers, or an older
 * library, as templates have it. IndexedDB is for pages.
 */
function typesOnly(
  lib: readonly string[],
  types: readonly string[],
  packages: readonly string[],
): Consumer {
  const compilerOptions = {
    target: "es2023",
    lib,
    types,
    module: "esnext",
    moduleResolution: "bundler",
    strict: true,
    exactOptionalPropertyTypes: true,
    isolatedModules: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const all = Object.keys(exports).map((entry, i) =>
    `export * as e${i} from "@remote-store/core${entry.slice(1)}";\n`
  );
  return {
    packages: ["typescript@5.9.3", ...packages],
    files: {
      "all.ts": all.join(""),
      "tsconfig.json": JSON.stringify({ compilerOptions, files: ["all.ts"] }),
    },
    types: ["node", TSC],
  };
}

/** A Worker that runs the program as a test, as `workerd test` calls it. */
const WORKER = `import { run } from "./program.mjs";

export default {
  async test() {
    console.log(\`\${await run()} tests of the contract passed\`);
  },
};
`;

const WORKERD_CONFIG = `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "out.mjs")],
  compatibilityDate = "2026-01-01",
);
`;

/** The consumers by their name. */
export const CONSUMERS: ReadonlyMap<string, Consumer> = new Map<
  string,
  Consumer
>([
  ["Node 20", {
    packages: ["node@20.20.2"],
    run: ["node_modules/.bin/node", "main.mjs"],
  }],
  ["Node 24", {
    packages: ["node@24.21.0"],
    run: ["node_modules/.bin/node", "main.mjs"],
  }],
  ["Bun", {
    packages: ["bun@1.4.4"],
    run: ["node_modules/.bin/bun", "main.mjs"],
  }],
  ["esbuild", {
    packages: ["esbuild@0.28.2"],
    run: [
      "sh",
      "-c",
      "node_modules/.bin/esbuild main.mjs --bundle --minify --format=esm --platform=browser --outfile=out.mjs && node out.mjs",
    ],
  }],
  ["Vite", {
    packages: ["vite@8.3.8"],
    files: {
      "vite.config.mjs":
        'export default { build: { target: "esnext", lib: { entry: "main.mjs", formats: ["es"], fileName: "out" } } };\n',
    },
    run: [
      "sh",
      "-c",
      "node_modules/.bin/vite build --logLevel=error && node dist/out.js",
    ],
  }],
  ["workerd", {
    packages: ["workerd@1.20260730.1", "esbuild@0.28.2"],
    files: { "worker.mjs": WORKER, "config.capnp": WORKERD_CONFIG },
    run: [
      "sh",
      "-c",
      "node_modules/.bin/esbuild worker.mjs --bundle --format=esm --conditions=workerd,worker,browser --outfile=out.mjs --log-level=error && node_modules/.bin/workerd test config.capnp",
    ],
  }],
  ["A page, by an import map", {
    packages: [],
    files: {
      "index.html": `<!doctype html>
<meta charset="utf-8">
<script type="importmap">${
        JSON.stringify({ imports: importMap(exports) })
      }</script>
<script type="module">
import { run } from "./program.mjs";
globalThis.programs = { run };
</script>
`,
    },
    run: runInPage,
  }],
  ["The pages' snippets, in Node 24", {
    packages: ["node@24.21.0", "fake-indexeddb@6.2.8"],
    run: runSnippets,
  }],
  ["TypeScript, bundler", typescript("esnext", "bundler")],
  ["TypeScript, nodenext", typescript("nodenext", "nodenext")],
  ["TypeScript 5.7, node16", typescript("node16", "node16", "5.7.3")],
  ["TypeScript 6, bundler", typescript("esnext", "bundler", "6.0.3")],
  ["CommonJS, in Node 20", {
    packages: ["node@20.20.2"],
    files: {
      "main.cjs": `const { Store } = require("@remote-store/core");
const { MemoryBackend } = require("@remote-store/core/backends/memory");

const store = new Store({ backend: new MemoryBackend() });
store.write("a", "A").then(({ size }) => console.log(size, "byte"));
`,
    },
    run: ["node_modules/.bin/node", "main.cjs"],
  }],
  ...BUNDLERS,
  ...TEST_RUNNERS,
  ...SERVERS,
  [
    "TypeScript, Node's types",
    typesOnly(["es2023"], ["node"], ["@types/node@24.19.2"]),
  ],
  [
    "TypeScript, Workers' types",
    typesOnly(["esnext"], ["@cloudflare/workers-types"], [
      "@cloudflare/workers-types@4.20260702.1",
    ]),
  ],
  [
    "TypeScript, a Vite template's library",
    typesOnly(["es2023", "dom"], [], []),
  ],
  ["publint", {
    packages: ["publint@0.3.25"],
    types: ["node_modules/.bin/publint", "--strict", "package.tgz"],
  }],
  ["arethetypeswrong", {
    packages: ["@arethetypeswrong/cli@0.18.5"],
    types: [
      "node_modules/.bin/attw",
      "package.tgz",
      "--profile",
      "esm-only",
      "--no-color",
    ],
  }],
]);
