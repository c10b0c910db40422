// This module is browser compatible.

/** Rows of bytes in a part: few transactions, and rows that a short range reads quickly. */
export const ROWS_A_PART = 4;

/** Cuts content into parts of equal size, the last one shorter. */
export interface Parts {
  /** Returns the pieces of the next part, of `size` bytes in all; fewer at the end, none after it. */
  next(): Promise<Uint8Array<ArrayBuffer>[]>;
}

/** Returns the parts of bytes: views, not copies. */
export function partsOfBytes(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): Parts {
  let offset = 0;
  return {
    next() {
      const part = bytes.subarray(offset, offset += size);
      return Promise.resolve(part.byteLength > 0 ? [part] : []);
    },
  };
}

/** Returns the parts of a stream, reading no further than the part that is asked for. */
export function partsOfStream(
  stream: ReadableStream<Uint8Array>,
  size: number,
): Parts {
  const reader = stream.getReader();
  let rest = new Uint8Array(0);
  return {
    async next() {
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      let missing = size;
      while (missing > 0) {
        if (rest.byteLength === 0) {
          const { done, value } = await reader.read();
          if (done) break;
          rest = value as Uint8Array<ArrayBuffer>;
        }
        const piece = rest.subarray(0, missing);
        rest = rest.subarray(piece.byteLength);
        missing -= piece.byteLength;
        pieces.push(piece);
      }
      return pieces;
    },
  };
}

/** Returns how many bytes the pieces have. */
export function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((size, { byteLength }) => size + byteLength, 0);
}

/**
 * Returns the pieces as one array in memory of its own: of a view, IndexedDB would
 * store all of the buffer behind it.
 */
function joined(
  pieces: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer> {
  const [first] = pieces;
  if (
    pieces.length === 1 && first !== undefined &&
    first.byteLength === first.buffer.byteLength
  ) {
    return first;
  }
  const bytes = new Uint8Array(sizeOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

/** Returns the bytes of the pieces as rows, each in memory of its own. */
export function toRows(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  rowSize: number,
): Uint8Array<ArrayBuffer>[] {
  const bytes = joined(pieces);
  if (bytes.byteLength === 0) return [];
  if (bytes.byteLength <= rowSize) return [bytes];
  return Array.from(
    { length: Math.ceil(bytes.byteLength / rowSize) },
    (_, i) => bytes.slice(i * rowSize, (i + 1) * rowSize),
  );
}
