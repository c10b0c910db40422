import { assert, assertEquals } from "@std/assert";
import { sync } from "../../ext/sync.ts";
import { memory, texts } from "./_sync/fixture.ts";

Deno.test("SYNC-010 a large file is sent in pieces, counted, and checked against its SHA-256", async () => {
  const part = new Uint8Array(1024 * 1024).fill(7);
  const large = new Blob([part, part, part, part, part]);
  const one = memory();
  const steps: number[] = [];
  await sync([{ path: "big", file: large }], one, {
    onProgress: ({ bytes }) => steps.push(bytes.done),
  });
  assert(steps.length > 2);
  assertEquals(steps.at(-1), large.size);
  assertEquals(steps, steps.toSorted((a, b) => a - b));
  const two = memory();
  assertEquals((await sync(one, two)).copied, ["big"]);
  assertEquals((await sync(one, two)).unchanged, ["big"]);
  assertEquals((await sync(two, one)).unchanged, ["big"]);
  const { metadata } = await two.getFileInfo("big");
  assertEquals(
    metadata?.["sha256"],
    (await one.getFileInfo("big")).metadata?.["sha256"],
  );

  await one.write("big", new Uint8Array(5 * 1024 * 1024), {
    overwrite: true,
    metadata: { sha256: metadata?.["sha256"] ?? "" },
  });
  const three = memory();
  const wrong = await sync(one, three);
  assertEquals(
    wrong.failed.map(({ path, error }) => [path, String(error).slice(0, 14)]),
    [
      ["big", "IntegrityError"],
    ],
  );
  assertEquals(await texts(three), {});
});

Deno.test("SYNC-010 a large file without a SHA-256 is known by the version that it was made from", async () => {
  const one = memory();
  const bytes = new Uint8Array(5 * 1024 * 1024);
  await one.write("big", bytes);
  const two = memory();
  await sync(one, two);
  const { metadata } = await two.getFileInfo("big");
  assertEquals(Object.keys(metadata ?? {}), ["sourceetag"]);
  assertEquals((await sync(one, two)).unchanged, ["big"]);
  await one.write("big", bytes.fill(1), { overwrite: true });
  assertEquals((await sync(one, two)).copied, ["big"]);
});
