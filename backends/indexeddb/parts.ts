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
 * Returns the bytes of the pieces as rows, each in memory of its own: of a view,
 * IndexedDB would store all of the buffer behind it.
 */
export function toRows(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  rowSize: number,
): Uint8Array<ArrayBuffer>[] {
  const rows: Uint8Array<ArrayBuffer>[] = [];
  let left = sizeOf(pieces);
  let row = new Uint8Array(0);
  let at = 0;
  for (const piece of pieces) {
    for (let from = 0; from < piece.byteLength;) {
      if (at === row.byteLength) {
        const size = Math.min(rowSize, left);
        left -= size;
        // A source that gives rows of the right size is stored without a copy.
        const whole = from === 0 && piece.byteLength === size &&
          piece.buffer.byteLength === size;
        row = whole ? piece : new Uint8Array(size);
        rows.push(row);
        at = whole ? size : 0;
        if (whole) break;
      }
      const part = piece.subarray(from, from + row.byteLength - at);
      row.set(part, at);
      at += part.byteLength;
      from += part.byteLength;
    }
  }
  return rows;
}
