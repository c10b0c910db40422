import { assertEquals } from "@std/assert";
import { isRemoteStoreError } from "../../../mod.ts";
import { createStore } from "./account.ts";
import { ORIGIN } from "./origin.ts";

const WRITERS = 20;
const ROUNDS = 100;
const BLOCK_SIZE = 8;

/** Content of one request, and of several blocks and their list. */
const CONTENTS: readonly (readonly [way: string, of: (n: number) => string])[] =
  [
    ["Put Blob", (n) => String(n)],
    ["Put Block List", (n) => String(n).padStart(3 * BLOCK_SIZE, "x")],
  ];

/** The winners' numbers; losers must have lost for the right reason. */
async function winners(
  writes: readonly Promise<unknown>[],
  code: "AlreadyExists" | "PreconditionFailed",
): Promise<number[]> {
  const settled = await Promise.allSettled(writes);
  return settled.flatMap((result, number) => {
    if (result.status === "fulfilled") return [number];
    const { reason } = result;
    assertEquals(isRemoteStoreError(reason) && reason.code, code, `${reason}`);
    return [];
  });
}

for (const [way, contentOf] of CONTENTS) {
  Deno.test(`CAS-001 of ${WRITERS} who create by ${way} exactly one wins, ${ROUNDS} times`, async () => {
    await using store = await createStore(ORIGIN, { blockSize: BLOCK_SIZE });
    for (let round = 0; round < ROUNDS; round++) {
      const path = `create/${round}`;
      const writes = Array.from(
        { length: WRITERS },
        (_, n) => store.write(path, contentOf(n)),
      );
      const won = await winners(writes, "AlreadyExists");
      assertEquals(won.length, 1, `round ${round}`);
      assertEquals(await store.readText(path), contentOf(won[0] ?? -1));
    }
  });

  Deno.test(`CAS-002 of ${WRITERS} who replace one version by ${way} exactly one wins, ${ROUNDS} times`, async () => {
    await using store = await createStore(ORIGIN, { blockSize: BLOCK_SIZE });
    let { etag } = await store.write("a", "first");
    for (let round = 0; round < ROUNDS; round++) {
      const ifMatch = etag ?? "";
      const writes = Array.from(
        { length: WRITERS },
        (_, n) => store.write("a", contentOf(n), { ifMatch }),
      );
      const won = await winners(writes, "PreconditionFailed");
      assertEquals(won.length, 1, `round ${round}`);
      etag = (await writes[won[0] ?? 0])?.etag ?? null;
      assertEquals(await store.readText("a"), contentOf(won[0] ?? -1));
    }
  });
}
