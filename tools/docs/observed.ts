/**
 * Tables of what was observed: the fields that results have, the requests that
 * calls cost, the codes that calls throw.
 *
 * @module
 */
import { isRemoteStoreError, Store, type StoreLike } from "@remote-store/core";
import { METHODS } from "../../tests/core/every_method.ts";
import { FlatBackend } from "../../tests/fakes/flat_backend.ts";
import { FailingBackend } from "../../tests/fakes/failing_backend.ts";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { CONFIGURATIONS, FIRST, type Opened } from "./configurations.ts";
import { printTable } from "./markdown.ts";

const MIB = 1024 * 1024;
const TEXT = "0123456789";

function streamOf(size: number): ReadableStream<Uint8Array> {
  return new Blob([new Uint8Array(size)]).stream();
}

function filled(result: object): string[] {
  return Object.entries(result).filter(([, value]) =>
    value !== null && !(typeof value === "object" && isEmpty(value))
  ).map(([name]) => name);
}

function isEmpty(value: object): boolean {
  return !(value instanceof Date) && Object.keys(value).length === 0 &&
    Object.getPrototypeOf(value) === Object.prototype;
}

/** Which fields of a write's result and of a file's info each backend fills. */
export async function fieldTable(): Promise<string> {
  const columns: { name: string; fields: Set<string> }[] = [];
  for (const { backend: name, open } of FIRST) {
    const { backend, store } = open();
    const options = {
      metadata: { by: "ada" },
      contentType: "text/csv",
      cacheControl: "no-cache",
    };
    const fields = new Set<string>();
    const add = (of: string, result: object) =>
      filled(result).forEach((field) => fields.add(`${of}.${field}`));
    if (backend.capabilities.has("write")) {
      add("write", await store.write("a.txt", TEXT, options));
      add("stream", await store.write("b.txt", streamOf(9 * MIB), options));
      for await (const info of store.listFiles("")) {
        if (info.path === "a.txt") add("list", info);
      }
    }
    add("info", await store.getFileInfo("a.txt"));
    columns.push({ name, fields });
  }
  const rows: [of: string, title: string, fields: string[]][] = [
    ["write", "write", ["etag", "lastModified", "versionId", "digest"]],
    ["stream", "write of 9 MiB", [
      "etag",
      "lastModified",
      "versionId",
      "digest",
    ]],
    ["info", "`getFileInfo`", [
      "size",
      "etag",
      "lastModified",
      "contentType",
      "metadata",
      "digest",
      "extra",
    ]],
    ["list", "listings", [
      "size",
      "etag",
      "lastModified",
      "contentType",
      "metadata",
      "digest",
    ]],
  ];
  return printTable(
    ["Field", "Of", ...columns.map(({ name }) => name)],
    rows.flatMap(([of, title, names]) =>
      names.map((field) => [
        `\`${field}\``,
        title,
        ...columns.map(({ fields }) =>
          fields.has(`${of}.${field}`) ? "yes" : "–"
        ),
      ])
    ),
  );
}

const COSTS: readonly (readonly [
  name: string,
  run: (store: Store) => Promise<unknown>,
])[] = [
  ["`write`, 10 bytes", (store) => store.write("new.txt", TEXT)],
  [
    "`write`, a stream of 20 MiB",
    (store) => store.write("new.bin", streamOf(20 * MIB)),
  ],
  [
    "`write` with `overwrite`",
    (store) => store.write("a.txt", TEXT, { overwrite: true }),
  ],
  ["`readText`", (store) => store.readText("a.txt")],
  [
    "`readBytes`, a range",
    (store) => store.readBytes("a.txt", { range: { offset: 2, length: 3 } }),
  ],
  [
    "`readBytes`, the last bytes",
    (store) => store.readBytes("a.txt", { range: { suffix: 3 } }),
  ],
  ["`getFileInfo`", (store) => store.getFileInfo("a.txt")],
  ["`exists` of a file", (store) => store.exists("a.txt")],
  ["`exists` of nothing", (store) => store.exists("none.txt")],
  ["`isFolder`", (store) => store.isFolder("data")],
  [
    "`listFiles` of 3 files",
    (store) => Array.fromAsync(store.listFiles("data")),
  ],
  ["`getFolderInfo` of 3 files", (store) => store.getFolderInfo("data")],
  ["`copy`", (store) => store.copy("a.txt", "copy.txt")],
  ["`move`", (store) => store.move("a.txt", "moved.txt")],
  ["`delete`", (store) => store.delete("a.txt")],
  [
    "`delete` with `missingOk`",
    (store) => store.delete("a.txt", { missingOk: true }),
  ],
  [
    "`deleteMany` of 3 files, `missingOk`",
    (store) =>
      store.deleteMany(["data/1.txt", "data/2.txt", "data/3.txt"], {
        missingOk: true,
      }),
  ],
  [
    "`deleteFolder` of 3 files, `recursive`",
    (store) => store.deleteFolder("data", { recursive: true }),
  ],
  ["`ping`", (store) => store.ping()],
];

const REMOTE = ["S3", "Azure", "Azure, `hns`", "R2", "HTTP"];

async function seeded(name: string): Promise<Opened> {
  const found = CONFIGURATIONS.find((it) =>
    name === "Azure, `hns`"
      ? it.backend === "Azure" && it.name.startsWith("`hns")
      : it.backend === name && it.first
  );
  if (found === undefined) throw new Error(`no configuration for ${name}`);
  const opened = found.open();
  if (opened.backend.capabilities.has("write")) {
    for (const path of ["a.txt", "data/1.txt", "data/2.txt", "data/3.txt"]) {
      await opened.store.write(path, TEXT);
    }
  }
  opened.forget();
  return opened;
}

