#!/usr/bin/env bash
# Two readers of MP4 boxes give other times than a long recording has.
#
# Where 32 bits are not enough, the movie header and the edit list have version 1, with
# times of 64 bits (ISO/IEC 14496-12, 8.2.2 and 8.6.6). mp4-box-encoding 1.4.1 (which
# videostream and mp4-stream read with) knows the sizes of version 0 alone: a recording of
# 15 hours at 90 kHz has a time scale of 0 and the date of its making for a duration, and an
# edit begins where its length is. codem-isoboxer 0.3.10 (which dash.js reads with) reads
# the header, and of the start of an edit the lower half. Neither reports anything. mp4box
# 2.4.1 reads both.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund mp4-box-encoding@1.4.1 codem-isoboxer@0.3.10 \
  mp4box@2.4.1 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import isoBoxer from "codem-isoboxer";
import boxEncoding from "mp4-box-encoding";
import { createFile } from "mp4box";

const be = (value, size) =>
  Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256);
const box = (name, ...parts) => {
  const content = parts.flat();
  return Buffer.from([...be(content.length + 8, 4), ...Buffer.from(name), ...content]);
};
const zeros = (count) => Array(count).fill(0);
const MADE = 3_786_912_000; // 2024, in seconds since 1904
const matrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].flatMap((value) => be(value, 4));
const header = (version, size) =>
  box("mvhd", version, zeros(3), be(MADE, size), be(MADE, size), be(90_000, 4),
    be(size === 8 ? 5_000_000_000 : 900_000, size), be(0x10000, 4), be(0x100, 2), zeros(10),
    matrix, zeros(24), be(2, 4));
const edits = (version, size) =>
  box("elst", version, zeros(3), be(1, 4), be(450_000, size),
    be(size === 8 ? 7_000_000_000 : 900_000, size), be(1, 2), zeros(2));

const readers = {
  "mp4-box-encoding"(bytes) {
    const { timeScale, duration, entries } = boxEncoding.decode(bytes);
    return entries ? entries[0].mediaTime : `${duration} / ${timeScale}`;
  },
  "codem-isoboxer"(bytes) {
    const [{ timescale, duration, entries }] = isoBoxer.parseBuffer(bytes).boxes;
    return entries ? entries[0].media_time : `${duration} / ${timescale}`;
  },
  mp4box(bytes) {
    const file = createFile();
    file.appendBuffer(Object.assign(bytes, { fileStart: 0 }));
    const [{ timescale, duration, entries }] = file.boxes;
    return entries ? entries[0].media_time : `${duration} / ${timescale}`;
  },
};
for (const [title, make] of Object.entries({ duration: header, "start of the edit": edits })) {
  for (const [version, size] of [[0, 4], [1, 8]]) {
    for (const [name, read] of Object.entries(readers)) {
      const bytes = make(version, size);
      const given = name === "mp4-box-encoding" ? bytes : new Uint8Array(bytes).buffer;
      console.log(`${title}, version ${version}, ${name}: ${read(given)}`);
    }
  }
}
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='duration, version 0, mp4-box-encoding: 900000 / 90000
duration, version 0, codem-isoboxer: 900000 / 90000
duration, version 0, mp4box: 900000 / 90000
duration, version 1, mp4-box-encoding: 3786912000 / 0
duration, version 1, codem-isoboxer: 5000000000 / 90000
duration, version 1, mp4box: 5000000000 / 90000
start of the edit, version 0, mp4-box-encoding: 900000
start of the edit, version 0, codem-isoboxer: 900000
start of the edit, version 0, mp4box: 900000
start of the edit, version 1, mp4-box-encoding: 450000
start of the edit, version 1, codem-isoboxer: 2705032704
start of the edit, version 1, mp4box: 7000000000'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
