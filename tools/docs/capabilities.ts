/**
 * Tables of what backends declare and of what each method needs.
 *
 * @module
 */
import {
  type BackendUploads,
  Capability,
  isRemoteStoreError,
  Store,
  type StoreLike,
} from "@remote-store/core";
import { METHODS } from "../../tests/core/every_method.ts";
import { FlatBackend } from "../../tests/fakes/flat_backend.ts";
import { type ApiSymbol, symbolOf } from "./api.ts";
import { type Configuration, CONFIGURATIONS, FIRST } from "./configurations.ts";
import { printTable } from "./markdown.ts";

const KEYS = Object.keys(Capability) as (keyof typeof Capability)[];

/** What stands for a capability that is declared, and for one that is not. */
export function mark(declared: boolean): string {
  return declared ? "yes" : "–";
}

function declares(of: Configuration, key: keyof typeof Capability): boolean {
  return of.open().backend.capabilities.has(Capability[key]);
}

/** Each capability, what it means, and which backend declares it. */
export function capabilityTable(api: readonly ApiSymbol[]): string {
  const meanings = symbolOf(api, "Capability")?.members ?? [];
  return printTable(
    ["Capability", "What it means", ...FIRST.map((it) => it.backend)],
    KEYS.map((key) => [
      `\`${key}\``,
      lowerFirst(meanings.find(({ name }) => name === key)?.doc ?? ""),
      ...FIRST.map((it) => mark(declares(it, key))),
    ]),
  );
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1).replace(/\.$/, "");
}

/** What the configuration of one backend changes. */
export function configurationTable(backend: string): string {
  const all = CONFIGURATIONS.filter((it) => it.backend === backend);
  const keys = KEYS.filter((key) =>
    new Set(all.map((it) => declares(it, key))).size > 1
  );
  return printTable(
    ["Configuration", "Namespace", "Checks", ...keys.map((it) => `\`${it}\``)],
    all.map((it) => {
      const { namespace, checks } = it.open().backend;
      return [
        it.name,
        namespace,
        checks?.size ? [...checks].join(", ") : "–",
        ...keys.map((key) => mark(declares(it, key))),
      ];
    }),
  );
}

/** What a backend declares as it is made first, and what it does not. */
export function declaredList(backend: string): string {
  const first = FIRST.find((it) => it.backend === backend);
  if (first === undefined) throw new Error(`no backend ${backend}`);
  const has = KEYS.filter((key) => declares(first, key));
  const lacks = KEYS.filter((key) => !declares(first, key));
  return printTable(["Declared", "Not declared"], [
    [code(has), lacks.length === 0 ? "–" : code(lacks)],
  ]);
}

/** A call for which a capability could be missing. */
interface Gated {
  readonly name: string;
  readonly run: (store: StoreLike) => Promise<unknown>;
}

const FILE = "data/a.txt";

const CALLS: readonly Gated[] = [
  { name: "open", run: async (store) => (await store.open(FILE)).body },
  ...METHODS,
  { name: "deleteMany", run: (store) => store.deleteMany([FILE]) },
  {
    name: "openUpload",
    // One that goes on: nobody is asked before its first part.
    run: (store) =>
      store.openUpload("new.bin", { size: 3, partSize: 3, id: "1" }),
  },
  { name: "createFolder", run: (store) => store.createFolder("new") },
  { name: "glob", run: (store) => Array.fromAsync(store.glob("data/*")) },
];

const OPTIONS: readonly (Gated & { readonly of?: string })[] = [
  {
    name: "metadata",
    run: (store) => store.write("new.txt", "", { metadata: { by: "ada" } }),
  },
  {
    name: "ifMatch",
    run: async (store) => {
      const { etag } = await store.getFileInfo(FILE);
      return await store.write(FILE, "", { ifMatch: etag! });
    },
  },
  {
    name: "ifMatch",
    of: "`delete`",
    run: async (store) => {
      const { etag } = await store.getFileInfo(FILE);
      await store.delete(FILE, { ifMatch: etag! });
    },
  },
  {
    name: "ifMatch",
    of: "`copy` and `move`",
    run: async (store) => {
      const { etag } = await store.getFileInfo(FILE);
      await store.copy(FILE, FILE, { ifMatch: etag! });
    },
  },
  {
    name: "versionId",
    of: "reads and `getFileInfo`",
    run: (store) => store.readText(FILE, { versionId: "1" }),
  },
  {
    name: "versionId",
    of: "`delete`",
    run: (store) => store.delete(FILE, { versionId: "1" }),
  },
  {
    name: "contentType",
    of: "`copy`",
    run: (store) => store.copy(FILE, "new.txt", { contentType: "a/b" }),
  },
];

// As far as an opening asks it.
const UPLOADS: Partial<BackendUploads> = {
  partSizeFor: (size) => size,
  open: () => Promise.resolve("id"),
};

async function gatesOf(run: Gated["run"]): Promise<string[]> {
  const found: string[] = [];
  for (const key of KEYS) {
    const whole = new FlatBackend({ capabilities: Object.values(Capability) });
    await new Store({ backend: whole }).write(FILE, "0123456789");
    const backend = new FlatBackend({
      capabilities: Object.values(Capability),
      without: [Capability[key]],
    });
    for (const [name, { entry, bytes }] of whole.objects) {
      // As the version that the calls name.
      const extra = { ...entry.extra, versionId: "1" };
      backend.objects.set(name, { entry: { ...entry, extra }, bytes });
    }
    Object.assign(backend, { uploads: UPLOADS });
    try {
      await run(new Store({ backend }));
    } catch (error) {
      if (
        isRemoteStoreError(error) && error.code === "CapabilityNotSupported" &&
        error.capability === Capability[key]
      ) found.push(key);
      else throw error;
    }
  }
  return found;
}

/** What each method and option needs, found out by taking it away. */
export async function gateTable(): Promise<string> {
  const rows = new Map<string, Set<string>>();
  for (const { name, run } of CALLS) {
    const [method = ""] = name.split(" ");
    const gates = rows.get(method) ?? new Set();
    for (const gate of await gatesOf(run)) gates.add(gate);
    rows.set(method, gates);
  }
  const options = await Promise.all(
    OPTIONS.map(async ({ name, of = "writes", run }) =>
      [
        `option \`${name}\` of ${of}`,
        code((await gatesOf(run)).filter((gate) => gate !== "METADATA")),
      ] as const
    ),
  );
  return printTable(["Call", "Needs"], [
    ...[...rows].map(([name, gates]) => [`\`${name}\``, code(gates)]),
    ...options,
  ]);
}

function code(names: Iterable<string>): string {
  return [...names].map((name) => `\`${name}\``).join(", ") || "nothing";
}
