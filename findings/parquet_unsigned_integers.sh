#!/usr/bin/env bash
# Three readers of Parquet for Node give unsigned integers as negative ones.
#
# An unsigned integer of 32 or 64 bits is stored as INT32 or INT64 with a note that it is
# unsigned, in which the upper half of its values is told from negative numbers (Parquet,
# LogicalTypes.md, "Unsigned Integers"). @dsnp/parquetjs 1.8.8, parquetjs-lite 0.8.7 and
# parquets 0.10.10 know the types UINT_32 and UINT_64 and read 4294967295 as -1: sizes,
# hashes and row numbers turn negative, without an error. hyparquet 1.33.0 reads what was
# written (by DuckDB 1.5.6).
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 @dsnp/parquetjs@1.8.8 \
  parquetjs-lite@0.8.7 parquets@0.10.10 hyparquet@1.33.0 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import dsnp from "@dsnp/parquetjs";
import { parquetReadObjects } from "hyparquet";
import lite from "parquetjs-lite";
import parquets from "parquets";

const duckdb = await (await DuckDBInstance.create(":memory:")).connect();
await duckdb.run(`copy (select 3000000000::uinteger as a, 18446744073709551615::ubigint as b)
  to 'file.parquet' (format parquet, compression uncompressed)`);
const show = (name, { a, b }) => console.log(`${name}: ${a} ${b}`);
for (const [name, { ParquetReader }] of Object.entries({
  "@dsnp/parquetjs": dsnp, "parquetjs-lite": lite, parquets,
})) {
  const reader = await ParquetReader.openFile("file.parquet");
  show(name, await reader.getCursor().next());
  await reader.close();
}
const file = new Uint8Array(readFileSync("file.parquet")).buffer;
show("hyparquet", (await parquetReadObjects({ file }))[0]);
SCRIPT
found=$(node --no-deprecation read.mjs)
printf '%s\n' "$found"
expected='@dsnp/parquetjs: -1294967296 -1
parquetjs-lite: -1294967296 -1
parquets: -1294967296 -1
hyparquet: 3000000000 18446744073709551615'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
