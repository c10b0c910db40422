import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
  Store,
} from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import {
  discardUpload,
  pendingUploads,
  resumableUpload,
  type ResumableUploadOptions,
  type UploadToken,
} from "../../ext/resume.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { bytesOf, counted, fileOf, killed, memory } from "./_resume/fixture.ts";

const PART = 100;
const FILE = bytesOf(10 * PART - 7);
const OPTIONS = { partSize: PART, concurrency: 2 };

for (const torn of ["", "{", "null", '{"v":1}', "cut"]) {
  Deno.test(`RES-006 a token that is torn (${JSON.stringify(torn)}) is no token: the upload begins anew, and the token is gone`, async () => {
    const [store, tokens] = [memory(), memory()];
    const { key } = await killed(store, tokens, {
      parts: 4,
      file: FILE,
      ...OPTIONS,
    });
    const text = await tokens.readText(key);
    const left = torn === "cut" ? text.slice(0, -20) : torn;
    await tokens.write(key, left, { overwrite: true });
    assertEquals(await Array.fromAsync(pendingUploads(tokens)), []);
    const result = await resumableUpload(store, fileOf(FILE), "a.bin", {
      ...OPTIONS,
      tokens,
    });
    assertEquals([result.resumed, result.because], [false, "torn"]);
    assertEquals(await store.readBytes("a.bin"), FILE);
    assertEquals(await tokens.exists(key), false);
  });
}

for (const change of [{}, { parts: { 1: "one" } }, { state: "paused" }]) {
  Deno.test(`RES-017 what a newer version wrote (${JSON.stringify(change)}) stays as it is, and its upload with it`, async () => {
    const [store, tokens] = [memory(), memory()];
    const asked = { ...OPTIONS, tokens, overwrite: true };
    const token = await killed(store, tokens, {
      parts: 4,
      file: FILE,
      ...OPTIONS,
    });
    const { key } = token;
    const old = await tokens.readText(key);
    const text = JSON.stringify({ ...JSON.parse(old), v: 2, ...change });
    await tokens.write(key, text, { overwrite: true });
    assertEquals(await Array.fromAsync(pendingUploads(tokens)), []);
    for (let calls = 0; calls < 2; calls++) {
      const file = fileOf(FILE);
      const result = await resumableUpload(store, file, "a.bin", asked);
      assertEquals([result.resumed, result.because], [false, "newer"]);
      assertEquals(await tokens.readText(key), text);
    }
    const own = await resumableUpload(store, fileOf(FILE), "a.bin", {
      ...OPTIONS,
      overwrite: true,
      token: JSON.parse(text) as UploadToken,
    });
    assertEquals([own.resumed, own.because], [false, "newer"]);
    // The tab that can read it goes on.
    await tokens.write(key, old, { overwrite: true });
    const upload = await store.openUpload("a.bin", {
      id: token.id,
      size: token.size,
      partSize: token.partSize,
    });
    assertEquals((await Array.fromAsync(upload.parts())).length, 4);
  });
}

Deno.test("RES-018 a newer version that takes an upload over keeps its token when its parts are gone", async () => {
  const [store, tokens] = [memory(), memory()];
  const token = await killed(store, tokens, {
    parts: 4,
    file: FILE,
    ...OPTIONS,
  });
  const upload = await store.openUpload("a.bin", {
    id: token.id,
    size: token.size,
    partSize: token.partSize,
  });
  let taken = "";
  const result = await resumableUpload(store, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    tokens: {
      open: tokens.open.bind(tokens),
      delete: tokens.delete.bind(tokens),
      listFiles: tokens.listFiles.bind(tokens),
      supports: tokens.supports.bind(tokens),
      // The first write takes the upload over, and a newer tab does so right behind it.
      async write(path, content, options) {
        const written = await tokens.write(path, content, options);
        if (taken === "" && path === token.key) {
          await upload.discard();
          const stored = JSON.parse(await tokens.readText(path));
          taken = JSON.stringify({ ...stored, v: 2 });
          await tokens.write(path, taken, { overwrite: true });
        }
        return written;
      },
    },
  });
  assertEquals([result.resumed, result.because], [false, "gone"]);
  assertEquals(await tokens.readText(token.key), taken);
});

Deno.test("RES-006 what else lies among the tokens stays there", async () => {
  const [store, tokens] = [memory(), memory()];
  await tokens.write("notes.txt", "mine");
  await killed(store, tokens, { parts: 4, file: FILE, ...OPTIONS });
  await resumableUpload(store, fileOf(FILE), "a.bin", { ...OPTIONS, tokens });
  assertEquals(await tokens.readText("notes.txt"), "mine");
});

