import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  sendParts,
  type UploadSteps,
  uploadStream,
} from "../../../backends/_http/upload.ts";
import {
  planUpload,
  type UploadPlan,
} from "../../../backends/_http/upload_plan.ts";

const MIB = 1024 * 1024;

function streamOf(
  sizes: readonly number[],
  error?: unknown,
): ReadableStream<Uint8Array> {
  const left = [...sizes];
  return new ReadableStream({
    pull(controller) {
      const size = left.shift();
      if (size !== undefined) controller.enqueue(new Uint8Array(size));
      else if (error !== undefined) controller.error(error);
      else controller.close();
    },
  }, { highWaterMark: 0 });
}

function recorder(change: Partial<UploadSteps<number, string>> = {}) {
  const events: string[] = [];
  let inFlight = 0;
  let most = 0;
  const steps: UploadSteps<number, string> = {
    single: (bytes) => {
      events.push(`single ${bytes.length}`);
      return Promise.resolve("single");
    },
    begin: () => Promise.resolve(void events.push("begin")),
    part: async (number, bytes, signal) => {
      events.push(`part ${number} ${bytes.length}`);
      most = Math.max(most, ++inFlight);
      try {
        await new Promise((resolve) => setTimeout(resolve, 2));
        signal.throwIfAborted();
      } finally {
        inFlight--;
      }
      return number;
    },
    complete: (parts) => {
      events.push(`complete ${parts}`);
      return Promise.resolve("complete");
    },
    abort: () =>
      Promise.resolve(void events.push(`abort with ${inFlight} in flight`)),
    ...change,
  };
  return { events, steps, most: () => most };
}

const PLAN: UploadPlan = {
  partSize: 10,
  equal: 100,
  step: 1,
  maxPartSize: 40,
  maxParts: 100,
  concurrency: 2,
  firstBuffer: 10,
};
const S3 = {
  partSize: 8 * MIB,
  concurrency: 4,
  maxParts: 10_000,
  maxPartSize: 5120 * MIB,
};

Deno.test("AW-004: content within the first part is one request", async () => {
  for (const [sizes, size] of [[[], 0], [[3, 4], 7], [[10], 10]] as const) {
    const { events, steps } = recorder();
    await uploadStream(streamOf(sizes), PLAN, steps, undefined);
    assertEquals(events, [`single ${size}`]);
  }
});

Deno.test("AW-004: longer content is cut into equal parts, whatever its chunks", async () => {
  for (const sizes of [[25], [1, 19, 5], Array(25).fill(1)]) {
    const { events, steps, most } = recorder();
    assertEquals(
      await uploadStream(streamOf(sizes), PLAN, steps, undefined),
      "complete",
    );
    assertEquals(events.filter((event) => event.startsWith("part")), [
      "part 1 10",
      "part 2 10",
      "part 3 5",
    ]);
    assertEquals([events[0], events.at(-1), most() <= 2], [
      "begin",
      "complete 1,2,3",
      true,
    ]);
  }
});

Deno.test("AW-004: a failing source, part, Complete or signal throws the upload away, at rest", async () => {
  const failure = new Error("no");
  const failing:
    readonly (readonly [unknown, Partial<UploadSteps<number, string>>])[] = [
      [failure, {}],
      [undefined, { part: () => Promise.reject(failure) }],
      [undefined, { complete: () => Promise.reject(failure) }],
      [undefined, { begin: () => Promise.reject(failure) }],
    ];
  for (const [broken, change] of failing) {
    const { events, steps } = recorder(change);
    const error = await uploadStream(
      streamOf([25], broken),
      PLAN,
      steps,
      undefined,
    )
      .catch((e) => e);
    assertStrictEquals(error, failure);
    assertEquals(events.at(-1), "abort with 0 in flight");
  }
  const stop = new AbortController();
  const { events, steps } = recorder();
  const uploading = uploadStream(
    streamOf(Array(50).fill(10)),
    PLAN,
    steps,
    stop.signal,
  );
  setTimeout(() => stop.abort(failure), 5);
  await assertRejects(() => uploading, Error, "no");
  assertEquals(events.at(-1), "abort with 0 in flight");
});

Deno.test("PERF: a short stream takes no buffer of a whole part", async () => {
  const held: number[] = [];
  const { steps } = recorder({
    single: (bytes) => {
      held.push(bytes.buffer.byteLength);
      return Promise.resolve("single");
    },
  });
  for (const size of [null, 3 * MIB]) {
    const plan = planUpload(size, S3);
    const stream = size === null ? streamOf([1000]) : streamOf([MIB, 2 * MIB]);
    await uploadStream(stream, plan, steps, undefined);
  }
  assertEquals(held, [64 * 1024, 3 * MIB]);
});

Deno.test("PERF: a buffer that grows keeps what it holds", async () => {
  const chunks = Array.from(
    { length: 700 },
    (_, i) => new Uint8Array(1000).fill(i),
  );
  let given: Uint8Array | undefined;
  const { steps } = recorder({
    single: (bytes) => {
      given = bytes;
      return Promise.resolve("single");
    },
  });
  const plan = planUpload(null, S3);
  await uploadStream(new Blob(chunks).stream(), plan, steps, undefined);
  assertEquals(given, new Uint8Array(await new Blob(chunks).arrayBuffer()));
});

