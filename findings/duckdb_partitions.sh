#!/usr/bin/env bash
# DuckDB (npm @duckdb/node-api) does not read back some partitions as it wrote them.
#
# Version:    1.5.6-r.1
# Behavior:   COPY … (PARTITION_BY) writes the text 'null' (in any case) as a folder k=null,
#             and read_csv with hive_partitioning gives NULL for it. It percent-encodes the
#             names of columns, and does not decode them: "a b" comes back as "a%20b".
# Expected:   the text, and the name, as they were. In values it does decode what it encodes.
#
# Needs node and npm. Prints what came back; fails if that changes.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1

cat >round_trip.mjs <<'JS'
import { DuckDBInstance } from "@duckdb/node-api";
const connection = await (await DuckDBInstance.create(":memory:")).connect();
await connection.run(`create table t as
  select * from (values ('null', 1), ('NULL', 2), ('nil', 3), ('a b', 4)) as t("a b", i)`);
await connection.run(`copy t to 'lake' (format csv, partition_by ("a b"))`);
const reader = await connection.runAndReadAll(
  "select * from read_csv('lake/**/*.csv', hive_partitioning = true) order by i",
);
console.log(reader.columnNames().join(" "));
for (const row of reader.getRowsJson()) console.log(JSON.stringify(row));
JS

expected='i a%20b
["1",null]
["2",null]
["3","nil"]
["4","a b"]'
found=$(node round_trip.mjs)
echo "$found"
[ "$found" = "$expected" ] || {
  echo "it is other than described" >&2
  exit 1
}
