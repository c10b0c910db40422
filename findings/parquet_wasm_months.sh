#!/usr/bin/env bash
# parquet-wasm 0.8.0 reads a month as no time at all.
#
# An INTERVAL of Parquet is three numbers: months, days and milliseconds (LogicalTypes.md,
# "INTERVAL"), none of which can be put into another. The package (the Rust library of Apache
# Arrow) makes a DayTime interval of it, which has no months: they are left out, without an
# error. What DuckDB 1.5.6 writes as 14 months, 2 days and 3 seconds comes out as days and
# milliseconds alone, and 1 month as zero. @dsnp/parquetjs 1.8.8 reads all three numbers.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 parquet-wasm@0.8.0 \
  apache-arrow@21.2.0 @dsnp/parquetjs@1.8.8 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { tableFromIPC } from "apache-arrow";
import dsnp from "@dsnp/parquetjs";
import parquetWasm from "parquet-wasm/node";

const duckdb = await (await DuckDBInstance.create(":memory:")).connect();
await duckdb.run(`copy (select * from (values (interval '14 months 2 days 3 seconds'),
  (interval '1 month')) as t(i)) to 'file.parquet' (format parquet, compression uncompressed)`);
const bytes = new Uint8Array(readFileSync("file.parquet"));
const column = tableFromIPC(parquetWasm.readParquet(bytes).intoIPCStream()).getChild("i");
for (const value of column) console.log(`parquet-wasm, ${column.type}: ${[...value].join(" ")}`);
const reader = await dsnp.ParquetReader.openFile("file.parquet");
const cursor = reader.getCursor();
for (let row; (row = await cursor.next());) {
  console.log(`@dsnp/parquetjs: ${Object.values(row.i).join(" ")}`);
}
await reader.close();
SCRIPT
found=$(node --no-deprecation read.mjs)
printf '%s\n' "$found"
expected='parquet-wasm, Interval<DAY_TIME>: 2 3000
parquet-wasm, Interval<DAY_TIME>: 0 0
@dsnp/parquetjs: 14 2 3000
@dsnp/parquetjs: 1 0 0'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
