#!/usr/bin/env bash
# wellio 0.1.16 and las-js 3.4.2 give parts of what a well log says in its header.
#
# A line of a LAS header (the Log ASCII Standard of well logs) is NAME.UNIT DATA : NOTE, and
# its delimiters are the first dot, the first space behind that, and the last colon (LAS
# 2.0, update of 2017, section 1.0). wellio lets the data begin five characters behind the
# dot, wherever the space is: of the well's number "0012345678" it gives "345678", of the
# date "EC-86", and of "EAST" nothing. Both end the data at the first colon: a well that is
# called "NORTH 12:30" is "NORTH 12" to las-js, and "30" is what it is described by.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund wellio@0.1.16 las-js@3.4.2 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { writeFileSync } from "node:fs";
import { Las } from "las-js";
import wellio from "wellio";

const lines = {
  UWI: "0012345678 : UNIQUE WELL ID",
  DATE: "13-DEC-86 : LOG DATE",
  FLD: "EAST : FIELD",
  WELL: "NORTH 12:30 : WELL",
};
const file = `~Version
VERS.   2.0 : CWLS LOG ASCII STANDARD - VERSION 2.0
WRAP.    NO : ONE LINE PER DEPTH STEP
~Well
STRT.M 1670 : START DEPTH
STOP.M 1669 : STOP DEPTH
STEP.M   -1 : STEP
NULL.  -999 : NULL VALUE
COMP.       EXAMPLE : COMPANY
LOC.        1-2-3-4 : LOCATION
PROV.       ALBERTA : PROVINCE
SRVC.       EXAMPLE : SERVICE COMPANY
${Object.entries(lines).map(([name, line]) => `${name}.  ${line}`).join("\n")}
~Curve
DEPT.M      : DEPTH
GR.GAPI     : GAMMA RAY
~Ascii
1670 123.4
1669 -999
`;
writeFileSync("file.las", file);
const log = console.log;
console.log = () => {};
const well = wellio.las2json(file)["WELL INFORMATION BLOCK"];
console.log = log;
const other = await new Las("file.las").wellParams();
for (const name of Object.keys(lines)) {
  log(`wellio, ${name}: ${well[name].DATA} (${well[name]["DESCRIPTION OF MNEMONIC 1"]})`);
  log(`las-js, ${name}: ${other[name].value} (${other[name].description})`);
}
SCRIPT
found=$(node read.mjs 2>/dev/null)
printf '%s\n' "$found"
expected='wellio, UWI: 345678 (UNIQUE WELL ID)
las-js, UWI: 0012345678 (UNIQUE WELL ID)
wellio, DATE: EC-86 (LOG DATE)
las-js, DATE: 13-DEC-86 (LOG DATE)
wellio, FLD:  (FIELD)
las-js, FLD: EAST (FIELD)
wellio, WELL: H 12 (30)
las-js, WELL: NORTH 12 (30)'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
