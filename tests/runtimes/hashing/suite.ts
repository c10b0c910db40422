/**
 * The hashing rules and comparisons, free of any runtime's own API. Bundled, it runs
 * everywhere.
 *
 * @module
 */
import { Store } from "../../../mod.ts";
import { MemoryBackend } from "../../../backends/memory.ts";
import { createHasher, toDigest } from "../../../ext/_digest/engine.ts";
import { checksumStream, HashStream } from "../../../ext/streams.ts";
import { testHashing } from "../../ext/hashing_conformance.ts";
import { VECTORS } from "../../ext/vectors.ts";

/** What {@linkcode runSuite} found. */
export interface SuiteReport {
  /** How many tests passed. */
  readonly passed: number;
  /** The tests that failed, with the reason. */
  readonly failed: readonly string[];
  /** What the runtime brings for hashing, and whether it compiles WebAssembly. */
  readonly runtime: Readonly<Record<string, boolean>>;
}

/** Runs the conformance group on Memory, and the official vectors through streams. */
export async function runSuite(): Promise<SuiteReport> {
  const tests: [string, () => Promise<void>][] = [];
  const test = (name: string, run: () => Promise<void>) =>
    void tests.push([name, run]);
  testHashing("memory", {
    test,
    create: () => new Store({ backend: new MemoryBackend() }),
  });
  for (const { algorithm, from, message, hex } of VECTORS) {
    test(`STR-003: ${algorithm}, ${from}`, async () => {
      const body = () => new Blob([message]).stream();
      const piped = new HashStream(algorithm);
      await body().pipeThrough(piped).pipeTo(new WritableStream());
      const wrapped = checksumStream(body(), algorithm);
      await wrapped.readable.pipeTo(new WritableStream());
      const hasher = createHasher(algorithm);
      await hasher.update(message);
      const found = [
        await piped.digest,
        await wrapped.digest,
        toDigest(algorithm, await hasher.digest()),
      ];
      if (found.some(({ value }) => value !== hex)) {
        throw new Error(`${found}, expected ${hex}`);
      }
    });
  }
  const failed: string[] = [];
  for (const [name, run] of tests) {
    try {
      await run();
    } catch (error) {
      failed.push(`${name}: ${error}`);
    }
  }
  const runtime = {
    getBuiltinModule: hasBuiltins(),
    DigestStream: "DigestStream" in crypto,
    WebAssembly: compiles(),
  };
  return { passed: tests.length - failed.length, failed, runtime };
}

function hasBuiltins(): boolean {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: unknown };
  };
  return process?.getBuiltinModule !== undefined;
}

/** Says whether the runtime compiles the empty module. */
function compiles(): boolean {
  try {
    new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    return true;
  } catch {
    return false;
  }
}
