import { assert, assertEquals } from "@std/assert";
import { MemoryBackend } from "../backends/memory.ts";
import { Store } from "../mod.ts";
import { type ConformanceOptions, testBackend } from "./conformance/mod.ts";
import { assertReleased, FlatBackend } from "./fakes/flat_backend.ts";
import { LISTING_MUTANTS } from "./mutants/listing_mutants.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { PROXY_CHILD_MUTANTS } from "./mutants/proxy_child_mutants.ts";
import { PROXY_READING_MUTANTS } from "./mutants/proxy_reading_mutants.ts";
import { PROXY_WRITING_MUTANTS } from "./mutants/proxy_writing_mutants.ts";
import { READING_MUTANTS } from "./mutants/reading_mutants.ts";
import { TRANSFER_MUTANTS } from "./mutants/transfer_mutants.ts";
import { UPLOAD_MUTANTS } from "./mutants/upload_mutants.ts";
import { VERSION_MUTANTS } from "./mutants/version_mutants.ts";
import { WRITING_MUTANTS } from "./mutants/writing_mutants.ts";

const MUTANTS: readonly Mutant[] = [
  ...WRITING_MUTANTS,
  ...READING_MUTANTS,
  ...TRANSFER_MUTANTS,
  ...LISTING_MUTANTS,
  ...UPLOAD_MUTANTS,
  ...VERSION_MUTANTS,
  ...PROXY_READING_MUTANTS,
  ...PROXY_WRITING_MUTANTS,
  ...PROXY_CHILD_MUTANTS,
];

/** How long a test of a mutant may take; a mutant may hang. */
const PATIENCE_MS = 2000;

/** How long it may take where the store is sound, on a machine that is busy. */
const SOUND_MS = 60_000;

type Setup = Omit<ConformanceOptions, "test" | "manyFiles" | "largeFile">;

/** Runs the tests of a rule by hand, and returns the names of those that fail. */
async function failuresOf(
  name: string,
  setup: Setup,
  patience = SOUND_MS,
): Promise<string[]> {
  const tests: [name: string, run: () => Promise<void>][] = [];
  await testBackend(name, {
    ...setup,
    manyFiles: 40,
    largeFile: 300_000,
    test: (title, run) => void tests.push([title, run]),
  });
  // The last one only counts.
  tests.pop();
  const failures: string[] = [];
  for (const [title, run] of tests) {
    try {
      await inTime(run(), patience);
    } catch {
      failures.push(title);
    }
  }
  return failures;
}

async function inTime(work: Promise<void>, patience: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((_, reject) => {
    timer = setTimeout(() => reject(new Error("too slow")), patience);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

for (const mutant of MUTANTS) {
  const { name, breaks, ...setup } = mutant;
  Deno.test(`conformance catches at ${breaks}: ${name}`, async () => {
    const broken = { ...setup, only: [breaks] };
    const failures = await failuresOf(name, broken, PATIENCE_MS);
    assert(failures.length > 0, `no test of ${breaks} fails`);
    for (const title of failures) {
      assert(title.includes(breaks), title);
    }
  });
}

const RULES = [...new Set(MUTANTS.map(({ breaks }) => breaks))];

Deno.test("conformance passes the sound memory at every rule of the mutants", async () => {
  const failures = await failuresOf("memory", {
    only: RULES,
    create: () => new Store({ backend: new MemoryBackend({ versions: true }) }),
    namespace: "hierarchical",
  });
  assertEquals(failures, []);
});

Deno.test("conformance passes the sound flat store at every rule of the mutants", async () => {
  let backend = new FlatBackend();
  const failures = await failuresOf("flat", {
    only: RULES,
    create: () => new Store({ backend: backend = new FlatBackend() }),
    async dispose(store) {
      await store.close();
      assertReleased(backend);
    },
    // deno-lint-ignore require-await -- what fails has to reject
    async foreign(_store, name) {
      backend.put(name);
    },
    namespace: "flat",
    closeIsTerminal: true,
  });
  assertEquals(failures, []);
});

Deno.test("conformance has a mutant for at least forty faults", () => {
  assert(MUTANTS.length >= 40);
  assertEquals(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
});
