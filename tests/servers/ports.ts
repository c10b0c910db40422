/**
 * Ports for servers that have to be told theirs.
 *
 * @module
 */

/**
 * Below what a system gives by itself, to connections too: Linux from 32768, others from
 * 49152. One of those may be gone between the look and the server's start.
 */
const FIRST = 20_000;
const LAST = 32_000;
const TRIES = 100;

const given = new Set<number>();

/** Returns the first of so many ports of loopback in a row that are free. */
export function freePort(inRow = 1): number {
  for (let tries = 0; tries < TRIES; tries++) {
    const first = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    const ports = Array.from({ length: inRow }, (_, at) => first + at);
    if (!ports.every((port) => !given.has(port) && isFree(port))) continue;
    for (const port of ports) given.add(port);
    return first;
  }
  throw new Error(`Cannot find a free port: ${TRIES} of them are taken`);
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
