/**
 * Comparing streams.
 *
 * @module
 */

/** Returns whether two streams hold the same bytes, however they are cut into chunks. */
export async function areEqual(
  a: ReadableStream<Uint8Array>,
  b: ReadableStream<Uint8Array>,
): Promise<boolean> {
  const left = a.getReader();
  const right = b.getReader();
  let x: Uint8Array = new Uint8Array();
  let y: Uint8Array = new Uint8Array();
  try {
    for (;;) {
      x = await fill(left, x);
      y = await fill(right, y);
      const length = Math.min(x.length, y.length);
      if (length === 0) return x.length === y.length;
      for (let i = 0; i < length; i++) if (x[i] !== y[i]) return false;
      x = x.subarray(length);
      y = y.subarray(length);
    }
  } finally {
    await Promise.all([left.cancel(), right.cancel()]);
  }
}

/** Returns `rest`, or the next chunk where nothing is left of it; empty at the end. */
async function fill(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  rest: Uint8Array,
): Promise<Uint8Array> {
  while (rest.length === 0) {
    const { done, value } = await reader.read();
    if (done) break;
    rest = value;
  }
  return rest;
}
