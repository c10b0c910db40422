import { assertEquals } from "@std/assert";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { Store } from "../../../mod.ts";
import {
  copyAndDelete,
  each,
  KEYS,
  listed,
  writeAndRead,
} from "../../backends/s3/keys.ts";
import { ask } from "./oracle.ts";
import {
  createBucket,
  CREDENTIALS,
  DIALECT,
  ENDPOINT,
  optionsFor,
} from "./server.ts";

const ignore = DIALECT === "generic";

async function setup() {
  const bucket = await createBucket();
  const store = new Store({ backend: new S3Backend(optionsFor(bucket)) });
  const job = { bucket, endpoint: ENDPOINT, credentials: CREDENTIALS };
  return { store, job };
}

Deno.test({
  name:
    "PATH-001: every key is byte-exact in write, read, list, copy and bulk delete, and read by the AWS SDK",
  ignore,
  async fn() {
    const { store, job } = await setup();
    await writeAndRead(store);
    const theirs = await ask("s3_keys.mjs", { ...job, action: "list" });
    assertEquals((theirs as string[]).sort(), [...KEYS].sort());
    const read = { ...job, action: "read", keys: KEYS };
    const answers = await ask("s3_keys.mjs", read);
    assertEquals(answers, KEYS.map((key) => `of ${key}`));
    await copyAndDelete(store);
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
