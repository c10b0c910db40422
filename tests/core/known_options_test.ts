import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  InvalidArgumentError,
  METHOD_OPTIONS,
  requireKnown,
  RetryPolicy,
  Store,
} from "../../mod.ts";
import {
  AzureBackend,
  createServiceSas,
  createUserDelegationSas,
} from "../../backends/azure/mod.ts";
import { HttpBackend } from "../../backends/http/mod.ts";
import {
  estimate,
  IndexedDBBackend,
  persist,
} from "../../backends/indexeddb/mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { S3Backend } from "../../backends/s3/mod.ts";
import { cache, MemoryCache } from "../../ext/cache.ts";
import { BufferedObserver, observe } from "../../ext/observe.ts";
import { otelHooks } from "../../ext/otel.ts";
import { WebCache } from "../../ext/web_cache.ts";
import { fixture, METHODS, NAMESPACES } from "./every_method.ts";
import { inTime } from "../in_time.ts";

/** What a call throws or rejects with. */
async function failureOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return null;
  } catch (error) {
    return error;
  }
}

for (const namespace of NAMESPACES) {
  for (const { name, run } of METHODS) {
    Deno.test(`OPT-001: ${name} on a ${namespace} backend refuses an option that it does not know, before the backend is asked`, async () => {
      const { store, backend } = await fixture({ namespace });
      const asked = backend.calls.length;
      const error = await failureOf(() => run(store, { nope: 1 } as never));
      assertInstanceOf(error, InvalidArgumentError);
      assert(error.message.includes("there is no option nope"), error.message);
      assertEquals(backend.calls.length, asked);
      await run(store, { nope: undefined } as never);
    });

    Deno.test(`OPT-004: ${name} on a ${namespace} backend refuses a signal that is none`, async () => {
      const { store } = await fixture({ namespace });
      const rows: readonly (readonly [unknown, string])[] = [
        [
          new AbortController(),
          "signal is an AbortController, its signal is needed",
        ],
        [5, "signal is a number"],
        [{}, "signal is no AbortSignal"],
      ];
      for (const [signal, why] of rows) {
        const error = await failureOf(() => run(store, { signal } as never));
        assertInstanceOf(error, InvalidArgumentError);
        assert(error.message.endsWith(`: ${why}`), error.message);
      }
      // As fetch takes it.
      await run(store, { signal: null } as never);
    });
  }
}

Deno.test("OPT-001: deleteMany, glob and open refuse what they do not know", async () => {
  const { store } = await fixture();
  const flat = await fixture({ namespace: "flat" });
  const wrong = { recursiv: true } as never;
  for (
    const run of [
      () => store.deleteMany(["a"], wrong),
      () => flat.store.glob("*", wrong),
      () => store.open("data/a.txt", wrong),
    ]
  ) {
    const error = await failureOf(run);
    assertInstanceOf(error, InvalidArgumentError);
    assert(error.message.includes("there is no option recursiv"));
  }
});

Deno.test("OPT-001: an option of another method is none of this one", async () => {
  const { store } = await fixture();
  const { etag } = await store.getFileInfo("data/a.txt");
  const rows: readonly (readonly [string, () => unknown])[] = [
    [
      "contentType",
      () => store.move("data/a.txt", "b", { contentType: "a/b" } as never),
    ],
    [
      "metadata",
      () => store.move("data/a.txt", "b", { metadata: { a: "b" } } as never),
    ],
    [
      "ifMatch",
      () => store.deleteMany(["data/a.txt"], { ifMatch: etag } as never),
    ],
    ["ifMatch", () => store.deleteFolder("data", { ifMatch: etag } as never)],
    [
      "ifMatch",
      () => store.getFileInfo("data/a.txt", { ifMatch: etag } as never),
    ],
    ["ifNoneMatch", () => store.write("b", "", { ifNoneMatch: "*" } as never)],
    [
      "ifNoneMatch",
      () => store.readBytes("data/a.txt", { ifNoneMatch: etag } as never),
    ],
    [
      "ifNoneMatch",
      () => store.read("data/a.txt", { ifNoneMatch: etag } as never),
    ],
    [
      "range",
      () => store.readText("data/a.txt", { range: { offset: 1 } } as never),
    ],
    [
      "range",
      () => store.openBlob("data/a.txt", { range: { offset: 1 } } as never),
    ],
  ];
  for (const [name, run] of rows) {
    const error = await failureOf(run);
    assertInstanceOf(error, InvalidArgumentError);
    assert(error.message.includes(`no option ${name}, the options are`));
  }
  assertEquals(await store.exists("b"), false);
});

