/**
 * s3cmd on Ceph: each side reads what the other has written.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { FILES } from "./names.ts";
import {
  createPlace,
  onDisk,
  putOnDisk,
  readDisk,
  readStore,
  s3cmd,
  told,
} from "./place.ts";

Deno.test("PEER-001: every name that s3cmd writes is read, and its type and what it writes down", async () => {
  const { bucket, store } = await createPlace();
  await onDisk(async (folder) => {
    await putOnDisk(folder, FILES);
    await Deno.utime(`${folder}/a.txt`, 0, 1_577_934_245);
    await s3cmd("sync", "--no-guess-mime-type", `${folder}/`, `s3://${bucket}`);
  });
  assertEquals(told(await readStore(store)), told(FILES));
  const { contentType, metadata } = await store.getFileInfo("a.txt");
  assertEquals(contentType, "binary/octet-stream");
  const attrs = new Map(
    `${metadata?.["s3cmd-attrs"]}`.split("/").map((it) => {
      const at = it.indexOf(":");
      return [it.slice(0, at), it.slice(at + 1)];
    }),
  );
  assertEquals(Object.keys(metadata ?? {}), ["s3cmd-attrs"]);
  assertEquals(attrs.get("mtime"), "1577934245");
  assertEquals(attrs.get("mode"), "33188");
});

Deno.test("PEER-002: every name that is written is read by s3cmd, its type and its metadata", async () => {
  const { bucket, store } = await createPlace();
  for (const [path, bytes] of FILES) {
    const { size } = await store.write(path, bytes, {
      contentType: "text/markdown",
      metadata: { author: "Ada", city: "Zürich" },
    });
    assertEquals(size, bytes.byteLength);
  }
  await onDisk(async (folder) => {
    await s3cmd("sync", `s3://${bucket}/`, `${folder}/`);
    assertEquals(told(await readDisk(folder)), told(FILES));
  });
  const info = await s3cmd("info", `s3://${bucket}/a.txt`);
  assert(/MIME type: +text\/markdown/.test(info), info);
  assert(/x-amz-meta-author: +Ada/.test(info), info);
  // As it travels: what is no ASCII is an encoded word (RFC 2047).
  assert(info.includes("=?UTF-8?B?WsO8cmljaA==?="), info);
});

Deno.test("PEER-003: what s3cmd uploads in parts is read, and a copy by it keeps what was written", async () => {
  const { bucket, store } = await createPlace();
  const bytes = new Uint8Array(12 * 1024 * 1024).map((_, i) => i >> 11);
  await onDisk(async (folder) => {
    await putOnDisk(folder, new Map([["big.bin", bytes]]));
    const parts = "--multipart-chunk-size-mb=5";
    await s3cmd("put", parts, `${folder}/big.bin`, `s3://${bucket}/big.bin`);
  });
  assertEquals((await store.getFileInfo("big.bin")).etag?.slice(-3), '-3"');
  assertEquals(await store.readBytes("big.bin"), bytes);
  const options = {
    contentType: "text/markdown",
    cacheControl: "max-age=60",
    metadata: { author: "Ada" },
  };
  assertEquals((await store.write("a.txt", "a", options)).size, 1);
  await s3cmd("cp", `s3://${bucket}/a.txt`, `s3://${bucket}/b.txt`);
  const { contentType, metadata, extra } = await store.getFileInfo("b.txt");
  assertEquals(
    { contentType, metadata, cacheControl: extra["cacheControl"] },
    options,
  );
});

Deno.test("PEER-004: empty folders are left out by s3cmd, and a folder that has lost its files is gone for both", async () => {
  const { bucket, store } = await createPlace();
  await onDisk(async (folder) => {
    await Deno.mkdir(`${folder}/empty`);
    await putOnDisk(folder, new Map([["full/a.txt", new Uint8Array(1)]]));
    await s3cmd("sync", `${folder}/`, `s3://${bucket}`);
  });
  assertEquals(
    await Array.fromAsync(store.listFolders(""), ({ path }) => path),
    ["full"],
  );
  await store.delete("full/a.txt");
  assertEquals(await store.exists("full"), false);
  assertEquals((await s3cmd("ls", "-r", `s3://${bucket}`)).trim(), "");
});

Deno.test("PEER-006: s3cmd writes a control character in a name as a caret and a letter, under which it is read", async () => {
  const { bucket, store } = await createPlace();
  await onDisk(async (folder) => {
    await putOnDisk(folder, new Map([["tab\there", new Uint8Array(1)]]));
    await s3cmd("sync", `${folder}/`, `s3://${bucket}`);
  });
  assertEquals([...(await readStore(store)).keys()], ["tab^Ihere"]);
});
