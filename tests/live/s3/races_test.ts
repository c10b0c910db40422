import { assertEquals } from "@std/assert";
import {
  type Fetch,
  probeDialect,
  S3Backend,
} from "../../../backends/s3/mod.ts";
import { type RemoteStoreError, Store } from "../../../mod.ts";
import { raceCreates } from "../../backends/s3/races.ts";
import {
  createBucket,
  createStore,
  DIALECT,
  optionsFor,
  send,
} from "./server.ts";

const careless = DIALECT === "generic";

Deno.test({
  name: "CAS-002: of 16 parallel creates exactly one succeeds, 100 times",
  ignore: careless,
  async fn() {
    const store = await createStore();
    for (let round = 0; round < 100; round++) {
      const path = `race-${round}`;
      const ends = await Promise.allSettled(
        Array.from({ length: 16 }, (_, i) =>
          // Every second one is a stream of unknown length.
          store.write(
            path,
            i % 2 === 0 ? `writer ${i}` : new Blob([`writer ${i}`]).stream(),
          )),
      );
      const won = ends.flatMap(({ status }, i) =>
        status === "fulfilled" ? [i] : []
      );
      assertEquals(won.length, 1, `round ${round}`);
      assertEquals(await store.readText(path), `writer ${won[0]}`);
      for (const end of ends) {
        if (end.status === "fulfilled") continue;
        assertEquals((end.reason as RemoteStoreError).code, "AlreadyExists");
      }
    }
  },
});

Deno.test({
  name: "BE-008: where only looks help, nobody replaces a file that was there",
  ignore: !careless,
  async fn() {
    const options = optionsFor(await createBucket());
    const open = (fetch: Fetch) =>
      new Store({ backend: new S3Backend({ ...options, fetch }) });
    // s3rver writes in place, so that parallel PUTs of different lengths leave a
    // mixture there, whoever sends them. Of one length they do not.
    const most = await raceCreates(fetch, open, 50, () => 5000);
    console.log(`creates that won one race, at most: ${most}`);
  },
});

Deno.test("BE-008: a file that is there is never overwritten unseen, by bytes, stream or parts", async () => {
  const store = await createStore();
  await store.write("a", "first");
  const long = () => new Blob([new Uint8Array(17 * 1024 * 1024)]).stream();
  for (
    const content of [() => "second", () => new Blob(["second"]).stream(), long]
  ) {
    const error = await store.write("a", content()).then(() => null, (e) => e);
    assertEquals((error as RemoteStoreError | null)?.code, "AlreadyExists");
  }
  await store.write("b", "b");
  const error = await store.copy("b", "a").then(() => null, (e) => e);
  assertEquals((error as RemoteStoreError | null)?.code, "AlreadyExists");
  assertEquals(await store.readText("a"), "first");
});

Deno.test("S3-003: probeDialect() finds the server's ways, and leaves nothing", async () => {
  const bucket = await createBucket();
  const { conditions, ifMatch } = await probeDialect(optionsFor(bucket));
  assertEquals(conditions.put, !careless);
  if (!careless) assertEquals(ifMatch, "unquoted");
  const store = new Store({ backend: new S3Backend(optionsFor(bucket)) });
  assertEquals(await Array.fromAsync(store.listFiles("")), []);
});

Deno.test({
  name:
    "S3-003: probeDialect() sees that Ceph's versioned buckets ignore conditions, and the looks help there",
  ignore: careless,
  async fn() {
    const bucket = await createBucket();
    const response = await send("PUT", `/${bucket}?versioning=`, {
      body: new TextEncoder().encode(
        `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>`,
      ),
    });
    assertEquals([response.status, await response.text()], [200, ""]);
    const dialect = await probeDialect(optionsFor(bucket));
    assertEquals(dialect.conditions.put, false);
    const backend = new S3Backend({ ...optionsFor(bucket), dialect });
    const store = new Store({ backend });
    await store.write("a", "first");
    const error = await store.write("a", "second").catch((error) => error);
    assertEquals((error as RemoteStoreError).code, "AlreadyExists");
    assertEquals(await store.readText("a"), "first");
  },
});
