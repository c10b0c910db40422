import { assert, assertEquals, assertRejects } from "@std/assert";
import { BackendUnavailableError } from "@remote-store/core";
import { pendingUploads, resumableUpload } from "../../ext/resume.ts";
import { bytesOf, counted, fileOf, memory } from "./_resume/fixture.ts";

const PART = 100;
const FILE = bytesOf(10 * PART - 7);
const OPTIONS = { partSize: PART, concurrency: 2 };

/** A device whose network is taken away and given back. */
async function device(
  work: (network: { lose(): void; give(): void }) => Promise<void>,
): Promise<void> {
  const { navigator } = globalThis;
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator")!;
  let onLine = true;
  Object.defineProperty(globalThis, "navigator", {
    configurable: true,
    value: {
      get onLine() {
        return onLine;
      },
      locks: (navigator as { locks?: unknown }).locks,
    },
  });
  const set = (to: boolean) => {
    onLine = to;
    globalThis.dispatchEvent(new Event(to ? "online" : "offline"));
  };
  try {
    await work({ lose: () => set(false), give: () => set(true) });
  } finally {
    Object.defineProperty(globalThis, "navigator", before);
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

Deno.test("RES-008 offline is waited out, for as long as it takes, and is no failure", async () => {
  await device(async ({ lose, give }) => {
    const [inner, tokens] = [memory(), memory()];
    let offline = false;
    let failures = 0;
    const store = counted(inner, {
      before(number) {
        if (number === 4 && failures === 0) {
          offline = true;
          lose();
        }
        if (!offline) return;
        failures++;
        throw new BackendUnavailableError("no answer came");
      },
    });
    const upload = resumableUpload(store, fileOf(FILE), "a.bin", {
      ...OPTIONS,
      tokens,
    });
    // Those that went out before it end, and are written down.
    const isStill = async () => {
      const [token] = await Array.fromAsync(pendingUploads(tokens));
      const answered = store.sent.parts.length - failures;
      return failures > 0 && token?.parts.length === answered;
    };
    for (let looks = 0; !await isStill(); looks++) {
      assert(looks < 2000, "the parts in flight do not end");
      await wait(5);
    }
    const asked = store.sent.parts.length;
    await wait(50);
    assertEquals(store.sent.parts.length, asked, "something was sent offline");
    assert(failures <= OPTIONS.concurrency);
    offline = false;
    give();
    assertEquals((await upload).size, FILE.byteLength);
    assertEquals(await inner.readBytes("a.bin"), FILE);
  });
});

Deno.test("RES-008 a network that is lost and back before its failure is heard of is no failure either", async () => {
  await device(async ({ lose, give }) => {
    const [inner, tokens] = [memory(), memory()];
    let isLost = false;
    const store = counted(inner, {
      before(number) {
        if (number !== 4 || isLost) return;
        isLost = true;
        lose();
        give();
        throw new BackendUnavailableError("no answer came");
      },
    });
    const { size } = await resumableUpload(store, fileOf(FILE), "a.bin", {
      ...OPTIONS,
      tokens,
    });
    assertEquals(size, FILE.byteLength);
  });
});

Deno.test("RES-008 a service that fails online is told as it is, and the upload stays", async () => {
  await device(async ({ lose }) => {
    const [inner, tokens] = [memory(), memory()];
    for (const whenOffline of ["wait", "fail"] as const) {
      const store = counted(inner, {
        before(number) {
          if (number < 4) return;
          if (whenOffline === "fail") lose();
          throw new BackendUnavailableError("the service answered 503");
        },
      });
      await assertRejects(
        async () =>
          await resumableUpload(store, fileOf(FILE), "a.bin", {
            ...OPTIONS,
            // What is in flight beside the failure may be cut off or not.
            concurrency: 1,
            tokens,
            whenOffline,
          }),
        BackendUnavailableError,
        "503",
      );
    }
    const [left] = await Array.fromAsync(pendingUploads(tokens));
    assertEquals(left?.acknowledged, 3 * PART);
  });
});

Deno.test("RES-008 a pause ends the wait for the network", async () => {
  await device(async ({ lose }) => {
    lose();
    const pause = new AbortController();
    const upload = resumableUpload(memory(), fileOf(FILE), "a.bin", {
      ...OPTIONS,
      tokens: memory(),
      signal: pause.signal,
    });
    setTimeout(() => pause.abort(new Error("enough")), 10);
    await assertRejects(async () => await upload, Error, "enough");
  });
});

Deno.test("RES-009 progress tells what is acknowledged, and written down, from what is sent", async () => {
  const [inner, tokens] = [memory(), memory()];
  const seen: { acknowledged: number; sent: number; total: number }[] = [];
  const store = counted(inner, {
    async behind() {
      await wait(1);
    },
  });
  await resumableUpload(store, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    tokens,
    onProgress: (progress) => seen.push(progress),
  });
  for (const { acknowledged, sent, total } of seen) {
    assertEquals(total, FILE.byteLength);
    assert(acknowledged <= sent && sent <= total);
    assert(sent - acknowledged <= OPTIONS.concurrency * PART);
  }
  const acknowledged = seen.map((one) => one.acknowledged);
  assertEquals(acknowledged.toSorted((a, b) => a - b), acknowledged);
  assertEquals(acknowledged.at(-1), FILE.byteLength);
  assert(seen.some((one) => one.sent > one.acknowledged));
});

Deno.test("RES-009 what is told as acknowledged is in the token already", async () => {
  const [store, tokens] = [memory(), memory()];
  const looks: Promise<void>[] = [];
  await resumableUpload(store, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    tokens,
    onProgress({ acknowledged }) {
      if (acknowledged === 0 || acknowledged === FILE.byteLength) return;
      const look = async () => {
        const [token] = await Array.fromAsync(pendingUploads(tokens));
        assert((token?.acknowledged ?? Infinity) >= acknowledged);
      };
      looks.push(look());
    },
  });
  assert(looks.length > 5);
  await Promise.all(looks);
});

