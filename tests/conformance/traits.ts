import type { CallOptions } from "../../mod.ts";
import {
  assert,
  assertEquals,
  show,
  thrownAtCall,
  thrownBy,
} from "./assert.ts";
import type { Bench, Target } from "./bench.ts";
import { type Call, CALLS } from "./calls.ts";
import { behaviour, type Group, type Point } from "./points.ts";
import { assertRefusal, assertRefused, unsupported } from "./refusals.ts";

const FIXTURE = {};

async function plant(bench: Bench): Promise<void> {
  if (!bench.target.seedable) return;
  await bench.once(FIXTURE, () => bench.putAll(["a.txt", "folder/b.txt"]));
}

async function assertAsPlanted(bench: Bench): Promise<void> {
  const { store } = bench;
  assert(!await store.exists("new.txt"), "the call left a file");
  if (!bench.target.seedable) return;
  assert(await store.isFile("a.txt"), "the call removed a file");
  assert(await store.isFile("folder/b.txt"), "the call removed a folder");
}

const hasAll = ({ gates }: Call, target: { has: Target["has"] }) =>
  gates.every((gate) => target.has(gate));

/** What a signal can be aborted with. */
const REASONS: readonly (readonly [string, unknown])[] = [
  ["an error of the caller's own", new Error("changed my mind")],
  ["a text", "enough"],
  ["an object", { user: "left" }],
  [
    "what looks like an error of ours",
    Object.assign(new Error("x"), { code: "NotFound" }),
  ],
];

function abortedPoint(
  call: Call,
  label: string,
  abort: () => AbortSignal,
): Point {
  return {
    label: `${call.method}, aborted with ${label}`,
    allowed: () => true,
    async run(bench) {
      await plant(bench);
      const signal = abort();
      const run = async () => await call.run(bench.store, { signal });
      if (!hasAll(call, bench)) {
        const missing = call.gates.find((gate) => !bench.has(gate));
        if (missing !== undefined) {
          await assertRefused(run, unsupported(missing), bench);
        }
        return;
      }
      const error = await thrownBy(run, call.method);
      const reason: unknown = signal.reason;
      assert(
        error === reason,
        `got ${show(error)}, expected signal.reason itself`,
      );
      await assertAsPlanted(bench);
    },
  };
}

function aborted(call: Call): Group {
  return {
    ids: "SIO-005, ASYNC-024",
    title:
      `${call.method}: an aborted signal ends it with its reason, and nothing happens`,
    points: [
      abortedPoint(call, "nothing", () => AbortSignal.abort()),
      ...REASONS.map(([label, reason]) =>
        abortedPoint(call, label, () => AbortSignal.abort(reason))
      ),
    ],
  };
}

function gated(call: Call): Group {
  const point: Point = {
    label: call.method,
    allowed: (target) => !hasAll(call, target),
    async run(bench) {
      await plant(bench);
      const missing = call.gates.find((gate) => !bench.has(gate));
      assert(missing !== undefined, "the point is not allowed");
      const run = async () => await call.run(bench.store, {});
      await assertRefused(run, unsupported(missing), bench);
      await assertAsPlanted(bench);
    },
  };
  return {
    ids: "STORE-006, CAP-007",
    title: `${call.method}: is refused where its capability is missing`,
    points: call.gates.length > 0 ? [point] : [],
  };
}

function works(call: Call): Group {
  return behaviour(
    "STORE-008, CAP-007",
    `${call.method}: works where its capability is declared, whatever quality flags are missing`,
    { needs: call.gates, when: ({ seedable }) => seedable },
    async (bench) => {
      await plant(bench);
      // Folders are seen by listing them.
      if (call.method === "deleteFolder" && !bench.has("list")) return;
      if (call.method === "getFolderInfo" && !bench.has("list")) return;
      await call.run(bench.store, { signal: new AbortController().signal });
      if (call.method === "delete") {
        assert(!await bench.store.exists("a.txt"), "the file is left");
      }
    },
  );
}

function eager(call: Call): Group {
  const methods = ["listFiles", "listFolders", "iterChildren", "glob"] as const;
  const method = methods.find((name) => name === call.method) ?? "listFiles";
  const at = (path: string) => ({
    label: `${method} ${JSON.stringify(path)}`,
    allowed: () => true,
    run(bench: Bench) {
      const options: CallOptions = {};
      const error = thrownAtCall(
        () => bench.store[method](path, options),
        method,
      );
      // A bad path outranks a missing capability, in both kinds of argument.
      const paths = { code: "InvalidPath", paths: [path] } as const;
      assertRefusal(error, paths, bench);
      return Promise.resolve();
    },
  });
  const gate: Point = {
    label: `${method} without its capability`,
    allowed: (target) => !hasAll(call, target),
    run(bench) {
      const error = thrownAtCall(() => bench.store[method]("a"), method);
      assertRefusal(error, unsupported(call.gates[0] ?? "list"), bench);
      return Promise.resolve();
    },
  };
  const points = method === "glob" ? [at("../a")] : [at("../a"), at("a\0b")];
  return {
    ids: "ASYNC-045, STORE-006",
    title: `${method}: checks at the call, not at the first pull`,
    points: [...points, gate],
  };
}

const UNAVAILABLE = { code: "BackendUnavailable" } as const;

async function assertClosed(
  call: () => unknown,
  bench: Bench,
  what: string,
): Promise<void> {
  const error = await thrownBy(call, what);
  const { code, backend } = error as { code?: unknown; backend?: unknown };
  assertEquals(code, UNAVAILABLE.code, `${what}: the code of ${show(error)}`);
  assertEquals(backend, bench.backend, `${what}: the backend`);
}

function closed(call: Call): Group {
  return behaviour(
    "BE-020",
    `${call.method}: after a terminal close it is refused, before everything else`,
    { when: ({ closeIsTerminal }) => closeIsTerminal },
    async (bench) => {
      const { store } = bench;
      await store.close();
      await store.close();
      await assertClosed(
        async () => await call.run(store, {}),
        bench,
        call.method,
      );
      const { atRoot } = call;
      if (atRoot !== undefined) {
        await assertClosed(
          async () => await atRoot(store),
          bench,
          `${call.method} at the root`,
        );
      }
      assertEquals(
        store.toKey(store.nativePath("a/b")),
        "a/b",
        "nativePath and toKey still answer",
      );
    },
  );
}

function reopened(call: Call): Group {
  return behaviour(
    "BE-020, ASYNC-022",
    `${call.method}: after a close that is not terminal it works`,
    {
      needs: call.gates,
      when: ({ closeIsTerminal, seedable }) => !closeIsTerminal && seedable,
    },
    async (bench) => {
      await plant(bench);
      await bench.store.close();
      await bench.store.close();
      if (call.method.endsWith("Folder") && !bench.has("list")) return;
      await call.run(bench.store, {});
    },
  );
}

/** What every method has to do. */
export const TRAITS: readonly Group[] = [
  ...CALLS.map(gated).filter(({ points }) => points.length > 0),
  ...CALLS.map(works),
  ...CALLS.map(aborted),
  ...CALLS.filter(({ iterable }) => iterable).map(eager),
  ...CALLS.map(closed),
  ...CALLS.map(reopened),
];
