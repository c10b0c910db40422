/**
 * Has each reader read over a store that counts, and prints what came and what was asked
 * for. The argument is the library, in one script.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import * as zarr from "zarrita";
import { readWindow } from "./adapters/geotiff.mjs";
import { readRows } from "./adapters/hyparquet.mjs";
import { readFirst as readWebTar } from "./adapters/modern_tar.mjs";
import { readPage } from "./adapters/pdf.mjs";
import { readFirst as readTar } from "./adapters/tar_stream.mjs";
import { readPart } from "./adapters/zarrita.mjs";
import { readEntry } from "./adapters/zip.mjs";
import { makeFiles, PHOTOS } from "./files.mjs";

const { countingStore } = await import(pathToFileURL(process.argv[2]));
const files = await makeFiles();
const text = (bytes) => new TextDecoder().decode(bytes);

/** What each reads, and whether that is right. */
const READINGS = {
  "hyparquet: 10 rows of a column": async (store) => {
    const rows = await readRows(store);
    return rows.length === 10 &&
      rows.every(({ fare }, i) => fare === (150_000 + i) / 4);
  },
  "zarrita: 4 chunks, 2 of them absent": async (store) => {
    const { data, shape } = await readPart(
      store.child("chunks.zarr"),
      zarr.slice(150, 250),
      zarr.slice(350, 450),
    );
    const at = (row, column) => data[row * shape[1] + column];
    const corners = [at(0, 0), at(0, 99), at(99, 0), at(99, 99)];
    return `${corners}` === "13,-1,-1,24";
  },
  "zarrita: 1 chunk of a shard": async (store) => {
    const { data } = await readPart(
      store.child("shard.zarr"),
      zarr.slice(300, 400),
      zarr.slice(400, 500),
    );
    return data.length === 10_000 && data.every((it) => it === 34);
  },
  "geotiff: a window over 4 tiles": async (store) => {
    const [band] = await readWindow(store, [500, 500, 600, 600]);
    const corners = [band[0], band[99], band[9900], band[9999]];
    return `${corners}` === "9,10,17,18";
  },
  "zip.js: 1 entry of 100": async (store) => {
    const { name, bytes } = PHOTOS[70];
    return await readEntry(store, name) === text(bytes);
  },
  "tar-stream: the first 3 entries": (store) => startsWith(readTar(store, 3)),
  "modern-tar: the first 3 entries": (store) =>
    startsWith(readWebTar(store, 3)),
  "pdf.js: 1 page of 100": async (store) => {
    const found = await readPage(store, 60);
    return found === "page 60 of the report, ".repeat(400).trim();
  },
};

async function startsWith(entries) {
  const found = await entries;
  return found.length === 3 &&
    found.every(([name, bytes], i) =>
      name === PHOTOS[i].name && text(bytes) === text(PHOTOS[i].bytes)
    );
}

const readings = [];
for (const [what, read] of Object.entries(READINGS)) {
  const { store, requests } = countingStore(files);
  const right = await read(store);
  // What a reader leaves early is let go behind its promise.
  for (let turn = 0; turn < 100 && requests.some((it) => it.open); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const [path] = /[\w.]+\.(?:parquet|zarr|tif|zip|tar|pdf)/.exec(
    requests[0].line,
  );
  const size = [...files].filter(([key]) => key.startsWith(path))
    .reduce((sum, [, bytes]) => sum + bytes.byteLength, 0);
  readings.push({ what, right, size, requests });
}
console.log(JSON.stringify(readings));
// The worker of pdf.js stays.
process.exit(0);
