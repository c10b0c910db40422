import { assertEquals, assertRejects } from "@std/assert";
import { S3Connection } from "../../../backends/s3/connection.ts";
import { toSigning } from "../../../backends/s3/sigv4.ts";
import { confirmed, head, look } from "../../../backends/s3/probing.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf } from "./setup.ts";

const BYTES = new Uint8Array([1, 2, 3]);

function open(options = {}) {
  const fake = new FakeS3();
  const { etag } = fake.bucket.put("a", BYTES, {});
  return {
    fake,
    etag,
    connection: new S3Connection(optionsOf(fake, options), toSigning),
  };
}

Deno.test("S3-006: head() finds a file by one request, and nothing in an absent bucket", async () => {
  const { connection, fake } = open();
  assertEquals((await head(connection, "a", undefined))?.kind, "file");
  assertEquals(await head(connection, "b", undefined), null);
  assertEquals(fake.log.length, 2);
  const gone = open({ bucket: "gone" });
  assertEquals(await head(gone.connection, "a", undefined), null);
});

Deno.test("BE-008: look() asks only where there is a condition", async () => {
  const { connection, fake } = open();
  await look(connection, "a", { overwrite: true, ifMatch: null }, undefined);
  assertEquals(fake.log, []);
  await assertRejects(() =>
    look(connection, "a", { overwrite: false, ifMatch: null }, undefined)
  );
  await look(connection, "b", { overwrite: false, ifMatch: null }, undefined);
});

Deno.test("WR-007: confirmed() takes no facts from another's version", async () => {
  const { connection, etag } = open({ confirmWrites: true });
  const facts = { etag, versionId: null, lastModified: null, digest: null };
  const own = await confirmed(connection, "a", facts, undefined);
  assertEquals(own.lastModified !== null, true);
  const other = { ...facts, etag: '"x"' };
  assertEquals(await confirmed(connection, "a", other, undefined), other);
  assertEquals(await confirmed(connection, "b", facts, undefined), facts);
});
