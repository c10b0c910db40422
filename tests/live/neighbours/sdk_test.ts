/**
 * The AWS SDK on Ceph: markers as consoles make them, and what each side reads of the other.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { CREDENTIALS, ENDPOINT } from "../s3/server.ts";
import { FILES } from "./names.ts";
import { askVendor, createPlace, readStore, told } from "./place.ts";

type Command = readonly [
  name: string,
  input: Readonly<Record<string, unknown>>,
];

function ask(commands: readonly Command[]) {
  const job = { commands, endpoint: ENDPOINT, credentials: CREDENTIALS };
  return askVendor("objects.mjs", job);
}

const FIELDS = {
  ContentType: "text/markdown",
  CacheControl: "max-age=60",
  ContentDisposition: "inline",
  ContentLanguage: "de",
} as const;

Deno.test("PEER-001: every name that the SDK writes is read, its type, headers and metadata", async () => {
  const { bucket: Bucket, store } = await createPlace();
  await ask(
    [...FILES].map(([Key, bytes]) => {
      const Metadata = { Author: "Ada", "two-words": "a b" };
      const Body = new Uint8Array(bytes).toBase64();
      return ["PutObject", { Bucket, Key, Body, Metadata, ...FIELDS }];
    }),
  );
  assertEquals(told(await readStore(store)), told(FILES));
  const info = await store.getFileInfo("deep/中 🙂.css");
  assertEquals(info.metadata, { author: "Ada", "two-words": "a b" });
  assertEquals(info.contentType, FIELDS.ContentType);
  assertEquals(info.extra, {
    cacheControl: FIELDS.CacheControl,
    contentDisposition: FIELDS.ContentDisposition,
    contentLanguage: FIELDS.ContentLanguage,
  });
});

Deno.test("PEER-002: what is written is read by the SDK, its type, headers and metadata", async () => {
  const { bucket: Bucket, store } = await createPlace();
  await store.write("a.txt", "a", {
    contentType: FIELDS.ContentType,
    cacheControl: FIELDS.CacheControl,
    contentDisposition: FIELDS.ContentDisposition,
    contentLanguage: FIELDS.ContentLanguage,
    metadata: { Author: "Ada", city: "Zürich" },
  });
  const [answer = {}] = await ask([["GetObject", { Bucket, Key: "a.txt" }]]);
  const { ContentType, CacheControl, ContentDisposition, ContentLanguage } =
    answer;
  assertEquals(
    { ContentType, CacheControl, ContentDisposition, ContentLanguage },
    FIELDS,
  );
  assertEquals(answer["Body"], "a");
  assertEquals(answer["Metadata"], {
    author: "Ada",
    city: "=?UTF-8?B?WsO8cmljaA==?=",
  });
});

Deno.test("PEER-004: a marker, as a console makes it, is an empty folder, and a marker with bytes is content", async () => {
  const { bucket: Bucket, store } = await createPlace();
  await ask([
    ["PutObject", { Bucket, Key: "made/" }],
    ["PutObject", { Bucket, Key: "made/deep/" }],
    ["PutObject", { Bucket, Key: "filled/", Body: "AAAA" }],
  ]);
  assertEquals(await store.isFolder("made"), true);
  assertEquals(await store.isFile("made"), false);
  assertEquals(await Array.fromAsync(store.listFiles("made")), []);
  const folders = await Array.fromAsync(
    store.listFolders("", { maxDepth: 3 }),
    ({ path }) => path,
  );
  assertEquals(folders.sort(), ["filled", "made", "made/deep"]);
  assertEquals((await store.write("made/a.txt", "a")).size, 1);
  await store.delete("made/a.txt");
  assertEquals(await store.isFolder("made"), true);
  await store.deleteFolder("made", { recursive: true });
  const [list = {}] = await ask([["ListObjectsV2", { Bucket }]]);
  const left = list["Contents"] as { Key: string }[];
  assertEquals(left.map(({ Key }) => Key), ["filled/"]);
});