Deno.test("BODY-006 the chunks of the platform's own Blob are freed when they are copied, and no others", async () => {
  class Own extends Blob {
    override stream() {
      return super.stream();
    }
  }
  const took = () => {};
  for (
    const [blob, handsOver] of [
      [{ blob: new Blob(), took }, true],
      [{ blob: new File([], "a"), took }, true],
      [{ blob: new Own(), took }, false],
      [null, false],
    ] as const
  ) {
    const chunks = [7, 8, 30, 1].map((size) => new Uint8Array(size).fill(size));
    const inMore = new Uint8Array(40).subarray(1, 30).fill(29);
    const all = new Blob([...chunks, inMore]);
    const sent: Uint8Array<ArrayBuffer>[] = [];
    let freed = 0;
    const { steps } = recorder({
      part: (number, bytes) => {
        sent.push(bytes.slice());
        return Promise.resolve(number);
      },
    });
    const source = [...chunks, inMore];
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        freed = chunks.filter(({ byteLength }) => byteLength === 0).length;
        const chunk = source.shift();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
    }, { highWaterMark: 0 });
    await uploadStream(stream, PLAN, steps, undefined, { blob });
    assertEquals(await new Blob(sent).bytes(), await all.bytes());
    assertEquals(freed, handsOver ? 4 : 0);
    assertEquals(inMore.byteLength, 29, "it is not alone in its memory");
  }
});

Deno.test("PERF: the next part is filled while the others are under way, in one buffer more", async () => {
  const buffers = new Set<ArrayBuffer>();
  let read = 0;
  const filled: number[] = [];
  const { steps } = recorder({
    part: async (number, { buffer }) => {
      buffers.add(buffer);
      await new Promise((resolve) => setTimeout(resolve, 2));
      filled.push(read);
      return number;
    },
  });
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (read === 200) return controller.close();
      read += 10;
      controller.enqueue(new Uint8Array(10));
    },
  }, { highWaterMark: 0 });
  await uploadStream(stream, PLAN, steps, undefined);
  // Two parts of ten are under way: the third is there, with a look beyond it.
  assertEquals(filled[0], 40);
  assertEquals(buffers.size, PLAN.concurrency + 1);
});

Deno.test("PERF: who looks at an upload is shown all bytes once, in order, before they go", async () => {
  const KIB = 1024;
  const plan = {
    ...PLAN,
    partSize: 300 * KIB,
    equal: 2,
    step: 100 * KIB,
    maxPartSize: 1024 * KIB,
    firstBuffer: 8 * KIB,
  };
  for (
    const sizes of [
      ...[[], [1], [5 * KIB, 20 * KIB], [300 * KIB], [300 * KIB, 1]],
      ...[[2000 * KIB], Array(900).fill(3 * KIB + 7), [
        64 * KIB,
        0,
        1000 * KIB,
      ]],
    ]
  ) {
    const total = sizes.reduce((sum: number, size: number) => sum + size, 0);
    const content = new Uint8Array(total).map((_, i) => (i * 31) ^ (i >> 8));
    let at = 0;
    const chunks = sizes.map((size: number) => content.slice(at, at += size));
    const seen = new Uint8Array(total);
    let count = 0;
    let sent = 0;
    const wasShown = (bytes: Uint8Array) => {
      sent += bytes.byteLength;
      assert(count >= sent, `${sent} bytes went, and ${count} were shown`);
    };
    const { steps } = recorder({
      single: (bytes) => Promise.resolve(`${wasShown(bytes) ?? "single"}`),
      part: (number, bytes) => Promise.resolve(wasShown(bytes) ?? number),
    });
    await uploadStream(
      ReadableStream.from(chunks),
      plan,
      steps,
      undefined,
      {
        saw: (bytes) => {
          seen.set(bytes, count);
          count += bytes.byteLength;
        },
      },
    );
    assertEquals([count, sent], [total, total]);
    assert(seen.every((byte, i) => byte === content[i]), `${sizes}`);
  }
});

Deno.test("CONT-002: a stream that ends at zero bytes is one request, whatever its chunks", async () => {
  for (const sizes of [[], [0], [0, 0, 0]]) {
    const { events, steps } = recorder();
    await uploadStream(streamOf(sizes), PLAN, steps, undefined);
    assertEquals(events, ["single 0"]);
  }
});

Deno.test("CONT-002: empty chunks behind a full part make no part of their own", async () => {
  const { events, steps } = recorder();
  await uploadStream(streamOf([10, 0, 0]), PLAN, steps, undefined);
  assertEquals(events, ["single 10"]);
});

Deno.test("CONT-002: no commit without a part", async () => {
  const { events, steps } = recorder();
  const error = await sendParts(
    () => Promise.resolve(null),
    () => 2,
    steps,
    undefined,
  ).catch((error) => error);
  assertEquals(
    [error.code, events],
    ["RemoteStoreError", ["begin", "abort with 0 in flight"]],
  );
});

Deno.test("PLAN-002: parts of an unknown length grow, fewer at once", async () => {
  const { events, steps, most } = recorder();
  const plan = { ...PLAN, equal: 2, step: 2, maxParts: 6 };
  await uploadStream(streamOf(Array(12).fill(11)), plan, steps, undefined);
  assertEquals(events.filter((event) => event.startsWith("part")), [
    "part 1 10",
    "part 2 10",
    "part 3 20",
    "part 4 20",
    "part 5 40",
    "part 6 32",
  ]);
  assertEquals(most() <= 2, true);
});

Deno.test("PLAN-003: what the plan does not hold ends there, with the advice", async () => {
  const { events, steps } = recorder();
  const plan = { ...PLAN, equal: 3, maxParts: 3 };
  const error = await uploadStream(streamOf([31]), plan, steps, undefined)
    .catch((error) => error);
  assertEquals(error.code, "RemoteStoreError");
  assertEquals(
    error.message,
    "it is longer than the 30 bytes that 3 parts hold, which begin with 10: larger parts hold more, and content whose size is known has parts that fit",
  );
  assertEquals(events.at(-1), "abort with 0 in flight");
  const fits = recorder();
  await uploadStream(streamOf([30]), plan, fits.steps, undefined);
  assertEquals(fits.events.at(-1), "complete 1,2,3");
});
