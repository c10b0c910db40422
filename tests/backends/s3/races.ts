/**
 * Creates that race for one key on a service without conditions: what looking first
 * promises, and no more.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Fetch } from "../../../backends/s3/mod.ts";
import { isRemoteStoreError, type Store } from "../../../mod.ts";

const CREATES = 16;

/** One create, with the moments of its first request and of its answer, in their order. */
interface Create {
  readonly content: string;
  began: number;
  answered: number;
  refused: boolean;
}

/**
 * Lets 16 creates a round start within a few milliseconds, and checks each round:
 * nobody replaces a file whose create was answered before; what is stored is one
 * winner's, whole; everybody else was told AlreadyExists. Returns how many creates
 * won in a round at most. `length` is that of each create's content.
 */
export async function raceCreates(
  fetch: Fetch,
  open: (fetch: Fetch) => Store,
  rounds: number,
  length: (index: number) => number,
): Promise<number> {
  let most = 0;
  for (let round = 0; round < rounds; round++) {
    const path = `race/${round}`;
    const creates = await Promise.all(
      Array.from(
        { length: CREATES },
        (_, index) => create(path, index, fetch, open, length),
      ),
    );
    const won = creates.filter(({ refused }) => !refused);
    await requireOneOf(won, path, open(fetch));
    for (const { began, content } of won) {
      const before = won.find(({ answered }) => answered < began);
      assert(
        before === undefined,
        `round ${round}: ${
          content.slice(0, 12)
        } began after an answer, and won`,
      );
    }
    most = Math.max(most, won.length);
  }
  return most;
}

// s3rver answers before it has written: what is there is asked for a few times.
async function requireOneOf(
  won: readonly Create[],
  path: string,
  store: Store,
): Promise<void> {
  let stored = "";
  for (let tries = 0; tries < 20; tries++) {
    stored = await store.readText(path).catch(String);
    if (won.some(({ content }) => content === stored)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${path} is no winner's: ${stored.slice(0, 80)}`);
}

let clock = 0;

async function create(
  path: string,
  index: number,
  fetch: Fetch,
  open: (fetch: Fetch) => Store,
  length: (index: number) => number,
): Promise<Create> {
  const content = `writer ${index};`.padEnd(length(index), `${index % 10}`);
  const made: Create = { content, began: 0, answered: 0, refused: false };
  const store = open((url, init) => {
    made.began ||= ++clock;
    return fetch(url, init);
  });
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 12));
  try {
    // Every second one is a stream of unknown length.
    await store.write(
      path,
      index % 2 === 0 ? content : new Blob([content]).stream(),
    );
  } catch (error) {
    assert(isRemoteStoreError(error));
    assertEquals(error.code, "AlreadyExists");
    made.refused = true;
  }
  made.answered = ++clock;
  return made;
}
