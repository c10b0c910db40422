import { assertEquals, assertRejects } from "@std/assert";
import {
  chooseSource,
  configs,
  describe,
  type Manifest,
  type Source,
} from "../../without_jsr/config.ts";

const never = () => Promise.reject(new Error("It looked at JSR"));
const manifest: Manifest = {
  name: "@remote-store/core",
  imports: { "@std/path": "jsr:@std/path@^1" },
  publish: { include: ["mod.ts"] },
  compilerOptions: { strict: true, lib: ["esnext", "deno.ns"] },
  tasks: { test: "deno test" },
};

Deno.test("chooseSource() takes STD_DIR before all else", async () => {
  assertEquals(
    await chooseSource({ stdDir: "/std", jsr: "no" }, never),
    { kind: "std", folder: "/std" },
  );
});

Deno.test("chooseSource() takes the reader's word without a look", async () => {
  assertEquals((await chooseSource({ jsr: "no" }, never)).kind, "stand-ins");
  assertEquals((await chooseSource({ jsr: "yes" }, never)).kind, "jsr");
  await assertRejects(
    () => chooseSource({ jsr: "maybe" }, never),
    Error,
    'REMOTE_STORE_JSR is "maybe"',
  );
});

Deno.test("chooseSource() looks at JSR once where nothing is said", async () => {
  let looks = 0;
  for (const answers of [true, false]) {
    const source = await chooseSource({ jsr: "", stdDir: "" }, () => {
      looks++;
      return Promise.resolve(answers);
    });
    assertEquals(source.kind, answers ? "jsr" : "stand-ins");
  }
  assertEquals(looks, 2);
});

Deno.test("describe() says each choice in one line with its reason", () => {
  const lines: [Source, string][] = [
    [
      { kind: "stand-ins", reason: "jsr.io did not answer" },
      "without JSR: linking the stand-ins in without_jsr/std (jsr.io did not answer)",
    ],
    [
      { kind: "jsr", reason: "jsr.io answers" },
      "with JSR: @std comes from jsr.io (jsr.io answers)",
    ],
    [
      { kind: "std", folder: "/std" },
      "without JSR: linking the real @std packages in STD_DIR (/std)",
    ],
  ];
  for (const [source, line] of lines) assertEquals(describe(source), line);
});

Deno.test("configs() leaves the manifest as it is with JSR, less the tasks", () => {
  const { tasks: _, ...rest } = manifest;
  const files = configs(manifest, { kind: "jsr", reason: "" }, ["path"]);
  assertEquals(files["deno.chosen.json"], rest);
  assertEquals(files[".chosen/deno.json"], {
    imports: manifest.imports,
    links: [],
    lock: false,
  });
});

Deno.test("configs() links the stand-ins and keeps jsr: in the imports", () => {
  const { tasks: _, ...rest } = manifest;
  const source: Source = { kind: "stand-ins", reason: "" };
  const files = configs(manifest, source, ["assert", "path"]);
  assertEquals(files["deno.chosen.json"], {
    ...rest,
    links: ["./without_jsr/std/assert", "./without_jsr/std/path"],
    lock: { path: "./without_jsr/deno.lock", frozen: true },
    publish: { include: ["mod.ts", "without_jsr/std"] },
  });
  assertEquals(files[".chosen/deno.json"], {
    imports: manifest.imports,
    links: ["../without_jsr/std/assert", "../without_jsr/std/path"],
    lock: false,
  });
});

Deno.test("configs() links STD_DIR as a whole and locks nothing", () => {
  const { tasks: _, ...rest } = manifest;
  const files = configs(manifest, { kind: "std", folder: "/std" }, ["path"]);
  assertEquals(files["deno.chosen.json"], {
    ...rest,
    links: ["/std"],
    lock: false,
  });
});

Deno.test("configs() takes Deno's own types out of the web configuration", () => {
  const files = configs(manifest, { kind: "jsr", reason: "" }, []);
  const { tasks: _, ...rest } = manifest;
  assertEquals(files["web.chosen.json"], {
    ...rest,
    compilerOptions: { strict: true, lib: ["esnext"] },
  });
});
