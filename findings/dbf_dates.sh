#!/usr/bin/env bash
# Two readers of dBASE tables give dates that are not in the file.
#
# A date is eight characters, YYYYMMDD, and blanks where there is none (dBASE III table
# file, field type D); shapefiles keep their attributes so. dbf-reader 1.0.3 takes the
# number of the month for JavaScript's, which begins at 0: each date is a month late, and
# the 31st of January is in March. shapefile 0.6.6 makes the 30th of November 1899 of a
# blank one, so that what is still open was over long ago. dbffile 1.13.0 reads both.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail
export TZ=UTC

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund dbf-reader@1.0.3 shapefile@0.6.6 dbffile@1.13.0 \
  >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { writeFileSync } from "node:fs";
import { Dbf } from "dbf-reader";
import { DBFFile } from "dbffile";
import { openDbf } from "shapefile";

// One field, END, of type D, in three records.
const header = Buffer.alloc(32 + 32 + 1);
header.set([3, 124, 1, 1]);
header.writeUInt32LE(3, 4);
header.writeUInt16LE(header.length, 8);
header.writeUInt16LE(1 + 8, 10);
header.write("END", 32);
header.write("D", 32 + 11);
header[32 + 16] = 8;
header[64] = 0x0d;
const file = Buffer.concat([header, Buffer.from(" 20200115 20200131         \x1a")]);
writeFileSync("file.dbf", file);

const show = (name, dates) => {
  const days = dates.map((date) => date?.toISOString().slice(0, 10) ?? "none");
  console.log(`${name}: ${days.join(", ")}`);
};
show("dbf-reader", Dbf.read(file).rows.map((row) => row.END));
const dates = [];
const reader = await openDbf(file);
for (let row; !(row = await reader.read()).done;) dates.push(row.value.END);
show("shapefile", dates);
show("dbffile", (await (await DBFFile.open("file.dbf")).readRecords()).map((row) => row.END));
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='dbf-reader: 2020-02-15, 2020-03-02, none
shapefile: 2020-01-15, 2020-01-31, 1899-11-30
dbffile: 2020-01-15, 2020-01-31, none'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
