// This module is browser compatible.

/** What SHA-256 keeps between two blocks: eight words of 32 bits. */
export type Sha256State = Int32Array<ArrayBuffer>;

/** Bytes of a block. */
export const BLOCK_BYTES = 64;

/** Returns the first `count` primes. */
function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0)) found.push(n);
  }
  return found;
}

// The first 32 bits behind the point. A root would have to be wrong by 200 units in the
// last place of a double to change one of them.
function fraction(root: number): number {
  return (root - Math.floor(root)) * 2 ** 32;
}

// Pure: a bundle in which nobody hashes leaves them out.
const PRIMES = /* @__PURE__ */ primes(64);

// FIPS 180-4 §5.3.3.
const INITIAL = /* @__PURE__ */ Int32Array.from(
  /* @__PURE__ */ PRIMES.slice(0, 8),
  (prime) => fraction(Math.sqrt(prime)),
);

// FIPS 180-4 §4.2.2.
const ROUND_CONSTANTS = /* @__PURE__ */ Int32Array.from(
  PRIMES,
  (prime) => fraction(Math.cbrt(prime)),
);

// One of each for all calls: nothing waits between filling it and reading it.
const STATE = /* @__PURE__ */ new Int32Array(8);
const SCHEDULE = /* @__PURE__ */ new Int32Array(16);
// Two blocks; a product would not count as pure.
const TAIL = /* @__PURE__ */ new Uint8Array(128);

/** Returns the state that whole blocks leave behind; the state given stays as it is. */
export function absorb(blocks: Uint8Array, from?: Sha256State): Sha256State {
  const state = (from ?? INITIAL).slice();
  absorbInto(state, blocks, blocks.length);
  return state;
}

function absorbInto(
  state: Sha256State,
  blocks: Uint8Array,
  length: number,
): void {
  for (let at = 0; at + BLOCK_BYTES <= length; at += BLOCK_BYTES) {
    compress(state, blocks, at);
  }
}

/**
 * Returns the SHA-256 of bytes (FIPS 180-4), after `before` bytes that have left a
 * state. For texts to sign: SubtleCrypto is faster for long ones, and takes a hop
 * between threads for each.
 *
 * @param digest Where the hash is written; it may be the bytes themselves.
 * @param length How many of the bytes are hashed.
 */
export function sha256(
  bytes: Uint8Array,
  from: Sha256State = INITIAL,
  before = 0,
  digest: Uint8Array<ArrayBuffer> = new Uint8Array(32),
  length: number = bytes.length,
): Uint8Array<ArrayBuffer> {
  const rest = length % BLOCK_BYTES;
  const end = rest + 8 < BLOCK_BYTES ? BLOCK_BYTES : TAIL.length;
  for (let i = 0; i < rest; i++) TAIL[i] = bytes[length - rest + i]!;
  TAIL[rest] = 0x80;
  TAIL.fill(0, rest + 1, end - 8);
  const bits = (before + length) * 8;
  putWord(TAIL, end - 8, bits / 2 ** 32);
  putWord(TAIL, end - 4, bits);
  const state = STATE;
  state.set(from);
  absorbInto(state, bytes, length);
  for (let at = 0; at < end; at += BLOCK_BYTES) compress(state, TAIL, at);
  for (let i = 0; i < 8; i++) putWord(digest, i * 4, state[i]!);
  return digest;
}

// Big-endian. A DataView costs more than the hash of a short text.
function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

// FIPS 180-4 §6.2.2; of the schedule only the last 16 words are ever needed (§6.1.3).
function compress(state: Sha256State, bytes: Uint8Array, at: number): void {
  const w = SCHEDULE;
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    let word: number;
    if (t < 16) {
      word = (bytes[at]! << 24) | (bytes[at + 1]! << 16) |
        (bytes[at + 2]! << 8) | bytes[at + 3]!;
      at += 4;
    } else {
      const x = w[(t - 15) & 15]!;
      const y = w[(t - 2) & 15]!;
      word = (w[t & 15]! + w[(t - 7) & 15]! +
        (rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)) +
        (rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10))) | 0;
    }
    w[t & 15] = word;
    const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
      (g ^ (e & (f ^ g))) + ROUND_CONSTANTS[t]! + word) | 0;
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
      ((a & b) | (c & (a | b)));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}
