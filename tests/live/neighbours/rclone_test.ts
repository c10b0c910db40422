/**
 * rclone on Ceph: each side reads what the other has written.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { sync } from "../../../ext/sync.ts";
import { FILES } from "./names.ts";
import {
  createPlace,
  onDisk,
  putOnDisk,
  rclone,
  rcloneSays,
  readDisk,
  readStore,
  told,
} from "./place.ts";

/** Seconds and a fraction, as file systems have them. */
const MTIME = new Date("2020-01-02T03:04:05.678Z");

interface Listed {
  readonly Path: string;
  readonly ModTime: string;
  readonly MimeType: string;
  readonly Metadata: Readonly<Record<string, string>>;
}

async function list(remote: string): Promise<Map<string, Listed>> {
  const found: Listed[] = JSON.parse(
    await rclone("lsjson", "-R", "-M", "--files-only", remote),
  );
  return new Map(found.map((it) => [it.Path, it]));
}

Deno.test("PEER-001: every name that rclone writes is read, and its type and time", async () => {
  const { bucket, store } = await createPlace();
  await onDisk(async (folder) => {
    await putOnDisk(folder, FILES);
    await Deno.utime(`${folder}/a.txt`, MTIME, MTIME);
    await rclone("copy", folder, `s3:${bucket}`);
  });
  assertEquals(told(await readStore(store)), told(FILES));
  const { contentType, metadata, size } = await store.getFileInfo("a.txt");
  assertEquals([contentType, size], ["text/plain; charset=utf-8", 8]);
  assertEquals(metadata, { mtime: "1577934245.678" });
  const folders = await Array.fromAsync(
    store.listFolders("", { maxDepth: 5 }),
    ({ path }) => path,
  );
  assertEquals(folders.sort(), ["deep", "deep/er"]);
});

Deno.test("PEER-002: every name that is written is read by rclone, its type and its metadata", async () => {
  const { bucket, store } = await createPlace();
  for (const [path, bytes] of FILES) {
    const { size } = await store.write(path, bytes);
    assertEquals(size, bytes.byteLength);
  }
  await store.write("told.txt", "told", {
    contentType: "text/markdown",
    cacheControl: "max-age=60",
    contentDisposition: "inline",
    contentLanguage: "de",
    metadata: { author: "Ada", city: "Zürich" },
  });
  const listed = await list(`s3:${bucket}`);
  assertEquals(
    [...listed.keys()].sort(),
    [...FILES.keys(), "told.txt"].sort(),
  );
  const { MimeType, Metadata } = listed.get("told.txt")!;
  const { btime: _, ...rest } = Metadata;
  assertEquals(MimeType, "text/markdown");
  assertEquals(rest, {
    author: "Ada",
    // What is no ASCII is an encoded word (RFC 2047), which rclone leaves as it is.
    city: "=?UTF-8?B?WsO8cmljaA==?=",
    "cache-control": "max-age=60",
    "content-disposition": "inline",
    "content-language": "de",
    "content-type": "text/markdown",
  });
  await onDisk(async (folder) => {
    await store.delete("told.txt");
    await rclone("copy", `s3:${bucket}`, folder);
    assertEquals(told(await readDisk(folder)), told(FILES));
  });
});

Deno.test("PEER-001: control characters in names that rclone writes are kept", async () => {
  const { bucket, store } = await createPlace();
  const files = new Map(
    ["new\nline", "tab\t", "\u0001"].map((it) =>
      [it, new TextEncoder().encode(it)] as const
    ),
  );
  await onDisk(async (folder) => {
    await putOnDisk(folder, files);
    await rclone("copy", folder, `s3:${bucket}`);
  });
  assertEquals(told(await readStore(store)), told(files));
});

