import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { type RemoteStoreError, Store } from "../../../mod.ts";
import { KEYS } from "./keys.ts";
import { ask } from "./oracle.ts";
import {
  createBucket,
  CREDENTIALS,
  DIALECT,
  ENDPOINT,
  optionsFor,
} from "./server.ts";

const ignore = DIALECT === "generic";

async function each<T>(
  keys: readonly string[],
  work: (key: string) => Promise<T>,
): Promise<Map<string, T>> {
  const results = new Map<string, T>();
  const queue = keys.values();
  const worker = async () => {
    for (const key of queue) results.set(key, await work(key));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}

async function setup() {
  const bucket = await createBucket();
  const store = new Store({ backend: new S3Backend(optionsFor(bucket)) });
  const job = { bucket, endpoint: ENDPOINT, credentials: CREDENTIALS };
  return { store, job };
}

async function listed(store: Store): Promise<string[]> {
  const files = await Array.fromAsync(
    store.listFiles("", { recursive: true }),
    ({ path }) => path,
  );
  return files.sort();
}

Deno.test({
  name:
    "PATH-001: every key is byte-exact in write, read, list, copy and bulk delete",
  ignore,
  async fn() {
    assert(KEYS.length >= 200 && new Set(KEYS).size === KEYS.length);
    const { store, job } = await setup();
    await each(KEYS, (key) => store.write(key, `of ${key}`));
    const read = await each(KEYS, (key) => store.readText(key));
    for (const key of KEYS) assertEquals(read.get(key), `of ${key}`);
    assertEquals(await listed(store), [...KEYS].sort());
    const theirs = await ask("s3_keys.mjs", { ...job, action: "list" });
    assertEquals((theirs as string[]).sort(), [...KEYS].sort());
    const answers = await ask("s3_keys.mjs", {
      ...job,
      action: "read",
      keys: KEYS,
    });
    for (const [index, answer] of (answers as unknown[]).entries()) {
      assertEquals(answer, `of ${KEYS[index]}`);
    }
    const short = KEYS.filter((key) => key.length < 800);
    await each(short, (key) => store.copy(key, `copy/${key}`));
    await each(
      short,
      async (key) =>
        assertEquals(await store.readText(`copy/${key}`), `of ${key}`),
    );
    await store.deleteFolder("copy", { recursive: true });
    assertEquals(await listed(store), [...KEYS].sort());
    for (const folder of new Set(KEYS.map((key) => key.split("/")[0]!))) {
      if (KEYS.includes(folder)) await store.delete(folder);
      else await store.deleteFolder(folder, { recursive: true });
    }
    assertEquals(await listed(store), []);
  },
});

Deno.test({
  name: "PATH-001: what the AWS SDK has written is read and listed",
  ignore,
  async fn() {
    const { store, job } = await setup();
    const results = await ask("s3_keys.mjs", {
      ...job,
      action: "write",
      keys: KEYS,
    });
    assertEquals(
      (results as unknown[]).filter((result) => result !== null),
      [],
    );
    await each(
      KEYS,
      async (key) => assertEquals(await store.readText(key), `of ${key}`),
    );
    assertEquals(await listed(store), [...KEYS].sort());
  },
});

Deno.test("PATH-001: what cannot be byte-exact is InvalidPath, and nothing is sent", async () => {
  let sent = 0;
  const backend = new S3Backend({
    ...optionsFor("bucket"),
    fetch: () => Promise.reject(new Error(`sent ${++sent}`)),
  });
  const store = new Store({ backend });
  const bad = [
    "a/../../b",
    "..",
    "a\0b",
    "\ud800",
    "x".repeat(1025),
    "ü".repeat(513),
  ];
  for (const key of bad) {
    const error = await assertRejects(() => store.write(key, ""), Error);
    assertEquals((error as RemoteStoreError).code, "InvalidPath", key);
  }
  assertEquals(sent, 0);
});
