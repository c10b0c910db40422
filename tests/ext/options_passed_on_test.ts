/**
 * Functions over a store take the options of the methods that they call. Each option that
 * one takes has to arrive there: one that is taken and dropped is worse than one refused.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  InvalidArgumentError,
  METHOD_OPTIONS,
  Store,
  type StoreLike,
} from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { checksum, readVerified } from "../../ext/integrity.ts";
import { listPage } from "../../ext/pages.ts";
import { resumableUpload } from "../../ext/resume.ts";
import { download, openResponse, upload } from "../../ext/transfer.ts";
import {
  openAtomicWithHash,
  withHashingWriter,
  writeWithHash,
} from "../../ext/write.ts";

const ABC = { algorithm: "md5", value: "900150983cd24fb0d6963f7d28e17f72" };

/** A value of each option that no default is. */
const VALUES: Readonly<Record<string, unknown>> = {
  signal: new AbortController().signal,
  ifMatch: '"1"',
  versionId: "v1",
  decode: true,
  range: { offset: 0, length: 3 },
  overwrite: true,
  contentType: "text/a",
  cacheControl: "no-store",
  contentDisposition: "inline",
  contentEncoding: "br",
  contentLanguage: "la",
  metadata: { by: "ada" },
  onProgress: () => {},
  maxSize: 5,
  recursive: true,
  maxDepth: 3,
  pattern: "*.txt",
};

/** A store that tells what options its calls were given, and heeds none of them. */
async function recording() {
  const store = new Store({ backend: new MemoryBackend() });
  void await store.write("a", "abc");
  const given: Record<string, unknown>[] = [];
  const inner = new Proxy(store, {
    get(_, name) {
      const method = store[name as "write"] as unknown;
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => {
        const options = args.at(-1);
        if (Object(options) === options && !Array.isArray(options)) {
          given.push(options as Record<string, unknown>);
          const overwrite = /^(?:write|openAtomic)/.test(String(name));
          args[args.length - 1] = overwrite ? { overwrite } : {};
        }
        return method.apply(store, args);
      };
    },
  });
  return { given, store: inner as StoreLike };
}

type Run = (store: StoreLike, options: object) => unknown;

const TAKES: readonly [
  name: string,
  options: readonly string[],
  run: Run,
][] = [
  [
    "checksum",
    Object.keys(METHOD_OPTIONS.read),
    (store, options) => checksum(store, "a", options),
  ],
  [
    "readVerified",
    Object.keys(METHOD_OPTIONS.readText),
    (store, options) => readVerified(store, "a", { ...options, expected: ABC }),
  ],
  [
    "openResponse",
    Object.keys(METHOD_OPTIONS.readText),
    (store, options) => openResponse(store, "a", options),
  ],
  [
    "download",
    Object.keys(METHOD_OPTIONS.read),
    (store, options) => download(store, "a", new WritableStream(), options),
  ],
  [
    "upload",
    without("write", "check"),
    (store, options) => upload(store, "abc", "a", options),
  ],
  [
    "writeWithHash",
    without("write", "check"),
    (store, options) => writeWithHash(store, "a", "abc", options),
  ],
  ["openAtomicWithHash", without("write", "check"), async (store, options) => {
    await using _writer = await openAtomicWithHash(store, "a", options);
  }],
  [
    "withHashingWriter",
    without("write", "check"),
    (store, options) => withHashingWriter(store, "a", () => {}, options),
  ],
  [
    "listPage",
    without("listFiles", "limit", "startAfter"),
    (store, options) => listPage(store, "", options),
  ],
  [
    "resumableUpload",
    without("openUpload", "size", "id", "partSize"),
    (store, options) => resumableUpload(store, new Blob(["abc"]), "a", options),
  ],
];

function without(
  method: keyof typeof METHOD_OPTIONS,
  ...names: readonly string[]
): string[] {
  return Object.keys(METHOD_OPTIONS[method])
    .filter((name) => !names.includes(name));
}

for (const [name, options, run] of TAKES) {
  for (const option of options) {
    Deno.test(`OPT-008 ${name} hands ${option} on to the store`, async () => {
      const { given, store } = await recording();
      assert(option in VALUES, `a value of ${option}`);
      await run(store, { [option]: VALUES[option] });
      const passed = given.map((asked) => asked[option]);
      assert(passed.includes(VALUES[option]), JSON.stringify(given));
    });
  }
}

Deno.test("OPT-008 readVerified asks about the version that it reads, and takes no digest of stored bytes for the content's", async () => {
  const asked: unknown[] = [];
  const store = {
    getFileInfo(_: string, options: object) {
      asked.push(Object(options).versionId);
      return Promise.reject(new Error("asked"));
    },
    read: () => Promise.reject(new Error("read")),
  };
  await assertRejects(
    () => readVerified(store, "a", { versionId: "v1" }),
    Error,
    "asked",
  );
  assertEquals(asked, ["v1"]);
  await assertRejects(
    () => readVerified(store, "a", { decode: true }),
    InvalidArgumentError,
    "decode needs a digest that is expected",
  );
  assertEquals(asked.length, 1);
});
