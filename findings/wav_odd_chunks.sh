#!/usr/bin/env bash
# Two readers of WAVE files disagree with the format on chunks of an odd length.
#
# A chunk of RIFF is filled up to an even length with a byte that its size does not count
# (Multimedia Programming Interface and Data Specifications 1.0, "Chunks"). wav 1.0.2 goes
# on at that byte: behind a title of three letters the stream ends without a single sample,
# as if the file were silent, and without an error. wavefile 11.0.0 takes it for a sample:
# three of 8 bits come out as four. wav-decoder 1.3.0 counts these rightly, and throws at
# the title.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund wav@1.0.2 wavefile@11.0.0 wav-decoder@1.3.0 \
  >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import wav from "wav";
import wavDecoder from "wav-decoder";
import wavefile from "wavefile";

const le = (value, size) => Array.from({ length: size }, (_, i) => value >> (8 * i) & 255);
const chunk = (name, bytes) => [
  ...Buffer.from(name), ...le(bytes.length, 4), ...bytes, ...(bytes.length % 2 ? [0] : []),
];
function file(...chunks) {
  const rate = le(8000, 4);
  const format = [...le(1, 2), ...le(1, 2), ...rate, ...rate, ...le(1, 2), ...le(8, 2)];
  const content = [...Buffer.from("WAVE"), ...chunk("fmt ", format), ...chunks.flat()];
  return Buffer.from([...Buffer.from("RIFF"), ...le(content.length, 4), ...content]);
}
const files = {
  "four samples": file(chunk("data", [10, 20, 30, 40])),
  "three samples": file(chunk("data", [10, 20, 30])),
  "a title and four samples": file(
    chunk("DISP", [...le(1, 4), ...Buffer.from("one")]),
    chunk("data", [10, 20, 30, 40]),
  ),
};
const readers = {
  wav: (bytes) =>
    new Promise((resolve, reject) => {
      const pieces = [];
      new wav.Reader().on("data", (piece) => pieces.push(piece)).on("error", reject)
        .on("end", () => resolve([...Buffer.concat(pieces)])).end(bytes);
    }),
  wavefile: (bytes) => [...new wavefile.WaveFile(bytes).getSamples()],
  "wav-decoder": (bytes) =>
    [...wavDecoder.decode.sync(new Uint8Array(bytes).buffer).channelData[0]]
      .map((sample) => Math.round(sample < 0 ? sample * 128 + 128 : sample * 127 + 128)),
};
for (const [title, bytes] of Object.entries(files)) {
  for (const [name, read] of Object.entries(readers)) {
    let said;
    try {
      said = (await read(bytes)).join(" ") || "nothing";
    } catch {
      said = "an error";
    }
    console.log(`${title}, ${name}: ${said}`);
  }
}
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='four samples, wav: 10 20 30 40
four samples, wavefile: 10 20 30 40
four samples, wav-decoder: 10 20 30 40
three samples, wav: 10 20 30
three samples, wavefile: 10 20 30 0
three samples, wav-decoder: 10 20 30
a title and four samples, wav: nothing
a title and four samples, wavefile: 10 20 30 40
a title and four samples, wav-decoder: an error'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
