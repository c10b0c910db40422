import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Body, WriteFacts, WriteRequest } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { BACKENDS } from "../../examples/backends.ts";
import { areEqual } from "../../examples/compare.ts";
import { main } from "../../examples/quickstart.ts";

const KNOWN = Object.keys(BACKENDS).join(", ");

async function run(args: string[], backends = BACKENDS) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  }, backends);
  return { code, out: out.join("\n"), err };
}

function only(name: string, create: () => MemoryBackend) {
  return { [name]: { about: "for a test", flags: ["bucket"], create } };
}

/** Flips the first bit of every file that it stores. */
class CorruptingBackend extends MemoryBackend {
  override async write(
    key: string,
    body: Body,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    const bytes = body.kind === "bytes"
      ? body.bytes.slice()
      : await new Response(body.stream as BodyInit).bytes();
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    return await super.write(key, { kind: "bytes", bytes }, request);
  }
}

/** Loses what a copy should bring along. */
class ForgetfulBackend extends MemoryBackend {
  override async copy(source: string, target: string): Promise<void> {
    const bytes = new TextEncoder().encode(source);
    await super.write(target, { kind: "bytes", bytes }, {
      condition: { overwrite: false, ifMatch: null },
      headers: {
        contentType: null,
        cacheControl: null,
        contentDisposition: null,
        contentEncoding: null,
        contentLanguage: null,
      },
      metadata: null,
      check: null,
      signal: undefined,
    });
  }
}

Deno.test("demo copies a real folder and finds no difference", async () => {
  const { code, out, err } = await run(["memory", "core"]);

  assertEquals(err, []);
  assertEquals(code, 0);
  const files = await Array.fromAsync(Deno.readDir("core"));
  const sizes = await Promise.all(
    files.map(async ({ name }) => (await Deno.stat(`core/${name}`)).size),
  );
  const bytes = sizes.reduce((a, b) => a + b, 0).toLocaleString("en-US");
  assertStringIncludes(
    out,
    `\n${files.length} files, ${bytes} bytes written, read back and compared; 0 differences`,
  );
  assertStringIncludes(out, "… and ");
  assertMatch(out, /\n {2}path +size +source +etag +last modified\n/);
  assertMatch(out, /\n {2}AlreadyExists: Cannot write "[^"]+": it exists/);
  assertMatch(out, /\n {2}CapabilityNotSupported: Cannot glob /);
});

Deno.test("demo leaves out dot folders", async () => {
  const files: string[] = [];
  const create = () => {
    const backend = new MemoryBackend();
    const write = backend.write.bind(backend);
    backend.write = (key, body, request) => {
      files.push(key);
      return write(key, body, request);
    };
    return backend;
  };
  const { code } = await run([], only("memory", create));

  assertEquals(code, 0);
  assert(files.some((key) => key.endsWith("/core/store.ts")));
  assert(!files.some((key) => key.includes("/.git/")));
});

Deno.test("demo leaves nothing behind", async () => {
  const backend = new MemoryBackend();
  await run(["memory", "core"], only("memory", () => backend));

  const { files, folders } = await backend.list("", {
    shallow: false,
    cursor: null,
    limit: null,
    maxDepth: null,
    signal: undefined,
  });
  assertEquals([...files, ...folders], []);
});

Deno.test("demo names every file whose bytes differ", async () => {
  const { code, out, err } = await run(
    ["bad", "core"],
    only("bad", () => new CorruptingBackend()),
  );

  assertEquals(code, 1);
  assert(err.includes("Difference: store.ts"));
  assertMatch(out, / compared; \d+ differences$/);
});

Deno.test("demo sees a copy that lost bytes and metadata", async () => {
  const { code, err } = await run(
    ["bad", "core"],
    only("bad", () => new ForgetfulBackend()),
  );

  assertEquals(code, 1);
  assertEquals(err.length, 2);
  assertStringIncludes(err[0] ?? "", "does not hold the bytes of");
  assertStringIncludes(err[1] ?? "", "has the metadata null");
});

for (
  const [title, args, line] of [
    [
      "a folder that is not there",
      ["memory", "no/such/folder"],
      'Cannot read "no/such/folder": there is no such folder',
    ],
    [
      "a file instead of a folder",
      ["memory", "mod.ts"],
      'Cannot read "mod.ts": it is not a folder',
    ],
    [
      "a folder outside of the permissions",
      ["memory", "/"],
      'Cannot read "/": the task may read this repository only; run ' +
      "deno run --config=deno.chosen.json --allow-read=/ " +
      "examples/quickstart.ts memory /",
    ],
    [
      "an unknown backend",
      ["floppy", "core"],
      `Cannot open the backend "floppy": it is unknown, known are: ${KNOWN}`,
    ],
    [
      "a backend named like a property of every object",
      ["constructor"],
      `Cannot open the backend "constructor": it is unknown, known are: ${KNOWN}`,
    ],
    [
      "an unknown flag",
      ["memory", "core", "--bucket=x"],
      "Cannot use --bucket: memory does not know this flag",
    ],
    [
      "a third word",
      ["memory", "core", "more"],
      'Cannot use "more": a backend and a folder are all there is',
    ],
  ] as [string, string[], string][]
) {
  Deno.test({
    name: `demo answers ${title} with one line and exit code 2`,
    permissions: { read: ["."] },
    fn: async () => {
      assertEquals(await run(args), { code: 2, out: "", err: [line] });
    },
  });
}

Deno.test("demo reports a failing backend as one line and exit code 1", async () => {
  const create = () => {
    const backend = new MemoryBackend();
    backend.write = () => Promise.reject(new Error("the disk is on fire"));
    return backend;
  };
  const { code, err } = await run(["bad", "core"], only("bad", create));

  assertEquals(code, 1);
  assertEquals(err.length, 1);
  assertMatch(err[0] ?? "", /^Cannot write "[^"]+": .*the disk is on fire$/);
});

Deno.test("demo shows its usage on --help", async () => {
  const { code, out, err } = await run(["--help"]);

  assertEquals([code, err], [0, []]);
  assertStringIncludes(out, "deno task demo [backend] [folder]");
  assertStringIncludes(out, "memory");
});

function streamOf(...chunks: number[][]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks.map((chunk) => new Uint8Array(chunk)));
}

Deno.test("areEqual compares bytes and not chunks", async () => {
  assert(await areEqual(streamOf([1, 2], [3]), streamOf([1], [], [2, 3])));
  assert(await areEqual(streamOf(), streamOf([])));
  assert(!await areEqual(streamOf([1, 2]), streamOf([1, 3])));
  assert(!await areEqual(streamOf([1, 2]), streamOf([1])));
  assert(!await areEqual(streamOf(), streamOf([0])));
});
