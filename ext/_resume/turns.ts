// This module is browser compatible.

/** What is needed of the Web Locks API, which the library's types do not all know. */
interface Locks {
  request<T>(
    name: string,
    options: { readonly signal?: AbortSignal },
    work: () => Promise<T>,
  ): Promise<T>;
  query(): Promise<{
    readonly pending?: readonly { readonly name?: string }[];
  }>;
}

function locks(): Locks | null {
  const { navigator } = globalThis as { navigator?: { locks?: Locks } };
  // Absent in Node before 24, in Workers, and on pages without https.
  return typeof navigator?.locks?.request === "function"
    ? navigator.locks
    : null;
}

/** Whether two uploads to one place take turns by themselves: tabs of one browser do. */
export function takesTurns(): boolean {
  return locks() !== null;
}

/** Does work when nobody else in this browser is at the same place. */
export function inTurn<T>(
  name: string,
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const found = locks();
  if (found === null) return work();
  return found.request(lockName(name), signal ? { signal } : {}, work);
}

/** Returns whether somebody waits for a turn. */
export async function isAwaited(name: string): Promise<boolean> {
  const { pending = [] } = await locks()?.query() ?? {};
  return pending.some((lock) => lock.name === lockName(name));
}

function lockName(name: string): string {
  return `@remote-store/core/resume:${name}`;
}
