/**
 * `deno task test:examples`: the folders to copy, copied, with the package installed: the
 * Worker is bundled by wrangler as for an upload, and its types fit Cloudflare's; the
 * server for Deno Deploy runs with no leave but the network's.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { installPackages } from "../../servers/npm.ts";
import { copyExample, installCore, programOf, run } from "./install.ts";

await installPackages("tests/runtimes/wrangler");

Deno.test("EX-001: wrangler bundles the Worker for an upload, with its binding", async () => {
  await using example = await copyExample("examples/worker");
  const { folder } = example;
  await installCore(folder);
  const args = ["deploy", "--dry-run", "--outdir", "dist"];
  const said = await run(programOf("wrangler"), args, folder);
  assertStringIncludes(said, "env.BUCKET (files)");
  const code = await Deno.readTextFile(`${folder}/dist/worker.js`);
  assertStringIncludes(code, "etagDoesNotMatch");
  // What a Worker does not have: the global, and not the name in a User-Agent.
  assert(!/\bDeno\b(?!\/)/.test(code));
});

Deno.test("EX-002: Cloudflare's own type of a bucket fits the backend", async () => {
  await using example = await copyExample("examples/worker");
  const { folder } = example;
  const file = `${folder}/src/types.ts`;
  await Deno.writeTextFile(
    file,
    `import type { R2Bucket } from "@cloudflare/workers-types";
import { R2Backend } from "@remote-store/core/backends/r2";
import worker from "./worker.ts";

export function create(bucket: R2Bucket): R2Backend {
  return new R2Backend({ bucket });
}

export function ask(bucket: R2Bucket): Promise<Response> {
  return worker.fetch(new Request("https://example.com/files/"), { BUCKET: bucket });
}
`,
  );
  await installCore(folder);
  const types = new URL(
    "node_modules/@cloudflare/workers-types",
    import.meta.url,
  );
  await Deno.mkdir(`${folder}/node_modules/@cloudflare`, { recursive: true });
  await Deno.symlink(
    types.pathname,
    `${folder}/node_modules/@cloudflare/workers-types`,
  );
  await run(Deno.execPath(), [
    "check",
    "--quiet",
    "--node-modules-dir=manual",
    file,
  ], folder);
});

Deno.test("EX-003: the server for Deno Deploy runs with the network's leave alone", async () => {
  await using example = await copyExample("examples/deno-deploy");
  const { folder } = example;
  const root = new URL("../../../", import.meta.url);
  const chosen = new URL("deno.chosen.json", root);
  // Its own deno.json names what is not published yet.
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-net",
      `--config=${chosen.pathname}`,
      `${folder}/main.ts`,
    ],
    // Deno's own variable, which the program does not read.
    env: { DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  try {
    const [out, err] = await Promise.all([
      read(server.stdout, /this time it is \S+\n/),
      read(server.stderr, /:\d+\//),
    ]);
    const token = /it is (\S+)/.exec(out)?.[1];
    const origin = `http://127.0.0.1:${/:(\d+)\//.exec(err)?.[1]}`;
    const url = `${origin}/files/a/b.txt`;
    const headers = { authorization: `Bearer ${token}` };
    const put = await fetch(url, { method: "PUT", body: "hello", headers });
    assertEquals([put.status, (await put.json()).size], [200, 5]);
    const range = { range: "bytes=1-3" };
    const part = await fetch(url, { headers: range });
    assertEquals([part.status, await part.text()], [206, "ell"]);
    const list = await fetch(`${origin}/files/`);
    assertEquals((await list.json()).folders, ["a"]);
  } finally {
    server.kill("SIGTERM");
    await server.status;
  }
});

/** Reads what a program prints until it has said something, for two minutes at most. */
async function read(
  stream: ReadableStream<Uint8Array>,
  until: RegExp,
): Promise<string> {
  const reader = stream.getReader();
  const timer = setTimeout(() => reader.cancel(), 120_000);
  let said = "";
  while (!until.test(said)) {
    const next = await reader.read();
    if (next.done) throw new Error(`it ended with: ${said}`);
    said += new TextDecoder().decode(next.value);
  }
  clearTimeout(timer);
  await reader.cancel();
  return said;
}
