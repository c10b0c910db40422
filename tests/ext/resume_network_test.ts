import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  type RemoteStoreError,
  type Store,
} from "@remote-store/core";
import {
  pendingUploads,
  resumableUpload,
  type UploadStore,
} from "../../ext/resume.ts";
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

/** Returns a store whose first writes are made, and their answers lost with the network. */
function losing(
  inner: Store,
  network: { lose(): void; give(): void },
  times: number,
  behind: () => Promise<void> = () => Promise.resolve(),
): UploadStore {
  let left = times;
  return {
    openUpload: inner.openUpload.bind(inner),
    supports: inner.supports.bind(inner),
    resolve: inner.resolve.bind(inner),
    async write(path, content, options) {
      const result = await inner.write(path, content, options);
      if (left-- <= 0) return result;
      await behind();
      network.lose();
      network.give();
      throw new BackendUnavailableError("no answer came", { inDoubt: true });
    },
  };
}

Deno.test("RES-016 a small file whose answer was lost with the network is no conflict with itself", async () => {
  for (const replaces of [false, true]) {
    await device(async (network) => {
      const inner = memory();
      const before = replaces ? await inner.writeText("a.txt", "old") : null;
      const condition = before?.etag ? { ifMatch: before.etag } : {};
      const store = losing(inner, network, 1);
      const error = await assertRejects(
        async () =>
          await resumableUpload(store, new Blob(["new"]), "a.txt", condition),
        BackendUnavailableError,
        "the change may have been made",
      );
      assert(error.inDoubt);
      const { code } = error.cause as RemoteStoreError;
      assertEquals(code, replaces ? "PreconditionFailed" : "AlreadyExists");
      assertEquals(await inner.readText("a.txt"), "new");
    });
  }
});

Deno.test("RES-016 whatever stands in the way the next time, a write that was in doubt stays so", async () => {
  await device(async (network) => {
    const inner = memory();
    const store = losing(inner, network, 1, async () => {
      await inner.delete("a.txt");
      await inner.write("a.txt/b", "a folder now");
    });
    const error = await assertRejects(
      async () => await resumableUpload(store, new Blob(["new"]), "a.txt"),
      BackendUnavailableError,
    );
    assert(error.inDoubt);
  });
});

Deno.test("RES-016 a conflict that was there before is a conflict, and what only failed is done again", async () => {
  await device(async (network) => {
    const inner = memory();
    await inner.writeText("a.txt", "old");
    const store = losing(inner, network, 0);
    await assertRejects(
      async () => await resumableUpload(store, new Blob(["new"]), "a.txt"),
      AlreadyExistsError,
    );
    const twice = losing(inner, network, 2);
    const { size } = await resumableUpload(twice, new Blob(["new"]), "a.txt", {
      overwrite: true,
    });
    assertEquals(size, 3);
  });
});
