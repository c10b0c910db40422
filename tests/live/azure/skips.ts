/**
 * Pure: what the emulator does not do, so that no client can.
 *
 * @module
 */
import type { Skip } from "../../conformance/mod.ts";

const NO_PUT_FROM_URL =
  "Azurite 3.37 answers 501 to Put Blob From URL, which the service has";

/** The skips of Azurite. */
export const SKIPS: readonly Skip[] = [
  { test: "CPM-001 with COPY_METADATA", reason: NO_PUT_FROM_URL },
  { test: "CPM-002, BE-019 copy: onto itself", reason: NO_PUT_FROM_URL },
];
