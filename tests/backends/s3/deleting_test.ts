import { assert, assertEquals, assertRejects } from "@std/assert";
import { DIALECTS } from "../../../backends/s3/dialect.ts";
import { remove, removeMany } from "../../../backends/s3/deleting.ts";
import { S3Connection } from "../../../backends/s3/connection.ts";
import { toSigning } from "../../../backends/s3/sigv4.ts";
import type { RemoteStoreError } from "../../../mod.ts";
import { answerError, answerXml } from "../../fakes/s3/answers.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf } from "./setup.ts";

const code = (error: unknown) => (error as RemoteStoreError).code;

function filled(keys: readonly string[]): FakeS3 {
  const fake = new FakeS3();
  for (const key of keys) fake.bucket.put(key, new Uint8Array(1), {});
  return fake;
}

const many = (fake: FakeS3, keys: readonly string[], options = {}) =>
  removeMany(
    new S3Connection(optionsOf(fake, options), toSigning),
    keys,
    undefined,
  );

Deno.test("S3-011: a thousand keys are one request, odd ones among them", async () => {
  const keys = Array.from({ length: 2001 }, (_, i) => `k${i}`);
  keys.push("a&b<c>\"'", " ü\t\n\r", "%2F+");
  const fake = filled(keys);
  assertEquals((await many(fake, keys)).size, 0);
  assertEquals([fake.bucket.objects.size, fake.log.length], [0, 3]);
});

Deno.test("S3-011: what XML cannot hold is deleted by itself", async () => {
  const keys = ["a\x01", "b\uffff", "c"];
  const fake = filled(keys);
  assertEquals((await many(fake, keys)).size, 0);
  assertEquals(fake.bucket.objects.size, 0);
});

Deno.test("S3-011: errors of single keys are told by key", async () => {
  const fake = filled(["a", "locked"]);
  const failed = await many(fake, ["a", "locked"]);
  assertEquals([...failed.keys()], ["locked"]);
  assertEquals(code(failed.get("locked")), "PermissionDenied");
});

Deno.test("S3-011: keys that the service was too busy for are deleted by themselves", async () => {
  const fake = filled(["a"]);
  fake.fault = ({ method }) =>
    method === "POST"
      ? answerXml(
        "<DeleteResult><Error><Key>a</Key><Code>SlowDown</Code></Error></DeleteResult>",
      )
      : undefined;
  assertEquals((await many(fake, ["a"])).size, 0);
  assertEquals(fake.bucket.objects.size, 0);
});

Deno.test("S3-011: a service without DeleteObjects, known or not", async () => {
  const known = filled(["a", "b"]);
  const dialect = { ...DIALECTS.generic, bulkDelete: false };
  await many(known, ["a", "b"], { dialect });
  assert(known.log.every((line) => line.startsWith("DELETE")));
  const unknown = filled(["a", "b"]);
  unknown.fault = (arrived) =>
    arrived.method === "POST"
      ? answerError(arrived, 501, "NotImplemented")
      : undefined;
  await many(unknown, ["a", "b"]);
  assertEquals(unknown.bucket.objects.size, 0);
});

Deno.test("S3-013: a version that is not the one meant stays", async () => {
  for (const dialect of ["aws", "ceph"] as const) {
    const fake = filled(["a"]);
    const connection = new S3Connection(
      optionsOf(fake, { dialect }),
      toSigning,
    );
    const request = { ifMatch: '"x"', signal: undefined };
    const error = await assertRejects(() => remove(connection, "a", request));
    assertEquals([code(error), fake.bucket.objects.size], [
      "PreconditionFailed",
      1,
    ]);
    const ifMatch = fake.bucket.objects.get("a")?.etag ?? "";
    assert(await remove(connection, "a", { ...request, ifMatch }));
  }
});

Deno.test("S3-011: a wrong clock and a wrong region are repaired for a thousand keys at once", async () => {
  const fakes = [
    new FakeS3({ now: () => Date.now() + 3_600_000 }),
    new FakeS3({ region: "eu-west-1" }),
  ];
  for (const fake of fakes) {
    fake.bucket.put("a", new Uint8Array(1), {});
    assertEquals((await many(fake, ["a", "b"])).size, 0);
    assertEquals([fake.bucket.objects.size, fake.log.length], [0, 2]);
  }
});

Deno.test("S3-011: an error that names no key is looked into, key by key", async () => {
  const fake = filled(["a", "b"]);
  fake.fault = ({ query, method, key }) =>
    query.has("delete")
      ? answerXml(
        "<DeleteResult><Error><Code>AccessDenied</Code></Error></DeleteResult>",
      )
      : method === "DELETE" && key === "b"
      ? answerError({ method }, 403, "AccessDenied")
      : undefined;
  const failed = await many(fake, ["a", "b"]);
  assertEquals([...failed.keys()], ["b"]);
  assertEquals(code(failed.get("b")), "PermissionDenied");
});

Deno.test("S3-011: what the answer does not name is deleted by itself", async () => {
  const answers = [
    // A key that is not the one that was asked for, as where blanks are cut off.
    "<DeleteResult><Deleted><Key>b</Key></Deleted></DeleteResult>",
    "<DeleteResult/>",
  ];
  for (const answer of answers) {
    const fake = filled(["a ", "b"]);
    fake.fault = ({ query }) =>
      query.has("delete") ? answerXml(answer) : undefined;
    assertEquals((await many(fake, ["a ", "b"])).size, 0);
    assertEquals(fake.bucket.objects.has("a "), false);
  }
});