/** How many requests each call costs, where nothing is in its way. */
export async function requestTable(): Promise<string> {
  const rows: string[][] = [];
  for (const [name, run] of COSTS) {
    const row = [name];
    for (const backend of REMOTE) {
      const { store, sent } = await seeded(backend);
      let refused = false;
      try {
        await run(store);
      } catch (error) {
        refused = isRemoteStoreError(error) &&
          error.code === "CapabilityNotSupported";
        if (!refused && !name.includes("ping")) throw error;
      }
      row.push(refused ? "–" : String(sent()));
    }
    rows.push(row);
  }
  return printTable(["Call", ...REMOTE], rows);
}

/** A way in which calls fail, and how to bring it about. */
interface Failure {
  readonly code: string;
  readonly when: string;
  run(name: string, call: StoreCall): Promise<void>;
}

type StoreCall = (store: StoreLike, path?: string) => Promise<unknown>;

const ALL_CALLS: readonly (readonly [string, StoreCall])[] = [
  ["open", async (store, path = "data/a.txt") => {
    const { body } = await store.open(path);
    await body?.cancel();
  }],
  ...METHODS.map(({ name, run, at }) =>
    [
      name.split(" ")[0]!,
      (store, path) =>
        path === undefined || at === undefined
          ? path === undefined ? run(store) : viaPath(name, store, path)
          : at(store, path),
    ] as const satisfies readonly [string, StoreCall]
  ),
  ["deleteMany", async (store, path = "data/a.txt") => {
    for (const error of (await store.deleteMany([path])).values()) throw error;
  }],
  [
    "glob",
    (store, path = "data/*") => Array.fromAsync(store.glob(path)),
  ],
];

function viaPath(
  name: string,
  store: StoreLike,
  path: string,
): Promise<unknown> {
  switch (name) {
    case "exists":
    case "isFile":
    case "isFolder":
    case "getFolderInfo":
      return store[name](path);
    case "listFiles":
    case "listFolders":
    case "iterChildren":
      return Array.fromAsync<unknown>(store[name](path));
    default:
      return Promise.resolve();
  }
}

async function memory(): Promise<Store> {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("data/a.txt", TEXT);
  await store.write("data/new.txt", TEXT);
  return store;
}

const CONDITIONAL = [
  "read",
  "readBytes",
  "readText",
  "write",
  "writeText",
  "writeAtomic",
  "openAtomic",
];

const FAILURES: readonly Failure[] = [
  {
    code: "NotFound",
    when: "the path is absent",
    async run(name, call) {
      const writes = /^(write|openAtomic)/.test(name);
      if (!writes) await call(await memory(), "absent.txt");
    },
  },
  {
    code: "AlreadyExists",
    when: "the target is there, and `overwrite` is false",
    run: async (_, call) => void await call(await memory()),
  },
  {
    code: "PreconditionFailed",
    when: "it is not the version that `ifMatch` names",
    async run(name) {
      if (!CONDITIONAL.includes(name)) return;
      const store = await memory();
      const options = { ifMatch: '"other"' };
      if (name === "openAtomic") {
        await using writer = await store.openAtomic("data/a.txt", options);
        await writer.close();
      } else if (name.startsWith("write")) {
        await store[name as "write"]("data/a.txt", TEXT, options);
      } else await store[name as "read"]("data/a.txt", options);
    },
  },
  {
    code: "InvalidPath",
    when: "the path is malformed, or names the wrong kind",
    run: async (_, call) => void await call(await memory(), "../a.txt"),
  },
  {
    code: "CapabilityNotSupported",
    when: "the backend does not declare what it needs",
    run: async (_, call) => {
      const backend = new FlatBackend({ capabilities: ["presign"] });
      await call(new Store({ backend }));
    },
  },
  {
    code: "DirectoryNotEmpty",
    when: "the folder has content, without `recursive`",
    async run(name) {
      if (name === "deleteFolder") await (await memory()).deleteFolder("data");
    },
  },
  {
    code: "BackendUnavailable",
    when: "no usable answer, or the backend is closed for good",
    async run(_, call) {
      const backend = new FailingBackend({ closeIsTerminal: true });
      const store = new Store({ backend });
      await store.close();
      await call(store);
    },
  },
];

const ANSWERS: readonly (readonly [code: string, when: string])[] = [
  ["PermissionDenied", "the service refuses"],
  ["ResourceLocked", "another session holds a lock"],
  ["QuotaExceeded", "the store is full"],
  ["IntegrityError", "the service found bytes that do not match their digest"],
];

/** Which calls throw which code, found out by making each call fail in each way. */
export async function errorTable(): Promise<string> {
  const rows: string[][] = [];
  for (const { code, when, run } of FAILURES) {
    const calls = new Set<string>();
    for (const [name, call] of ALL_CALLS) {
      try {
        await run(name, call);
      } catch (error) {
        if (isRemoteStoreError(error) && error.code === code) calls.add(name);
      }
    }
    rows.push([`\`${code}\``, when, listed(calls)]);
  }
  rows.push(...ANSWERS.map(([code, when]) => [
    `\`${code}\``,
    when,
    code === "IntegrityError" || code === "QuotaExceeded"
      ? "calls that write"
      : "calls that ask the service",
  ]));
  return printTable(["`code`", "When", "From"], rows);
}

function listed(calls: ReadonlySet<string>): string {
  const all = new Set(ALL_CALLS.map(([name]) => name));
  const missing = [...all].filter((name) => !calls.has(name));
  const code = (names: Iterable<string>) =>
    [...names].map((name) => `\`${name}\``).join(", ");
  if (missing.length === 0) return "each call that asks the backend";
  return missing.length < 6 ? `not from ${code(missing)}` : code(calls);
}
