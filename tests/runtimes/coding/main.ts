/**
 * Reads what the server codes, on the runtime that runs this, and prints what came of it:
 * `main.mjs <origin> <coded bytes, comma-separated>`.
 *
 * @module
 */
import { readAll } from "./readings.ts";

declare const process: { readonly argv: readonly string[] };

const [, , origin = "", coded = ""] = process.argv;
const bytes = Uint8Array.from(coded.split(","), Number);
console.log(JSON.stringify(await readAll(origin, bytes)));
