/**
 * A page that offers programs, and the calls to them.
 *
 * @module
 */
import type { Context, Page } from "./browsers.ts";

/** How long a page may take to be there on a busy machine. */
const timeout = 60_000;

/** Opens a page and waits for its programs. */
export async function openPage(
  context: Context,
  url: string,
): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", ({ message }) => console.error(`# page: ${message}`));
  await page.goto(url, { timeout });
  await page.waitForFunction(
    () => (globalThis as { programs?: unknown }).programs,
    null,
    { timeout },
  );
  return page;
}

/** Runs a program in a page. One that does not end is an error. */
export async function callProgram<R>(
  page: Page,
  name: string,
  argument: unknown = null,
  timeoutMs = 120_000,
): Promise<R> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${name}: no end within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  const call = page.evaluate(
    ([name, argument]) =>
      (globalThis as unknown as {
        programs: Record<string, (argument: unknown) => Promise<unknown>>;
      }).programs[name as string]?.(argument),
    [name, argument],
  );
  // A page that is killed under the call rejects it after its time.
  call.catch(() => {});
  try {
    return await Promise.race([call, late]) as R;
  } finally {
    clearTimeout(timer);
  }
}