Deno.test("PEER-003: parts and codings: what rclone uploads in parts is read, and what is written in parts it checks", async () => {
  const { bucket, store } = await createPlace();
  const bytes = new Uint8Array(12 * 1024 * 1024).map((_, i) => i >> 11);
  const zipped = new Blob(["hello hello hello"]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  const page = await new Response(zipped).bytes();
  await onDisk(async (folder) => {
    const files = new Map([["big.bin", bytes], ["page.html", page]]);
    await putOnDisk(folder, files);
    const parts = ["--s3-upload-cutoff=5M", "--s3-chunk-size=5M"];
    await rclone("copy", ...parts, `${folder}/big.bin`, `s3:${bucket}/theirs`);
    const coding = ["--header-upload", "Content-Encoding: gzip"];
    await rclone("copy", ...coding, `${folder}/page.html`, `s3:${bucket}`);

    const { etag, digest, metadata } = await store.getFileInfo(
      "theirs/big.bin",
    );
    assert(etag?.endsWith('-3"'), `${etag}`);
    // An ETag of parts is no digest; rclone writes down its own.
    assertEquals(digest, null);
    assert(metadata?.["md5chksum"]);
    assertEquals(await store.readBytes("theirs/big.bin"), bytes);

    assertEquals(await store.readBytes("page.html"), page);
    const decoded = await store.readText("page.html", { decode: true });
    assertEquals(decoded, "hello hello hello");
    const { extra } = await store.getFileInfo("page.html");
    assertEquals(extra["contentEncoding"], "gzip");

    const source = new Blob([bytes]).stream();
    assertEquals(
      (await store.write("ours/big.bin", source)).size,
      bytes.byteLength,
    );
    const coded = { contentEncoding: "gzip", contentType: "text/html" };
    const { size } = await store.write("ours/page.html", page, coded);
    assertEquals(size, page.byteLength);
    await rclone("check", "--download", folder, `s3:${bucket}/ours`);
  });
});

Deno.test("PEER-004: empty folders are left out by rclone, and marks are folders to both", async () => {
  const { bucket, store } = await createPlace();
  await onDisk(async (folder) => {
    await Deno.mkdir(`${folder}/empty`);
    await putOnDisk(folder, new Map([["full/a.txt", new Uint8Array(1)]]));
    await rclone("copy", "--create-empty-src-dirs", folder, `s3:${bucket}`);
  });
  assertEquals(
    await Array.fromAsync(store.listFolders(""), ({ path }) => path),
    ["full"],
  );
  // What it leaves is not there to rclone, either.
  await store.delete("full/a.txt");
  assertEquals(await store.exists("full"), false);
  assertEquals((await rclone("lsf", `s3:${bucket}`)).trim(), "");
});

Deno.test("PEER-005: what sync copies keeps rclone's times, and rclone finds nothing left to do", async () => {
  const from = await createPlace();
  const to = await createPlace();
  await onDisk(async (folder) => {
    await putOnDisk(folder, FILES);
    await Deno.utime(`${folder}/a.txt`, MTIME, MTIME);
    await rclone("copy", folder, `s3:${from.bucket}`);
    const { copied, failed } = await sync(from.store, to.store);
    assertEquals([copied.length, failed], [FILES.size, []]);
    const { ModTime } = (await list(`s3:${to.bucket}`)).get("a.txt")!;
    assertEquals(new Date(ModTime), MTIME);
    const said = await rcloneSays("sync", folder, `s3:${to.bucket}`);
    assert(said.success);
    assert(/no transfers|nothing to transfer/.test(said.err), said.err);
    const again = await sync(from.store, to.store);
    assertEquals(again.unchanged.length, FILES.size);
  });
});

Deno.test("PEER-006: a time that rclone sets takes the content headers away, and leaves ETag, type and metadata", async () => {
  const { bucket, store } = await createPlace();
  const metadata = { author: "Ada" };
  const { etag } = await store.write("a.txt", "a", {
    contentType: "text/markdown",
    cacheControl: "max-age=60",
    contentDisposition: "inline",
    contentLanguage: "de",
    metadata,
  });
  await rclone(
    "touch",
    "--timestamp=2020-01-02T00:00:00",
    `s3:${bucket}/a.txt`,
  );
  const info = await store.getFileInfo("a.txt");
  assertEquals(info.extra, {});
  assertEquals([info.etag, info.contentType], [etag, "text/markdown"]);
  assertEquals(info.metadata, { ...metadata, mtime: "1577923200" });
});

Deno.test("PEER-006: a backslash in a name that rclone writes is in no path: unlisted, uncounted, and kept", async () => {
  const { bucket, store } = await createPlace();
  await onDisk(async (folder) => {
    await putOnDisk(folder, new Map([["back\\slash", new Uint8Array(1)]]));
    await rclone("copy", folder, `s3:${bucket}`);
  });
  assertEquals(await readStore(store), new Map());
  assertEquals((await store.getFolderInfo("")).fileCount, 0);
  assertEquals((await rclone("lsf", `s3:${bucket}`)).trim(), "back\\slash");
});

Deno.test("PEER-006: of two names that Unicode makes one, rclone copies one, unless it is told", async () => {
  const { bucket, store } = await createPlace();
  for (const path of ["\u00e9", "e\u0301"]) {
    assertEquals((await store.write(path, path)).size, path.length + 1);
  }
  const copied = (...options: string[]) =>
    onDisk(async (folder) => {
      await rclone("copy", ...options, `s3:${bucket}`, folder);
      return (await readDisk(folder)).size;
    });
  assertEquals(await copied(), 1);
  assertEquals(await copied("--no-unicode-normalization"), 2);
});
