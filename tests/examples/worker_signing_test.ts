import { isRemoteStoreError, Store } from "@remote-store/core";
import {
  RemoteS3Backend,
  remoteSigner,
} from "@remote-store/core/backends/s3-remote";
import { assertEquals } from "@std/assert";
import { createSign } from "../../examples/worker/src/signing.ts";
import worker from "../../examples/worker/src/worker.ts";
import { optionsOf, storeOf } from "../backends/s3/setup.ts";
import { FakeR2 } from "../fakes/r2/bucket.ts";
import { FakeS3 } from "../fakes/s3/service.ts";

const MIB = 2 ** 20;
const URL_OF_SIGN = "https://files.example.com/sign";

function openPage(fake: FakeS3, token?: string): Store {
  const sign = createSign(storeOf(fake, { partSize: 5 * MIB }), {
    maxBytes: 12 * MIB,
    token: "secret",
    origins: [],
    unsignedFields: undefined,
  });
  const { credentials: _, ...options } = optionsOf(fake, { partSize: 5 * MIB });
  const backend = new RemoteS3Backend({
    ...options,
    signer: remoteSigner(URL_OF_SIGN, {
      headers: () =>
        token === undefined ? {} : { authorization: `Bearer ${token}` },
      fetch: (url, init) => sign(new Request(url, init)),
    }),
    fetch: (url, init) =>
      url === URL_OF_SIGN
        ? sign(new Request(url, init))
        : fake.fetch(url, init),
  });
  return new Store({ backend });
}

async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return isRemoteStoreError(error) ? error.code : String(error);
  }
}

Deno.test("EX-005: worker signs reads for everybody, and changes for who has the token", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a.txt", new TextEncoder().encode("ab"), {});
  const reader = openPage(fake);
  assertEquals(await reader.readText("a.txt"), "ab");
  const names = await Array.fromAsync(reader.listFiles(""), ({ name }) => name);
  assertEquals(names, ["a.txt"]);
  for (const page of [reader, openPage(fake, "guess")]) {
    for (
      const change of [
        () => page.write("b.txt", "b"),
        () => page.write("b.bin", new Uint8Array(6 * MIB)),
        () => page.copy("a.txt", "b.txt"),
        () => page.delete("a.txt"),
      ]
    ) {
      assertEquals(await codeOf(change()), "PermissionDenied");
    }
  }
  assertEquals([...fake.bucket.objects.keys()], ["a.txt"]);
  const writer = openPage(fake, "secret");
  const large = new Uint8Array(12 * MIB).fill(7);
  assertEquals((await writer.write("b.bin", large)).size, large.byteLength);
  await writer.move("a.txt", "c.txt");
  assertEquals([...fake.bucket.objects.keys()].sort(), ["b.bin", "c.txt"]);
});

Deno.test("EX-005: worker signs for no file above its limit", async () => {
  const fake = new FakeS3();
  const writer = openPage(fake, "secret");
  const large = new Uint8Array(12 * MIB + 1);
  assertEquals(await codeOf(writer.write("b.bin", large)), "PermissionDenied");
  assertEquals(
    await codeOf(writer.write("c.bin", new Blob([large]).stream())),
    "PermissionDenied",
  );
  assertEquals([...fake.bucket.objects.keys()], []);
  assertEquals(fake.bucket.uploads.size, 0);
});

Deno.test("EX-005: worker has /sign only with a bucket that it has a key for", async () => {
  const ask = (env: Parameters<typeof worker.fetch>[1]) =>
    worker.fetch(
      new Request(URL_OF_SIGN, { headers: { "x-remote-store": "1" } }),
      env,
    );
  const bound = await ask({ BUCKET: new FakeR2() });
  assertEquals(await bound.json(), { error: { code: "NotFound" } });
  const answer = await ask({
    S3_BUCKET: "files",
    S3_REGION: "eu-central-1",
    S3_ACCESS_KEY_ID: "AKIDEXAMPLE",
    S3_SECRET_ACCESS_KEY: "a-secret-of-this-test",
  });
  const told = await answer.text();
  assertEquals(JSON.parse(told).bucket, "files");
  assertEquals(told.includes("a-secret-of-this-test"), false);
});