Deno.test("RES-002 of several uploads to one place the one of this file goes on, whatever it is called", async () => {
  const [store, tokens] = [memory(), memory()];
  const other = bytesOf(FILE.byteLength, 2);
  const asked = { ...OPTIONS, tokens };
  const pausedAt = async (bytes: typeof FILE, name: string) => {
    const pause = new AbortController();
    await assertRejects(async () =>
      await resumableUpload(store, fileOf(bytes, { name }), "a.bin", {
        ...asked,
        signal: pause.signal,
        onProgress: ({ acknowledged }) =>
          acknowledged > 3 * PART && pause.abort(),
      })
    );
  };
  await pausedAt(FILE, "one.bin");
  await pausedAt(other, "two.bin");
  const result = await resumableUpload(
    store,
    fileOf(other, { name: "one.bin" }),
    "a.bin",
    asked,
  );
  assertEquals([result.resumed, result.because], [true, null]);
  assertEquals(await store.readBytes("a.bin"), other);
  const [left] = await Array.fromAsync(pendingUploads(tokens));
  assertEquals(left?.name, "one.bin");
});

for (
  const [verify, notices] of [["all", 4], ["sample", 2], ["size", 0]] as const
) {
  Deno.test(`RES-002 verify "${verify}" compares as much as it says`, async () => {
    const [store, tokens] = [memory(), memory()];
    const file = bytesOf(40 * PART);
    const token = await killed(store, tokens, { parts: 30, file, ...OPTIONS });
    const { parts } = token;
    // The first, the last, and two in the middle.
    const touched = [parts[0]!, parts.at(-1)!, parts[9]!, parts[14]!];
    let noticed = 0;
    for (const { number } of touched) {
      const other = file.slice();
      other[(number - 1) * PART]! ^= 1;
      const checked: number[] = [];
      const pause = new AbortController();
      const upload = resumableUpload(store, fileOf(other), "a.bin", {
        ...OPTIONS,
        tokens,
        verify,
        signal: pause.signal,
        onProgress({ checked: bytes, sent, acknowledged }) {
          checked.push(bytes);
          if (sent > 0 || acknowledged > 0) pause.abort();
        },
      });
      await assertRejects(async () => await upload);
      if (upload.token?.key !== token.key) {
        noticed++;
        await discardUpload(store, upload.token!, { tokens });
      } else {
        assertEquals(
          Math.max(...checked),
          verify === "all"
            ? parts.length * PART
            : verify === "sample"
            ? 5 * PART
            : 0,
        );
      }
    }
    assert(
      noticed >= notices && (verify !== "size" || noticed === 0),
      `${noticed}`,
    );
  });
}

Deno.test("RES-002 other options begin anew: what the service was told when it was opened stays", async () => {
  const [store, tokens] = [memory(), memory()];
  await killed(store, tokens, { parts: 4, file: FILE, ...OPTIONS });
  const result = await resumableUpload(store, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    tokens,
    metadata: { by: "ada" },
  });
  assertEquals([result.because, result.metadata], ["options", { by: "ada" }]);
});

Deno.test("RES-014 without a store for tokens the token is the caller's, plain data that JSON carries", async () => {
  const store = memory();
  const pause = new AbortController();
  const upload = resumableUpload(store, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    signal: pause.signal,
    onProgress: ({ acknowledged }) => acknowledged > 400 && pause.abort(),
  });
  await assertRejects(async () => await upload);
  const token = JSON.parse(JSON.stringify(upload.token));
  const again = counted(store);
  const result = await resumableUpload(again, fileOf(FILE), "a.bin", {
    ...OPTIONS,
    token,
  });
  assertEquals(result.kept, upload.token!.parts.length * PART);
  assertEquals(again.sent.steps.includes("open"), false);
  assertEquals(await store.readBytes("a.bin"), FILE);
});

Deno.test("RES-014 a file of a store is uploaded from there, and is the same one after a reload", async () => {
  const [store, tokens, files] = [memory(), memory(), memory()];
  await files.write("drop/a.bin", FILE, { contentType: "image/png" });
  const source = { store: files, path: "drop/a.bin" };
  const pause = new AbortController();
  await assertRejects(async () =>
    await resumableUpload(store, source, "a.bin", {
      ...OPTIONS,
      tokens,
      signal: pause.signal,
      onProgress: ({ acknowledged }) => acknowledged > 400 && pause.abort(),
    })
  );
  const [token] = await Array.fromAsync(pendingUploads(tokens));
  assertEquals(token?.name, "drop/a.bin");
  const { kept } = await resumableUpload(store, source, "a.bin", {
    ...OPTIONS,
    tokens,
  });
  assert(kept > 400);
  assertEquals((await store.getFileInfo("a.bin")).contentType, "image/png");
});

