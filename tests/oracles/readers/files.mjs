/**
 * The files that the readers read: large enough that a reader which takes all is seen.
 *
 * @module
 */
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { parquetWriteBuffer } from "hyparquet-writer";
import tar from "tar-stream";
import * as zarr from "zarrita";

const encode = (text) => new TextEncoder().encode(text);

/** The same numbers each time, which no compression makes shorter. */
function noise(length, seed) {
  const bytes = new Uint8Array(length);
  let state = seed + 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function parquet() {
  const rows = 200_000;
  const ids = noise(4 * rows, 1);
  const id = [...new Int32Array(ids.buffer)];
  const fare = Float64Array.from({ length: rows }, (_, i) => i / 4);
  return new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: "id", data: id, type: "INT32" },
      { name: "fare", data: [...fare], type: "DOUBLE" },
    ],
    rowGroupSize: 20_000,
  }));
}

/** 10 × 10 chunks of 100 × 100; those whose numbers add up to an odd one are absent. */
async function zarrChunks() {
  const files = new Map();
  const root = zarr.root({
    get: (key) => files.get(key),
    set: (key, value) => files.set(key, value),
  });
  const array = await zarr.create(root, {
    shape: [1000, 1000],
    chunkShape: [100, 100],
    dtype: "float32",
    fillValue: -1,
    codecs: [{ name: "bytes", configuration: { endian: "little" } }],
  });
  for (let row = 0; row < 10; row++) {
    for (let column = row % 2; column < 10; column += 2) {
      await zarr.set(
        array,
        [
          zarr.slice(100 * row, 100 * row + 100),
          zarr.slice(100 * column, 100 * column + 100),
        ],
        10 * row + column,
      );
    }
  }
  return files;
}

/** One shard of 10 × 10 inner chunks, with its index at the end. */
function zarrShard() {
  const meta = {
    zarr_format: 3,
    node_type: "array",
    shape: [1000, 1000],
    data_type: "float32",
    fill_value: -1,
    attributes: {},
    chunk_grid: {
      name: "regular",
      configuration: { chunk_shape: [1000, 1000] },
    },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    codecs: [{
      name: "sharding_indexed",
      configuration: {
        chunk_shape: [100, 100],
        codecs: [{ name: "bytes", configuration: { endian: "little" } }],
        index_codecs: [{ name: "bytes", configuration: { endian: "little" } }],
        index_location: "end",
      },
    }],
  };
  const size = 100 * 100 * 4;
  const shard = new Uint8Array(100 * size + 100 * 16);
  const index = new DataView(shard.buffer, 100 * size);
  for (let chunk = 0; chunk < 100; chunk++) {
    new Float32Array(shard.buffer, chunk * size, size / 4).fill(chunk);
    index.setBigUint64(chunk * 16, BigInt(chunk * size), true);
    index.setBigUint64(chunk * 16 + 8, BigInt(size), true);
  }
  return new Map([
    ["/zarr.json", encode(JSON.stringify(meta))],
    ["/c/0/0", shard],
  ]);
}

/** 2,048 × 2,048 pixels in tiles of 256 × 256, each of one shade: TIFF 6.0, §15. */
function tiff() {
  const tiles = 64;
  const size = 256 * 256;
  const entries = [
    [256, 4, 1, 2048],
    [257, 4, 1, 2048],
    [258, 3, 1, 8],
    [259, 3, 1, 1],
    [262, 3, 1, 1],
    [277, 3, 1, 1],
    [322, 4, 1, 256],
    [323, 4, 1, 256],
    [324, 4, tiles, 8 + 2 + 10 * 12 + 4],
    [325, 4, tiles, 8 + 2 + 10 * 12 + 4 + tiles * 4],
  ];
  const start = 8 + 2 + entries.length * 12 + 4 + 2 * tiles * 4;
  const bytes = new Uint8Array(start + tiles * size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x49492a00);
  view.setUint32(4, 8, true);
  view.setUint16(8, entries.length, true);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + i * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  }
  const offsets = 10 + entries.length * 12 + 4;
  for (let tile = 0; tile < tiles; tile++) {
    view.setUint32(offsets + tile * 4, start + tile * size, true);
    view.setUint32(offsets + (tiles + tile) * 4, size, true);
    bytes.fill(tile, start + tile * size, start + (tile + 1) * size);
  }
  return bytes;
}

const PHOTOS = Array.from({ length: 100 }, (_, i) => ({
  name: `${i}.txt`,
  // Four letters out of 256 numbers, so that an archive that packs has work to do.
  bytes: noise(20_000, i).map((byte) => 97 + (byte & 3)),
}));

async function zip() {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  const lastModDate = new Date(Date.UTC(2026, 0, 1));
  for (const { name, bytes } of PHOTOS) {
    await writer.add(name, new Uint8ArrayReader(bytes), { lastModDate });
  }
  return await writer.close();
}

async function tape() {
  const pack = tar.pack();
  const mtime = new Date(0);
  for (const { name, bytes } of PHOTOS) {
    pack.entry({ name, mtime }, Buffer.from(bytes));
  }
  pack.finalize();
  const chunks = [];
  for await (const chunk of pack) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/**
 * 100 pages of 16 kB of text each. What says where the pages are stands together at the
 * end, as tools that pack objects write it: PDF 1.4, §3.4.
 */
function pdf() {
  const pages = 100;
  const numbers = Array.from({ length: pages }, (_, i) => i);
  const texts = numbers.map((page) => {
    const line = `(page ${page + 1} of the report, ) Tj 0 -1 Td\n`;
    return `BT /F1 8 Tf 20 820 Td\n${line.repeat(400)}ET`;
  });
  const kids = numbers.map((page) => `${pages + page + 1} 0 R`);
  const root = 2 * pages + 1;
  const objects = [
    ...texts.map((text) =>
      `<< /Length ${text.length} >>\nstream\n${text}\nendstream`
    ),
    ...numbers.map((page) =>
      `<< /Type /Page /Parent ${root + 1} 0 R /MediaBox [0 0 595 842] ` +
      `/Resources << /Font << /F1 ${root + 2} 0 R >> >> ` +
      `/Contents ${page + 1} 0 R >>`
    ),
    `<< /Type /Catalog /Pages ${root + 1} 0 R >>`,
    `<< /Type /Pages /Kids [${kids.join(" ")}] /Count ${pages} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let text = "%PDF-1.4\n";
  const positions = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${`${at}`.padStart(10, "0")} 00000 n \n`;
  });
  const at = text.length;
  const count = objects.length + 1;
  text += `xref\n0 ${count}\n0000000000 65535 f \n${positions.join("")}` +
    `trailer\n<< /Size ${count} /Root ${root} 0 R >>\n` +
    `startxref\n${at}\n%%EOF\n`;
  return encode(text);
}

/** The entries of both archives. */
export { PHOTOS };

/** Makes all files, by path. */
export async function makeFiles() {
  const below = (folder, files) =>
    [...files].map(([key, bytes]) => [folder + key, bytes]);
  return new Map([
    ["trips.parquet", parquet()],
    ...below("chunks.zarr", await zarrChunks()),
    ...below("shard.zarr", zarrShard()),
    ["map.tif", tiff()],
    ["photos.zip", await zip()],
    ["photos.tar", await tape()],
    ["report.pdf", pdf()],
  ]);
}
