import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { ReadAnswer } from "../../core/backend.ts";
import { askable, cut, cutStream } from "../../core/cutting.ts";
import { BackendUnavailableError } from "../../mod.ts";

const TEN = new Uint8Array(10).map((_, i) => i);

function answer(offset: number, length: number, size: number | null = 10) {
  const entry = { size } as ReadAnswer["entry"];
  return { entry, offset, length, body: null } satisfies ReadAnswer;
}

Deno.test("SEEK-002 an empty range is asked for as a byte", () => {
  for (const empty of [{ offset: 3, length: 0 }, { suffix: 0 }]) {
    assertEquals(askable(empty), { offset: 0, length: 1 });
  }
  for (const range of [null, { offset: 3 }, { offset: 3, length: 1 }]) {
    assertEquals(askable(range), range);
  }
});

Deno.test("SEEK-002 what is wanted is cut out of what came", () => {
  const whole = answer(0, 10);
  const cutOf = (range: Parameters<typeof cut>[2]) => [
    ...cut(TEN, whole, range),
  ];
  assertEquals(cutOf(null), [...TEN]);
  assertEquals(cutOf({ offset: 8 }), [8, 9]);
  assertEquals(cutOf({ offset: 2, length: 3 }), [2, 3, 4]);
  assertEquals(cutOf({ offset: 20, length: 3 }), []);
  assertEquals(cutOf({ suffix: 2 }), [8, 9]);
  assertEquals(cutOf({ suffix: 20 }), [...TEN]);
  assertEquals(cutOf({ suffix: 0 }), []);
  const part = cut(TEN.subarray(4), answer(4, 6), { offset: 5, length: 2 });
  assertEquals([...part], [5, 6]);
});

Deno.test("SEEK-002 fewer bytes than were asked for, and others, are an error", async () => {
  const short = answer(0, 4);
  const wrong = answer(4, 6);
  for (
    const [found, range] of [
      [short, null],
      [short, { offset: 2, length: 3 }],
      [wrong, null],
      [wrong, { offset: 2, length: 3 }],
    ] as const
  ) {
    const bytes = TEN.subarray(0, found.length);
    assertThrows(() => cut(bytes, found, range), BackendUnavailableError);
    const stream = new Blob([bytes]).stream();
    await assertRejects(
      () => cutStream(stream, found, range),
      BackendUnavailableError,
    );
  }
});

Deno.test("SEEK-002 the last bytes of a stream of unknown size are those before its end", async () => {
  const stream = () => new Blob([TEN]).stream();
  const unknown = { ...answer(0, 10, null), length: null };
  const last = await cutStream(stream(), unknown, { suffix: 3 });
  assertEquals([...last as Uint8Array], [7, 8, 9]);
  const range = { offset: 1, length: 2 };
  const part = await cutStream(stream(), answer(0, 10), range);
  const body = part as ReadableStream<Uint8Array<ArrayBuffer>>;
  assertEquals([...await new Response(body).bytes()], [1, 2]);
  const none = await cutStream(stream(), answer(0, 10), { suffix: 0 });
  assertEquals([...none as Uint8Array], []);
});