Deno.test("RES-013 what is asked wrongly is refused before anything is sent", async () => {
  const [store, tokens] = [memory(), memory()];
  const file = fileOf(FILE);
  const wrong: [options: object, message: string][] = [
    [{ partsize: 1 }, "did you mean partSize?"],
    [{ partSize: 0 }, "partSize is 0"],
    [{ concurrency: 1.5 }, "concurrency is 1.5"],
    [{ verify: "none" }, 'verify is "none"'],
    [{ whenOffline: "retry" }, 'whenOffline is "retry"'],
    [{ onProgress: 1 }, "onProgress is no function"],
    [{ tokens, token: {} }, "it has tokens and a token"],
  ];
  for (const [options, message] of wrong) {
    const asked = options as ResumableUploadOptions;
    await assertRejects(
      async () => await resumableUpload(store, file, "a.bin", asked),
      InvalidArgumentError,
      message,
    );
  }
  await assertRejects(
    async () =>
      await resumableUpload(store, "text" as never, "a.bin", { tokens }),
    InvalidArgumentError,
    "the source is no Blob and no { store, path }",
  );
  const without = (capability: "conditional_write" | "resumable_upload") =>
    new Store({ backend: new FlatBackend({ without: [capability] }) });
  await assertRejects(
    async () =>
      await resumableUpload(without("resumable_upload"), file, "a.bin"),
    CapabilityNotSupportedError,
    'Cannot upload "a.bin": the backend does not support resumable_upload',
  );
  await assertRejects(
    async () =>
      await resumableUpload(store, file, "a.bin", {
        tokens: without("conditional_write"),
      }),
    CapabilityNotSupportedError,
    "Cannot keep tokens of uploads: the store does not support conditional_write",
  );
  assertEquals(await store.exists("a.bin"), false);
});

Deno.test("RES-013 a token of another place is refused", async () => {
  const [store, tokens] = [memory(), memory()];
  const token = await killed(store, tokens, {
    parts: 4,
    file: FILE,
    ...OPTIONS,
  });
  const other = new Store({ backend: new MemoryBackend(), root: "b" });
  await assertRejects(
    () => discardUpload(other, token, { tokens }),
    InvalidArgumentError,
    "its token is for another place",
  );
});

const NO_TOKENS: Readonly<
  Record<string, (token: Record<string, unknown>) => object>
> = {
  "nothing": () => ({}),
  "a list": () => [],
  "of no version": ({ v: _, ...token }) => token,
  "without its parts": ({ parts: _, ...token }) => token,
  "with a part that is none": (token) => ({ ...token, parts: [null] }),
  "with a part twice": (token) => {
    const [first] = token["parts"] as unknown[];
    return { ...token, parts: [first, first] };
  },
  "with a part behind its end": (token) => {
    const [first] = token["parts"] as object[];
    return { ...token, parts: [{ ...first, number: 99 }] };
  },
  "without its options": ({ options: _, ...token }) => token,
  "with an id that is none": (token) => ({ ...token, id: 5 }),
  "with parts of no size": (token) => ({ ...token, partSize: 0 }),
};
for (const [what, change] of Object.entries(NO_TOKENS)) {
  Deno.test(`RES-015 a caller's token, ${what}, is torn: the upload begins anew, and there is nothing to discard`, async () => {
    const [store, tokens] = [memory(), memory()];
    const kept = await killed(store, tokens, {
      parts: 4,
      file: FILE,
      ...OPTIONS,
    });
    const token = change(JSON.parse(JSON.stringify(kept))) as UploadToken;
    const { message } = await assertRejects(
      () => discardUpload(store, token, { tokens }),
      InvalidArgumentError,
    );
    assertEquals(
      message,
      "Cannot discard an upload: its token is torn, or none of this version",
    );
    const result = await resumableUpload(store, fileOf(FILE), "a.bin", {
      ...OPTIONS,
      token,
    });
    assertEquals([result.resumed, result.because], [false, "torn"]);
    assertEquals(await store.readBytes("a.bin"), FILE);
    // The upload that it is not about is as it was.
    const again = await resumableUpload(store, fileOf(FILE), "a.bin", {
      ...OPTIONS,
      tokens,
      overwrite: true,
    });
    assertEquals(again.because, "options");
  });
}

Deno.test("RES-015 a token that was not parsed is refused", async () => {
  const [store, tokens] = [memory(), memory()];
  const token = await killed(store, tokens, {
    parts: 4,
    file: FILE,
    ...OPTIONS,
  });
  const text = JSON.stringify(token) as unknown as UploadToken;
  await assertRejects(
    async () =>
      await resumableUpload(store, fileOf(FILE), "a.bin", { token: text }),
    InvalidArgumentError,
    'Cannot upload "a.bin": token is of type string',
  );
  await assertRejects(() => discardUpload(store, text), InvalidArgumentError);
  assertEquals(await store.exists("a.bin"), false);
});
