/**
 * Pure: what a server does not do, so that no client can.
 *
 * @module
 */
import type { S3DialectName } from "../../../backends/s3/mod.ts";
import type { Skip } from "../../conformance/mod.ts";

/** The skips of each server, by its dialect. */
export const SKIPS: { readonly [name in S3DialectName]?: readonly Skip[] } = {
  ceph: [
    {
      test: "BE-019, BE-028 copy: of several to one destination",
      reason: "Ceph 16 ignores If-None-Match on CopyObject",
    },
    {
      test: "BE-018, BE-028 move: of several to one destination",
      reason: "a move is a copy, see there",
    },
  ],
  generic: [
    {
      test: "SEEK-002",
      reason: "s3rver closes the socket at a range of an empty object",
    },
    {
      test: "AW-001 writeAtomic: a reader sees the old or the new file",
      reason:
        "a reader during an overwrite gets an error on s3rver, and no mixture: the ETag it began with is gone",
    },
  ],
};
