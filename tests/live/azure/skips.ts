/**
 * Pure: what the service and its emulator do not do, so that no client can.
 *
 * @module
 */
import { SKIPS as OF_AZURE } from "../../backends/azure/skips.ts";
import type { Skip } from "../../conformance/mod.ts";

const NO_PUT_FROM_URL =
  "Azurite 3.37 answers 501 to Put Blob From URL, which the service has";

const NO_VERSIONS = "Azurite 3.37 keeps no versions";

/** The skips of Azurite: those of Azure, and its own. */
export const SKIPS: readonly Skip[] = [
  ...OF_AZURE,
  { test: "CPM-001 with COPY_METADATA", reason: NO_PUT_FROM_URL },
  { test: "CPM-002, BE-019 copy: onto itself", reason: NO_PUT_FROM_URL },
  ...[1, 2, 3, 4, 5, 6].map((number) => ({
    test: `VER-00${number}`,
    reason: NO_VERSIONS,
  })),
];