Deno.test("RES-011 a pause lets what is in flight end, within a second, and keeps it", async () => {
  const [inner, tokens] = [memory(), memory()];
  const pause = new AbortController();
  const store = counted(inner, {
    async before(number) {
      if (number === 4) pause.abort(new Error("paused"));
      if (number > 3) await wait(30);
    },
  });
  await assertRejects(
    async () =>
      await resumableUpload(store, fileOf(FILE), "a.bin", {
        ...OPTIONS,
        tokens,
        signal: pause.signal,
      }),
    Error,
    "paused",
  );
  const [left] = await Array.fromAsync(pendingUploads(tokens));
  assert(left!.parts.some(({ number }) => number === 4));
  assert(store.sent.parts.length <= 5);
});

Deno.test("RES-011 what does not end within that second is given up", async () => {
  const [inner, tokens] = [memory(), memory()];
  const pause = new AbortController();
  const store = counted(inner, {
    before: (number, signal) =>
      number < 4 ? undefined : new Promise((_, reject) => {
        pause.abort(new Error("paused"));
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  });
  const began = performance.now();
  await assertRejects(
    async () =>
      await resumableUpload(store, fileOf(FILE), "a.bin", {
        ...OPTIONS,
        tokens,
        signal: pause.signal,
      }),
    Error,
    "paused",
  );
  assert(performance.now() - began >= 900);
  const [left] = await Array.fromAsync(pendingUploads(tokens));
  assertEquals(left?.acknowledged, 3 * PART);
});

Deno.test("RES-009 what onProgress throws ends the call, and the upload stays", async () => {
  const [store, tokens] = [memory(), memory()];
  await assertRejects(
    async () =>
      await resumableUpload(store, fileOf(FILE), "a.bin", {
        ...OPTIONS,
        tokens,
        onProgress({ acknowledged }) {
          if (acknowledged > 300) throw new Error("the caller's own");
        },
      }),
    Error,
    "the caller's own",
  );
  const [left] = await Array.fromAsync(pendingUploads(tokens));
  assert(left!.acknowledged > 300);
});
