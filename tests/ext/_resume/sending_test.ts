import { assert, assertEquals, assertRejects } from "@std/assert";
import { Ledger } from "../../../ext/_resume/ledger.ts";
import { Network } from "../../../ext/_resume/network.ts";
import { type Sending, sendParts } from "../../../ext/_resume/sending.ts";
import { openSource } from "../../../ext/_resume/source.ts";
import type { UploadToken } from "../../../ext/_resume/token.ts";
import { bytesOf, counted, memory } from "./fixture.ts";

const FILE = bytesOf(950);

async function setting(
  around: Parameters<typeof counted>[1] = {},
  parts: number[] = [],
): Promise<{ sending: Sending; sent: number[]; ledger: Ledger }> {
  const store = counted(memory(), around);
  const upload = await store.openUpload("a", { size: 950, partSize: 100 });
  const token = {
    size: 950,
    partSize: 100,
    parts: parts.map((number) => ({ number, size: 100, tag: "t", sha256: "" })),
  } as unknown as UploadToken;
  const ledger = new Ledger(null, token, null);
  const sending: Sending = {
    upload,
    ledger,
    source: await openSource("a", new Blob([FILE]), undefined),
    network: new Network(false),
    concurrency: 3,
    tell() {},
    signal: undefined,
  };
  return { sending, sent: store.sent.parts, ledger };
}

Deno.test("RES-001 only the parts that are missing are sent, some at once", async () => {
  let inFlight = 0;
  let most = 0;
  const { sending, sent, ledger } = await setting({
    async before() {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inFlight--;
    },
  }, [1, 4, 7]);
  await sendParts(sending);
  assertEquals(sent.toSorted((a, b) => a - b), [2, 3, 5, 6, 8, 9, 10]);
  assertEquals([most, ledger.token.parts.length], [3, 10]);
  await sendParts(sending);
  assertEquals(sent.length, 7);
});

Deno.test("RES-010 the first failure ends the others, and nothing is begun after it", async () => {
  const ended: unknown[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  let waiting = 0;
  const { sending, sent } = await setting({
    async before(number, signal) {
      if (number === 3) {
        await begun;
        throw new Error("three");
      }
      if (++waiting === 2) begin();
      await new Promise((_, reject) =>
        signal?.addEventListener("abort", () => {
          ended.push(signal.reason);
          reject(signal.reason);
        })
      );
    },
  });
  const error = await assertRejects(() => sendParts(sending), Error, "three");
  assertEquals(sent.toSorted(), [1, 2, 3]);
  assertEquals(ended, [error, error]);
});

Deno.test("RES-009 what is in flight is told as it begins and ends, and none is left", async () => {
  const told: number[] = [];
  const { sending } = await setting();
  await sendParts({ ...sending, tell: (bytes) => told.push(bytes) });
  assertEquals(told.at(-1), 0);
  assert(told.every((bytes) => bytes >= 0 && bytes <= 300));
  assertEquals(told.length, 20);
});

Deno.test("RES-011 a signal that is aborted already begins nothing", async () => {
  const { sending, sent } = await setting();
  await assertRejects(
    () =>
      sendParts({ ...sending, signal: AbortSignal.abort(new Error("enough")) }),
    Error,
    "enough",
  );
  assertEquals(sent, []);
});
