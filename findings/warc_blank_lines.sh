#!/usr/bin/env bash
# Two readers of web archives lose what a record holds, by a blank line or a small letter.
#
# A WARC record is as long as its Content-Length says, and the names of its fields are not
# case-sensitive (WARC 1.1, "Content-Length" and "File and record model"). node-warc 3.3.1
# splits records at blank lines instead: of a page with a blank line in it, the content ends
# there. warc 1.0.1 knows Content-Length in this spelling alone: written as content-length,
# the record and all that follow it are not there, and the stream ends as if the file were
# empty. warcio 2.4.11 reads both.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts \
  node-warc@3.3.1 warc@1.0.1 warcio@2.4.11 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { Readable } from "node:stream";
import nodeWarc from "node-warc";
import WARCStream from "warc";
import { WARCParser } from "warcio";

const page = "one\r\n\r\ntwo\r\n\r\nthree";
const http = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
function record(spelling) {
  const fields = {
    "WARC-Type": "response",
    "WARC-Record-ID": "<urn:uuid:92283950-ef2f-4d72-b224-f54c6ec90bb0>",
    "WARC-Date": "2026-01-02T03:04:05Z",
    "WARC-Target-URI": "https://example.com/",
    "Content-Type": "application/http; msgtype=response",
    "Content-Length": http.length + page.length,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${spelling(name)}: ${value}\r\n`);
  return `WARC/1.1\r\n${lines.join("")}\r\n${http}${page}\r\n\r\n`;
}
const asUsual = Buffer.from(record((name) => name).repeat(2));
const inSmall = Buffer.from(record((name) => name.toLowerCase()).repeat(2));
const show = (what, contents) => console.log(`${what}: ${JSON.stringify(contents)}`);

// The first record is there once the second begins; what is last in the file is not asked for.
const transform = new nodeWarc.WARCStreamTransform();
const first = new Promise((resolve) => transform.once("data", resolve));
transform.write(asUsual);
show("node-warc, first record", [`${(await first).content}`]);

for (const [what, file] of [["as usual", asUsual], ["in small letters", inSmall]]) {
  const contents = [];
  for await (const { content } of Readable.from([file]).pipe(new WARCStream())) {
    contents.push(`${content}`.slice(http.length));
  }
  show(`warc, fields ${what}`, contents);
}
for (const [what, file] of [["as usual", asUsual], ["in small letters", inSmall]]) {
  const contents = [];
  for await (const found of new WARCParser(Readable.from([file]))) {
    contents.push(await found.contentText());
  }
  show(`warcio, fields ${what}`, contents);
}
SCRIPT
found=$(node --no-deprecation read.mjs)
printf '%s\n' "$found"
expected='node-warc, first record: ["one\r\n"]
warc, fields as usual: ["one\r\n\r\ntwo\r\n\r\nthree","one\r\n\r\ntwo\r\n\r\nthree"]
warc, fields in small letters: []
warcio, fields as usual: ["one\r\n\r\ntwo\r\n\r\nthree","one\r\n\r\ntwo\r\n\r\nthree"]
warcio, fields in small letters: ["one\r\n\r\ntwo\r\n\r\nthree","one\r\n\r\ntwo\r\n\r\nthree"]'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
