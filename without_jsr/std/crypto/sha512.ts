import type { Compression } from "./block_hash.ts";
import { cubeRoots, squareRoots } from "./prime_roots.ts";

const ROUNDS = BigUint64Array.from(cubeRoots(80));

/** SHA-512 (FIPS 180-4 §6.4). */
export function sha512(): Compression {
  return wide(BigUint64Array.from(squareRoots(8)), 64);
}

/** SHA-384 (FIPS 180-4 §6.5): SHA-512 from another start, cut short. */
export function sha384(): Compression {
  return wide(BigUint64Array.from(squareRoots(8, 8)), 48);
}

function wide(state: BigUint64Array, bytes: number): Compression {
  const words = new BigUint64Array(80);
  return {
    blockBytes: 128,
    littleEndian: false,
    compress(block) {
      for (let t = 0; t < 16; t++) words[t] = block.getBigUint64(t * 8);
      for (let t = 16; t < 80; t++) {
        const x = words[t - 15]!;
        const y = words[t - 2]!;
        words[t] = words[t - 16]! + words[t - 7]! +
          (turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n)) +
          (turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n));
      }
      const now = state.slice();
      for (let t = 0; t < 80; t++) {
        const [a, b, c, d, e, f, g, h] = now as unknown as bigint[] & {
          length: 8;
        };
        const first = h! + (turn(e!, 14n) ^ turn(e!, 18n) ^ turn(e!, 41n)) +
          ((e! & f!) ^ (~e! & g!)) + ROUNDS[t]! + words[t]!;
        const second = (turn(a!, 28n) ^ turn(a!, 34n) ^ turn(a!, 39n)) +
          ((a! & b!) ^ (a! & c!) ^ (b! & c!));
        now.set([first + second, a!, b!, c!, d! + first, e!, f!, g!]);
      }
      now.forEach((value, i) => state[i]! += value);
    },
    state() {
      const all = new ArrayBuffer(64);
      const view = new DataView(all);
      state.forEach((value, i) => view.setBigUint64(i * 8, value));
      return all.slice(0, bytes);
    },
  };
}

function turn(word: bigint, bits: bigint): bigint {
  return BigInt.asUintN(64, (word >> bits) | (word << (64n - bits)));
}
