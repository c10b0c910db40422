/**
 * Runners of tests over jsdom, whose globals are its own but for some of Node's, as
 * `docs/testing.md` sets them up.
 *
 * @module
 */
import type { Consumer } from "./consumers.ts";

const TEST = `import { Store } from "@remote-store/core";
import { IndexedDBBackend } from "@remote-store/core/backends/indexeddb";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { checksum } from "@remote-store/core/ext/integrity";

const CONTENTS = {
  text: () => "x",
  bytes: () => new Uint8Array([120]),
  encoded: () => new TextEncoder().encode("x"),
  blob: () => new Blob(["x"]),
  file: () => new File(["x"], "x.txt"),
  stream: () => new Blob(["x"]).stream(),
};
const BACKENDS = {
  memory: () => new MemoryBackend(),
  indexeddb: () => new IndexedDBBackend(),
};

for (const [name, backend] of Object.entries(BACKENDS)) {
  for (const [kind, content] of Object.entries(CONTENTS)) {
    test(\`\${name}, \${kind}\`, async () => {
      const store = new Store({ backend: backend() });
      const { size } = await store.write("a", content(), { overwrite: true });
      expect(size).toBe(1);
      expect(await store.readText("a")).toBe("x");
      expect([...await store.readBytes("a")]).toEqual([120]);
      expect((await checksum(store, "a")).value).toMatch(/^2d711/);
      await store.close();
    });
  }
}
`;

const SETUP = `import { Blob, File } from "node:buffer";
import "fake-indexeddb/auto";

Object.assign(globalThis, { Blob, File });
`;

/** The runners by their name. */
export const TEST_RUNNERS: ReadonlyMap<string, Consumer> = new Map([
  ["Vitest, jsdom", {
    packages: ["vitest@4.1.12", "jsdom@26.1.0", "fake-indexeddb@6.2.8"],
    files: {
      "store.test.mjs": `import { expect, test } from "vitest";\n${TEST}`,
      "setup.mjs": SETUP,
      "vitest.config.mjs":
        'export default { test: { environment: "jsdom", setupFiles: ["./setup.mjs"] } };\n',
    },
    run: ["node_modules/.bin/vitest", "run"],
  }],
  ["Vitest, happy-dom", {
    packages: ["vitest@4.1.12", "happy-dom@21.0.4", "fake-indexeddb@6.2.8"],
    files: {
      "store.test.mjs": `import { expect, test } from "vitest";
import "fake-indexeddb/auto";
${TEST}`,
      "vitest.config.mjs":
        'export default { test: { environment: "happy-dom" } };\n',
    },
    run: ["node_modules/.bin/vitest", "run"],
  }],
  ["Jest, jsdom", {
    packages: [
      "jest@30.5.2",
      "jest-environment-jsdom@30.5.2",
      "jest-fixed-jsdom@0.0.11",
      "fake-indexeddb@6.2.8",
    ],
    files: {
      "store.test.mjs": TEST,
      "setup.mjs": SETUP,
      "jest.config.mjs": `export default {
  testEnvironment: "jest-fixed-jsdom",
  testMatch: ["**/*.test.mjs"],
  setupFiles: ["./setup.mjs"],
  transform: {},
};
`,
    },
    run: [
      "node",
      "--experimental-vm-modules",
      "node_modules/jest/bin/jest.js",
    ],
  }],
]);
