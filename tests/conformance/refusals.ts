import {
  type Capability,
  InvalidArgumentError,
  isRemoteStoreError,
  type RemoteStoreErrorCode,
} from "../../mod.ts";
import { assert, assertEquals, show, thrownBy } from "./assert.ts";
import type { Bench } from "./bench.ts";

/** An error that a call has to end with. */
export interface Refusal {
  /** Its code; `InvalidArgument` is the caller's mistake, outside of the family. */
  readonly code: RemoteStoreErrorCode | "InvalidArgument";
  /** What its path may be; if left out, anything but `null`, or that too where a capability is missing. */
  readonly paths?: readonly string[];
  /** The capability that is missing. */
  readonly capability?: Capability;
}

/** Returns the refusal of a call without a capability. */
export function unsupported(capability: Capability): Refusal {
  return { code: "CapabilityNotSupported", capability };
}

/** Fails unless `error` is the refusal, with path and backend as it says. */
export function assertRefusal(
  error: unknown,
  refusal: Refusal,
  bench: Bench,
): void {
  const { code, paths, capability } = refusal;
  if (code === "InvalidArgument") {
    // By name: another copy of the package has another class.
    const isMistake = error instanceof InvalidArgumentError ||
      (error instanceof TypeError && error.name === "InvalidArgumentError");
    assert(isMistake, `got ${show(error)}, expected InvalidArgumentError`);
    return;
  }
  assert(isRemoteStoreError(error), `got ${show(error)}, expected ${code}`);
  assertEquals(error.code, code, `the error's code (${error.message})`);
  const name = code.endsWith("Error") ? code : `${code}Error`;
  assertEquals(error.name, name, "the error's name");
  assert(error.message.trim() !== "", "the error has no message");
  if (paths !== undefined) {
    assert(
      error.path !== null && paths.includes(error.path),
      `the error's path: got ${show(error.path)}, expected ${show(paths)}`,
    );
  } else if (code !== "CapabilityNotSupported") {
    assert(error.path !== null, "the error has no path");
  }
  assertEquals(error.backend, bench.backend, "the error's backend");
  if (capability !== undefined) {
    const missing = "capability" in error ? error.capability : undefined;
    assertEquals(missing, capability, "the error's capability");
  }
}

/** Fails unless `call` is refused. */
export async function assertRefused(
  call: () => unknown,
  refusal: Refusal,
  bench: Bench,
  what = "the call",
): Promise<void> {
  assertRefusal(await thrownBy(call, what), refusal, bench);
}
