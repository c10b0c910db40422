// The constants of SHA-2 are roots of primes: computed, they cannot be mistyped.

/** The first 64 bits of the fractional parts of the cube roots of the first primes. */
export function cubeRoots(count: number): bigint[] {
  return primes(count).map((prime) => fraction(prime, 3n));
}

/** The first 64 bits of the fractional parts of the square roots of the first primes. */
export function squareRoots(count: number, from = 0): bigint[] {
  return primes(from + count).slice(from).map((prime) => fraction(prime, 2n));
}

function primes(count: number): bigint[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0)) found.push(n);
  }
  return found.map(BigInt);
}

/** The root of `prime` times 2^64, without its whole part. */
function fraction(prime: bigint, degree: bigint): bigint {
  const target = prime << (64n * degree);
  let low = 0n;
  let high = prime << 64n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** degree <= target) low = middle;
    else high = middle - 1n;
  }
  return BigInt.asUintN(64, low);
}
