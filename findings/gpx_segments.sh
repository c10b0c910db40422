#!/usr/bin/env bash
# Two readers of GPX count the way between two pieces of a track as traveled.
#
# A <trkseg> holds points that are connected; where reception was lost or the device was
# off, a new one begins (GPX 1.1 schema, trksegType). gpxparser 3.0.8 and @we-gold/gpxjs
# 1.2.0 put the points of all segments into one list and measure along it: two walks of some
# 111 meters each, a degree of latitude apart, are 111 kilometers, and the segments cannot
# be told from what they give. @tmcw/togeojson 7.1.3 gives a line for each segment.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund gpxparser@3.0.8 @we-gold/gpxjs@1.2.0 \
  @tmcw/togeojson@7.1.3 @xmldom/xmldom@0.9.12 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { gpx } from "@tmcw/togeojson";
import { parseGPXWithCustomParser } from "@we-gold/gpxjs";
import { DOMParser } from "@xmldom/xmldom";
import GpxParser from "gpxparser";

const file = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="example" xmlns="http://www.topografix.com/GPX/1/1"><trk>
<trkseg><trkpt lat="0" lon="0"/><trkpt lat="0" lon="0.001"/></trkseg>
<trkseg><trkpt lat="1" lon="0"/><trkpt lat="1" lon="0.001"/></trkseg>
</trk></gpx>`;
const parse = (text) => new DOMParser().parseFromString(text, "text/xml");

const parser = new GpxParser();
parser.parse(file);
const [{ distance, points }] = parser.tracks;
console.log(`gpxparser: ${points.length} points, ${Math.round(distance.total)} m`);
const [{ tracks: [track] }] = parseGPXWithCustomParser(file, parse);
console.log(`@we-gold/gpxjs: ${track.points.length} points, ${Math.round(track.distance.total)} m`);
const { geometry } = gpx(parse(file)).features[0];
const counts = geometry.coordinates.map((line) => line.length);
console.log(`@tmcw/togeojson: ${geometry.type}, ${counts.join(" and ")} points`);
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='gpxparser: 4 points, 111417 m
@we-gold/gpxjs: 4 points, 111417 m
@tmcw/togeojson: MultiLineString, 2 and 2 points'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
