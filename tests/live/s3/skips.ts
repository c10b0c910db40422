/**
 * Pure: what a server does not do, so that no client can.
 *
 * @module
 */
import type { S3DialectName } from "../../../backends/s3/mod.ts";
import type { Skip } from "../../conformance/mod.ts";

const ORDER = "s3rver orders names otherwise than S3, which goes by bytes";
const NO_PARTS = "s3rver has neither ListParts nor AbortMultipartUpload";

/** What has to be tested in a bucket that keeps versions. */
export const OF_VERSIONS: readonly string[] = [
  "VER-001",
  "VER-002",
  "VER-003",
  "VER-004",
  "VER-005",
  "VER-006",
];

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
    { test: "FROM-002 startAfter goes on behind any path", reason: ORDER },
    { test: "FROM-002, BE-014 names are in order", reason: ORDER },
    { test: "UPL-001", reason: NO_PARTS },
    { test: "UPL-002", reason: NO_PARTS },
    { test: "UPL-006", reason: NO_PARTS },
    { test: "UPL-007", reason: NO_PARTS },
  ],
};

const VERSIONED =
  "Ceph 16 ignores the conditions of writes where it keeps versions, so these have a bucket of their own";

/** The skips of a bucket without versions, whose backend could read some. */
export function skipsOf(dialect: S3DialectName): readonly Skip[] {
  const own = SKIPS[dialect] ?? [];
  return dialect === "ceph"
    ? [...own, ...OF_VERSIONS.map((test) => ({ test, reason: VERSIONED }))]
    : own;
}