Deno.test("OPT-002: the nearest option is named, whatever the case", async () => {
  const rows = {
    overwite: "overwrite",
    contenttype: "contentType",
    ContentType: "contentType",
    metdata: "metadata",
    singal: "signal",
    chekc: "check",
    oervwrite: "overwrite",
    onprogres: "onProgress",
  };
  for (const [wrong, right] of Object.entries(rows)) {
    assertThrows(
      () =>
        requireKnown(
          "write",
          "a",
          { [wrong]: 1 } as never,
          METHOD_OPTIONS.write,
        ),
      InvalidArgumentError,
      `Cannot write "a": there is no option ${wrong}: did you mean ${right}?`,
    );
  }
  assertThrows(
    () =>
      requireKnown("ping", null, { timeout: 1 } as never, METHOD_OPTIONS.call),
    InvalidArgumentError,
    "Cannot ping: there is no option timeout, the options are signal",
  );
  // As long as it is, it is not compared for long.
  const long = { ["x".repeat(1e6)]: 1 } as never;
  await inTime(
    2000,
    () =>
      assertThrows(() =>
        requireKnown("write", "a", long, METHOD_OPTIONS.write)
      ),
  );
});

Deno.test("OPT-001: own enumerable properties count, and names of Object's prototype are no options", () => {
  const check = (options: object) =>
    requireKnown("read", "a", options, METHOD_OPTIONS.read as never);
  check(Object.create({ inherited: 1 }));
  check(Object.defineProperty({}, "hidden", { value: 1 }));
  for (const name of ["constructor", "toString", "hasOwnProperty"]) {
    assertThrows(() => check({ [name]: 1 }), InvalidArgumentError, name);
  }
  for (const none of [null, 5, "text", () => {}]) {
    assertThrows(
      () => check(none as never),
      InvalidArgumentError,
      'Cannot read "a": the options are no object',
    );
  }
});

Deno.test("OPT-003: constructors refuse what they do not know", () => {
  const backend = new MemoryBackend();
  assertThrows(
    () => new Store({ backend, rot: "x" } as never),
    InvalidArgumentError,
    "Cannot create a store: there is no option rot: did you mean root?",
  );
  assertThrows(
    () => new RetryPolicy({ attemps: 3 } as never),
    InvalidArgumentError,
    "Cannot create a RetryPolicy: there is no option attemps: did you mean attempts?",
  );
  assertEquals(new RetryPolicy(new RetryPolicy({ attempts: 2 })).attempts, 2);
});

const SAS = {
  accountName: "account",
  container: "abc",
  permissions: "r",
  expires: new Date(0),
};

Deno.test("OPT-003: so do those of the backends and of the extensions", () => {
  const inner = new Store({ backend: new MemoryBackend() });
  const azure = {
    container: "abc",
    hns: false,
    accountName: "account",
    accountKey: btoa("key"),
  };
  const rows: readonly (readonly [string, () => unknown])[] = [
    ["partSize", () =>
      new S3Backend(
        { bucket: "b", credentials: "anonymous", partsize: 5 } as never,
      )],
    ["blockSize", () => new AzureBackend({ ...azure, blocksize: 5 } as never)],
    ["chunkSize", () => new IndexedDBBackend({ chunksize: 5 } as never)],
    ["baseUrl", () => new HttpBackend({ baseURL: "http://h/" } as never)],
    ["maxEntries", () => cache(inner, { maxEntires: 5 } as never)],
    ["maxEntries", () => new MemoryCache({ maxentries: 5 } as never)],
    ["onRead", () => observe(inner, { onread() {} } as never)],
    [
      "maxQueue",
      () => new BufferedObserver(() => {}, { maxqueue: 5 } as never),
    ],
    ["tracer", () => otelHooks({ tracers: null } as never)],
    [
      "maxEntries",
      () => new WebCache({} as never, "a", { maxEntires: 5 } as never),
    ],
    ["key", () => createServiceSas({ ...SAS, Key: "a" } as never, "")],
    [
      "contentType",
      () =>
        createServiceSas(
          { ...SAS, responseHeaders: { contenttype: "a" } } as never,
          "",
        ),
    ],
    [
      "key",
      () => createUserDelegationSas({ ...SAS, kye: "a" } as never, {} as never),
    ],
  ];
  for (const [name, create] of rows) {
    assertThrows(create, InvalidArgumentError, `did you mean ${name}?`);
  }
});

