#!/usr/bin/env bash
# easy-fit 0.0.8 gives frost as 251 degrees, and a height where there is none.
#
# A field of a FIT file has a base type; sint8 is two's complement, and each type has a
# value that says "invalid", 0xFFFF for uint16 (FIT protocol, base types and their invalid
# values). The package reads sint8 as unsigned, so that -5 °C are 251, and takes only what
# is invalid in some of the types as such: an altitude that the device did not know is
# 12,607 m, a speed 65.535 m/s. Garmin's own @garmin/fitsdk 21.217.0 and fit-file-parser
# 6.1.2 give -5, and leave out what is invalid.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund easy-fit@0.0.8 fit-file-parser@6.1.2 \
  @garmin/fitsdk@21.217.0 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { Decoder, Stream } from "@garmin/fitsdk";
import easyFit from "easy-fit";
import fitFileParser from "fit-file-parser";

const le = (value, size) =>
  Array.from({ length: size }, (_, i) => value >> (8 * i) & 255);
const SINT8 = 0x01, UINT8 = 0x02, UINT16 = 0x84, UINT32 = 0x86, ENUM = 0x00;
const definition = (type, message, fields) =>
  [0x40 | type, 0, 0, ...le(message, 2), fields.length, ...fields.flat()];

/** CRC-16 with the reflected polynomial 0xA001, as the protocol's table makes it. */
function checksum(bytes) {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
  }
  return le(crc, 2);
}
const TIME = 1_000_000_000;
const records = [
  definition(0, 0, [[0, 1, ENUM], [1, 2, UINT16], [2, 2, UINT16], [4, 4, UINT32]]),
  [0, 4, ...le(1, 2), ...le(1, 2), ...le(TIME, 4)],
  // timestamp, heart rate, temperature, altitude (5 * (m + 500)), speed (mm/s)
  definition(1, 20, [
    [253, 4, UINT32], [3, 1, UINT8], [13, 1, SINT8], [2, 2, UINT16], [6, 2, UINT16],
  ]),
  [1, ...le(TIME, 4), 70, ...le(-5, 1), ...le(2600, 2), ...le(3000, 2)],
  [1, ...le(TIME + 1, 4), 71, ...le(-5, 1), ...le(0xffff, 2), ...le(0xffff, 2)],
].flat();
const start = [14, 0x20, ...le(2132, 2), ...le(records.length, 4), ...Buffer.from(".FIT")];
const header = [...start, ...checksum(start)];
const file = [...header, ...records, ...checksum([...header, ...records])];

const show = (name, records) => {
  for (const { temperature, altitude, speed } of records) {
    console.log(`${name}: ${temperature} degrees, altitude ${altitude}, speed ${speed}`);
  }
};
const options = { speedUnit: "m/s", lengthUnit: "m", temperatureUnit: "celsius", mode: "list" };
const parsers = {
  "easy-fit": easyFit.default,
  "fit-file-parser": fitFileParser.default ?? fitFileParser,
};
for (const [name, Parser] of Object.entries(parsers)) {
  new Parser(options).parse(new Uint8Array(file).buffer, (error, data) => {
    if (error) throw error;
    show(name, data.records);
  });
}
const { messages } = new Decoder(Stream.fromByteArray(file)).read();
show("@garmin/fitsdk", messages.recordMesgs);
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='easy-fit: 251 degrees, altitude 20, speed 3
easy-fit: 251 degrees, altitude 12607, speed 65.535
fit-file-parser: -5 degrees, altitude 20, speed 3
fit-file-parser: -5 degrees, altitude undefined, speed undefined
@garmin/fitsdk: -5 degrees, altitude 20, speed 3
@garmin/fitsdk: -5 degrees, altitude undefined, speed undefined'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
