// This module is browser compatible.

/**
 * Compares names by their UTF-8 bytes, which is the order of their characters: that of S3,
 * and another one than that of code units where a character takes two of them.
 */
export function compareNames(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  for (let at = 0; at < end; at++) {
    const difference = rank(one.charCodeAt(at)) - rank(other.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

// Halves of characters stand in front of U+E000, and the characters behind U+FFFF.
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
