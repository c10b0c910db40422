/**
 * Where `deno task test:azure` has started the emulator.
 *
 * @module
 */
const origin = Deno.env.get("AZURITE_ORIGIN");
if (origin === undefined) {
  throw new Error("AZURITE_ORIGIN is not set: run deno task test:azure");
}

/** The emulator's origin: `http://127.0.0.1:10000`. */
export const ORIGIN: string = origin;
