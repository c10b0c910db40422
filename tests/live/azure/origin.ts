/**
 * Where `deno task test:azure` has started the emulator, and what it has prepared.
 *
 * @module
 */
function read(name: string): string {
  const origin = Deno.env.get(name);
  if (origin !== undefined) return origin;
  throw new Error(`${name} is not set: run deno task test:azure`);
}

/** The suite as one file, for other runtimes. */
export const BUNDLE: string = read("AZURE_BUNDLE");

/** The emulator's origin: `http://127.0.0.1:10000`. */
export const ORIGIN: string = read("AZURITE_ORIGIN");

/** The origin of the one that speaks https and takes bearer tokens. */
export const TLS_ORIGIN: string = read("AZURITE_TLS_ORIGIN");
