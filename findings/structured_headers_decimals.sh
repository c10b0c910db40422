#!/usr/bin/env bash
# structured-headers 2.1.0 writes numbers that no parser may take, its own included.
#
# A Decimal of a structured field is rounded to three digits behind the point and has at
# least one (RFC 9651, 3.3.2; 4.1.5: where there is no fraction, "0" is written); a parser
# fails where "." is the last character (4.2.4). Of a number that rounds to a whole one the
# package writes "1.", and who gets a field with that in it ignores all of the field (4.2),
# its other members included. @svta/cml-structured-field-values 1.1.6 writes "1.0".
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund structured-headers@2.1.0 \
  @svta/cml-structured-field-values@1.1.6 >/dev/null 2>&1
cat >write.mjs <<'SCRIPT'
import { encodeSfDict } from "@svta/cml-structured-field-values";
import { parseDictionary, serializeDictionary } from "structured-headers";

for (const number of [0.5, 0.9999, 1.0002, 1e-7]) {
  const field = serializeDictionary({ a: true, q: number });
  let read;
  try {
    read = [...parseDictionary(field).keys()].join(" ");
  } catch (error) {
    read = error.constructor.name;
  }
  console.log(`${number}: ${field} (read back: ${read}), ${encodeSfDict({ a: true, q: number })}`);
}
SCRIPT
found=$(node write.mjs)
printf '%s\n' "$found"
expected='0.5: a, q=0.5 (read back: a q), a, q=0.5
0.9999: a, q=1. (read back: ParseError), a, q=1.0
1.0002: a, q=1. (read back: ParseError), a, q=1.0
1e-7: a, q=0. (read back: ParseError), a, q=0.0'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
