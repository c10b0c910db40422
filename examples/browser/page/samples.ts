/**
 * Files to try the page with: a picture, a text, a table, many bytes, and one that is
 * refused.
 *
 * @module
 */
import type { Picked } from "./picking.ts";

const LARGE = 24 * 1024 * 1024;

/** Makes the samples. */
export async function* makeSamples(): AsyncGenerator<Picked> {
  const made = [
    named("samples/waves.png", await draw(), "image/png"),
    named(
      "samples/notes/hello.txt",
      "Hello!\n\nThis text was taken in by a page, kept in IndexedDB, and sent to a bucket\nthat the page has no key for.\n",
      "text/plain",
    ),
    named(
      "samples/notes/table.csv",
      "month,visitors\nMay,120\nJune,240\n",
      "text/csv",
    ),
    named("samples/large.bin", randomBytes(LARGE), "application/octet-stream"),
    named(
      "samples/drawing.svg",
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      "image/svg+xml",
    ),
  ];
  yield* made;
}

function named(path: string, content: BlobPart, type: string): Picked {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { path, file: new File([content], name, { type }) };
}

// The browser's own source of random bytes gives some at a time.
function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let from = 0; from < size; from += 65_536) {
    crypto.getRandomValues(bytes.subarray(from, from + 65_536));
  }
  return bytes;
}

async function draw(): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = 960;
  canvas.height = 540;
  const context = canvas.getContext("2d");
  if (context === null) return new Blob();
  for (let wave = 0; wave < 12; wave++) {
    context.fillStyle = `hsl(${172 + wave * 5} 55% ${88 - wave * 6}%)`;
    context.beginPath();
    context.moveTo(0, 540);
    for (let x = 0; x <= 960; x += 8) {
      const y = 40 + wave * 44 +
        26 * Math.sin(x / 120 + wave * 1.7) +
        10 * Math.sin(x / 41 + wave);
      context.lineTo(x, y);
    }
    context.lineTo(960, 540);
    context.fill();
  }
  return await new Promise((resolve) =>
    canvas.toBlob((blob) => resolve(blob ?? new Blob()), "image/png")
  );
}