Deno.test("OPT-003: so do the calls of a browser's storage, and a long wait is one", async () => {
  for (const call of [persist, estimate]) {
    await assertRejects(
      () => call({ waitms: 5 } as never),
      InvalidArgumentError,
      "did you mean waitMs?",
    );
  }
  const storage = {
    persist: async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return true;
    },
  };
  assertEquals(await persist({ storage, waitMs: Infinity }), true);
});

/** Options that no caller hands to this library, or that are checked as others. */
const UNCHECKED: Readonly<Record<string, string>> = {
  OpenAtomicOptions: "another name of WriteOptions",
  RemoteS3Options: "checked as S3Options",
  ProbeOptions: "checked as S3Options",
  ConnectOptions: "checked as RemoteSignerOptions and the backend's",
  KeptOptions: "what a token keeps of options that were checked",
  RemoteStoreErrorOptions: "what an error is made with is no call",
  SigningOptions: "what this library hands to a signer",
  OtelMetricOptions: "what this library hands to a meter",
};

Deno.test("OPT-009: every kind of options that an entry exports has the table of its names", async () => {
  const root = new URL("../../", import.meta.url);
  const lines = await Deno.readTextFile(new URL("docs/api.jsonl", root));
  const names = lines.trim().split("\n").map((line) => JSON.parse(line))
    .filter(({ entry, kind, name }) =>
      !entry.startsWith("./conformance") &&
      ["interface", "typeAlias"].includes(kind) && name.endsWith("Options") &&
      // The binding of Workers.
      !/^R2[A-Z]/.test(name) && name !== "KnownOptions"
    )
    .map(({ name }) => name as string);
  assert(names.length > 30, `${names.length} kinds`);
  let sources = "";
  for (const folder of ["core", "backends", "ext"]) {
    for await (const source of sourcesIn(new URL(`${folder}/`, root))) {
      sources += source;
    }
  }
  const unchecked = names.filter((name) =>
    !(name in UNCHECKED) &&
    !new RegExp(`(?:KnownOptions<|keyof )[^>=]*\\b${name}\\b`).test(sources)
  );
  assertEquals(unchecked, []);
});

async function* sourcesIn(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sourcesIn(new URL(`${name}/`, folder));
    else yield await Deno.readTextFile(new URL(name, folder));
  }
}

Deno.test("OPT-001: a closed backend and a path that is none outrank the options", async () => {
  const { store } = await fixture({ closeIsTerminal: true });
  const wrong = { nope: 1 } as never;
  const outside = await assertRejects(() => store.read("../x", wrong));
  assertEquals((outside as { code?: string }).code, "InvalidPath");
  await store.close();
  const closed = await assertRejects(() => store.read("x", wrong));
  assertEquals((closed as { code?: string }).code, "BackendUnavailable");
});

Deno.test("OPT-005: a check costs less than 100 ns", () => {
  const signal = new AbortController().signal;
  const options = {
    overwrite: true,
    contentType: "text/plain",
    metadata: { by: "ada" },
    signal,
  };
  const rounds = 200_000;
  let best = Infinity;
  // The best of many short rounds: what else the machine does is not of interest, nor that
  // it compiles the code late.
  for (let round = 0; round < 20 || (best >= 100 && round < 2000); round++) {
    const start = performance.now();
    for (let i = 0; i < rounds / 20; i++) {
      requireKnown("write", "a", options, METHOD_OPTIONS.write);
    }
    best = Math.min(best, (performance.now() - start) * 1e6 / (rounds / 20));
  }
  console.log(`requireKnown() of four options: ${best.toFixed(0)} ns`);
  assert(best < 100, `${best} ns`);
});
