import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AlreadyExistsError,
  NotFoundError,
  type Store,
} from "@remote-store/core";
import {
  discardUpload,
  pendingUploads,
  resumableUpload,
  type TokenStore,
  type UploadToken,
} from "../../ext/resume.ts";
import {
  bytesOf,
  counted,
  fileOf,
  killed,
  memory,
  withoutLocks,
} from "./_resume/fixture.ts";

const PART = 100;
const FILE = bytesOf(10 * PART - 7);
const OPTIONS = { partSize: PART, concurrency: 2 };

function slow(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}

/** Holds back all parts behind the first ones, until it is opened. */
function gate() {
  const { promise, resolve: open } = Promise.withResolvers<void>();
  return { open, before: (number: number) => number > 3 ? promise : slow() };
}

/** Waits until an upload is under way that has so many parts. */
async function underWay(tokens: Store, parts: number): Promise<UploadToken> {
  for (;;) {
    const [token] = await Array.fromAsync(pendingUploads(tokens));
    if ((token?.parts.length ?? -1) >= parts) return token!;
    await slow();
  }
}

/** Waits until so many others wait for their turn. */
async function inLine(count: number): Promise<void> {
  for (;;) {
    const { pending = [] } = await navigator.locks.query();
    if (pending.length >= count) return;
    await slow();
  }
}

Deno.test("RES-007 three tabs that upload one file send it once, and all get its result", async () => {
  const [store, tokens] = [memory(), memory()];
  const { before, open } = gate();
  const counting = counted(store, { before });
  const upload = async () =>
    await resumableUpload(counting, fileOf(FILE), "a.bin", {
      ...OPTIONS,
      tokens,
    });
  const first = upload();
  // The others find it open.
  await underWay(tokens, 1);
  const others = [upload(), upload()];
  // Who asks when all is done is told that the file exists.
  await inLine(others.length);
  open();
  const all = await Promise.all([first, ...others]);
  assertEquals(counting.sent.parts.length, 10);
  assertEquals(new Set(all.map(({ etag }) => etag)).size, 1);
  assertEquals(all.map(({ size }) => size), [993, 993, 993]);
  assertEquals(
    await Array.fromAsync(tokens.listFiles("", { recursive: true })),
    [],
  );
});

Deno.test("RES-007 tabs that begin at the same moment do so, too", async () => {
  const [store, tokens] = [memory(), memory()];
  const counting = counted(store, { before: slow });
  const all = await Promise.all(
    Array.from(
      { length: 4 },
      async () =>
        await resumableUpload(counting, fileOf(FILE), "a.bin", {
          ...OPTIONS,
          tokens,
        }),
    ),
  );
  assertEquals(counting.sent.parts.length, 10);
  assertEquals(new Set(all.map(({ etag }) => etag)).size, 1);
});

Deno.test("RES-019 who comes when the end of the first is being written is told that the file exists, and leaves nothing", async () => {
  const [store, tokens] = [memory(), memory()];
  const upload = async (shelf: TokenStore) =>
    await resumableUpload(store, fileOf(FILE), "a.bin", {
      ...OPTIONS,
      tokens: shelf,
    });
  let late: Promise<Error> | null = null;
  const first = await upload({
    open: tokens.open.bind(tokens),
    write: tokens.write.bind(tokens),
    listFiles: tokens.listFiles.bind(tokens),
    supports: tokens.supports.bind(tokens),
    async delete(path, options) {
      late ??= assertRejects(() => upload(tokens), AlreadyExistsError);
      // It has been asked before whether somebody is in line.
      await inLine(1);
      await tokens.delete(path, options);
    },
  });
  await late!;
  assertEquals(await store.readBytes("a.bin"), FILE);
  assertEquals((await store.getFileInfo("a.bin")).etag, first.etag);
  // It was told when it began: of its own there is nothing to clear away.
  assertEquals(
    await Array.fromAsync(tokens.listFiles("", { recursive: true })),
    [],
  );
});

Deno.test("RES-007 a tab that waits for another file does not take its result", async () => {
  const [store, tokens] = [memory(), memory()];
  const { before, open } = gate();
  const counting = counted(store, { before });
  const upload = async (bytes: typeof FILE) =>
    await resumableUpload(counting, fileOf(bytes), "a.bin", {
      ...OPTIONS,
      overwrite: true,
      tokens,
    });
  const first = upload(FILE);
  await underWay(tokens, 1);
  const other = bytesOf(FILE.byteLength, 2);
  const second = upload(other);
  open();
  await Promise.all([first, second]);
  assertEquals(counting.sent.parts.length, 20);
  assertEquals(await store.readBytes("a.bin"), other);
});

Deno.test("RES-007 where there are no locks the one that comes last goes on, and the first waits for its result", async () => {
  const [store, tokens] = [memory(), memory()];
  await withoutLocks(async () => {
    const { before, open } = gate();
    const counting = counted(store, { before });
    const upload = async () =>
      await resumableUpload(counting, fileOf(FILE), "a.bin", {
        ...OPTIONS,
        tokens,
      });
    const first = upload();
    const { owner } = await underWay(tokens, 3);
    const second = upload();
    while ((await underWay(tokens, 3)).owner === owner) await slow();
    open();
    const [one, two] = await Promise.all([first, second]);
    assertEquals(one.etag, two.etag);
    assert(two.kept >= 3 * PART);
    // What both had in flight when the second one came.
    assert(counting.sent.parts.length <= 10 + 2 * OPTIONS.concurrency);
    assertEquals(counting.sent.steps.filter((s) => s === "open").length, 1);
    assertEquals(counting.sent.steps.filter((s) => s === "complete").length, 1);
  });
  assertEquals(await store.readBytes("a.bin"), FILE);
  assertEquals(await Array.fromAsync(pendingUploads(tokens)), []);
});

Deno.test("RES-007 what the last tab has left is taken over, when it is not heard of any more", async () => {
  const [store, tokens] = [memory(), memory()];
  const token = await killed(store, tokens, {
    parts: 4,
    file: FILE,
    ...OPTIONS,
  });
  await withoutLocks(async () => {
    const result = await resumableUpload(store, fileOf(FILE), "a.bin", {
      ...OPTIONS,
      tokens,
    });
    assertEquals(result.kept, token.parts.length * PART);
  });
});

for (const locks of [true, false]) {
  Deno.test(`RES-003 an upload that another tab discards stops, and is not begun anew, ${locks ? "with" : "without"} locks`, async () => {
    const [store, tokens] = [memory(), memory()];
    let isDiscarded = false;
    const shaken = counted(store, {
      async before(number) {
        if (number < 5 || isDiscarded) return;
        isDiscarded = true;
        const [token] = await Array.fromAsync(pendingUploads(tokens));
        await discardUpload(store, token!, { tokens });
      },
    });
    const upload = () =>
      assertRejects(
        async () =>
          await resumableUpload(shaken, fileOf(FILE), "a.bin", {
            ...OPTIONS,
            tokens,
          }),
        NotFoundError,
        'Cannot upload "a.bin": the upload was discarded',
      );
    await (locks ? upload() : withoutLocks(upload));
    assertEquals(await store.exists("a.bin"), false);
    assertEquals(shaken.sent.steps.filter((s) => s === "open").length, 1);
    assertEquals(
      await Array.fromAsync(tokens.listFiles("", { recursive: true })),
      [],
    );
  });
}
