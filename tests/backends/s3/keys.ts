/**
 * Names that some client or server has stumbled over and all of printable ASCII, and
 * what has to hold of them on every service.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Backend, type S3Options } from "../../../backends/s3/mod.ts";
import { type RemoteStoreError, Store } from "../../../mod.ts";

const ASCII = Array.from(
  { length: 0x7e - 0x20 },
  (_, i) => String.fromCharCode(0x21 + i),
).filter((char) => !"./\\".includes(char));

const MIDDLES = [
  ...new Set([
    ...ASCII,
    " ",
    "  ",
    "\t",
    "\n",
    "\r",
    "\x01",
    "\x0b",
    "\x1f",
    "\x7f",
    "\x80",
    "\x9f",
    "\xa0",
    "\xad",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2028",
    "\ufeff",
    "\ufffd",
    "%",
    "%%",
    "%20",
    "%2F",
    "%2f",
    "%25",
    "%zz",
    "%2e%2e",
    "+",
    "%2B",
    "a+b c%20d",
    "&amp;",
    "&#65;",
    "<key>",
    "]]>",
    "'\"`",
    "?a=b",
    "?uploads",
    "#fragment",
    ";v=1",
    "a=b&c=d",
    "..a",
    "a..",
    "...",
    "....",
    ".hidden",
    "~",
    "~user",
    "$HOME",
    "{a,b}",
    "[a-z]*",
    "é",
    "e\u0301",
    "ü",
    "ß",
    "İı",
    "中文",
    "日本語",
    "한국어",
    "ﷺ",
    "العربية",
    "עברית",
    "हिन्दी",
    "ไทย",
    "😀",
    "👩‍👩‍👧",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "\u{10ffff}",
    "\u{1f600}\u{fe0f}",
    "a:b",
    "http:a",
    "C:",
    "con",
    "nul.txt",
    "null",
    "undefined",
    "true",
    "0",
    "-1",
    "1e9",
    "__proto__",
    "constructor",
    "a".repeat(255),
    "ü".repeat(100),
    "😀".repeat(50),
  ]),
];

/** Names that are a whole segment of a path. */
const NAMES = MIDDLES.filter((text) => !/^\.{1,2}$/.test(text));

/** Paths, each with its own place so that none hides another. */
export const KEYS: readonly string[] = [
  ...MIDDLES.map((text, index) => `${index}/a${text}b`),
  ...NAMES.map((text, index) => `n${index}/${text}`),
  "deep/" + "d/".repeat(200) + "e",
  "x".repeat(900),
  ...NAMES.map((text) => `f/${text}/c`),
];

/** Paths that no request can carry exactly, or that S3 does not store. */
export const REFUSED: readonly string[] = [
  "a/../../b",
  "..",
  "a\0b",
  "\ud800",
  "x".repeat(1025),
  "ü".repeat(513),
];

/** Works on a few keys at a time. */
export async function each(
  keys: readonly string[],
  work: (key: string) => Promise<unknown>,
): Promise<void> {
  const queue = keys.values();
  const worker = async () => {
    for (const key of queue) await work(key);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** Returns all paths of a store, sorted. */
export async function listed(store: Store): Promise<string[]> {
  const files = await Array.fromAsync(
    store.listFiles("", { recursive: true }),
    ({ path }) => path,
  );
  return files.sort();
}

/** Writes every key and checks that it is itself, read and listed. The store is empty before. */
export async function writeAndRead(store: Store): Promise<void> {
  assert(KEYS.length >= 200 && new Set(KEYS).size === KEYS.length);
  await each(KEYS, (key) => store.write(key, `of ${key}`));
  await each(
    KEYS,
    async (key) => assertEquals(await store.readText(key), `of ${key}`),
  );
  assertEquals(await listed(store), [...KEYS].sort());
  const folders = await Array.fromAsync(store.listFolders("f"));
  assertEquals(
    folders.map(({ path }) => path).sort(),
    NAMES.map((text) => `f/${text}`).sort(),
  );
  await each(NAMES, async (text) => {
    const below = await Array.fromAsync(store.listFiles(`f/${text}`));
    assertEquals(below.map(({ path }) => path), [`f/${text}/c`]);
  });
}

/** Copies every key, deletes the copies as a folder and the keys at once; nothing is left. */
export async function copyAndDelete(store: Store): Promise<void> {
  const short = KEYS.filter((key) => key.length < 800);
  await each(short, async (key) => {
    await store.copy(key, `copy/${key}`);
    assertEquals(await store.readText(`copy/${key}`), `of ${key}`);
  });
  await store.deleteFolder("copy", { recursive: true });
  assertEquals(await listed(store), [...KEYS].sort());
  const [kept, ...rest] = KEYS;
  assertEquals((await store.deleteMany(rest, { missingOk: true })).size, 0);
  assertEquals(await listed(store), [kept]);
  await store.delete(`${kept}`);
  assertEquals(await listed(store), []);
}

/** Checks that what cannot be exact is refused by every method, and that nothing is sent. */
export async function refuseUnsent(options: S3Options): Promise<void> {
  let sent = 0;
  const backend = new S3Backend({
    ...options,
    fetch: () => Promise.reject(new Error(`sent ${++sent}`)),
  });
  const store = new Store({ backend });
  for (const key of REFUSED) {
    const calls = [
      () => store.write(key, ""),
      () => store.readText(key),
      () => store.getFileInfo(key),
      () => store.copy(key, "a"),
      () => store.move(key, "a"),
      () => store.copy("a", key),
      () => store.move("a", key),
      () => store.delete(key),
      async () => {
        const failed = await store.deleteMany([key], { missingOk: true });
        throw failed.get(key);
      },
    ];
    for (const [index, call] of calls.entries()) {
      const error = await assertRejects(call, Error);
      const { code } = error as RemoteStoreError;
      assertEquals(code, "InvalidPath", `call ${index} of ${key.slice(0, 20)}`);
    }
  }
  assertEquals(sent, 0);
}
