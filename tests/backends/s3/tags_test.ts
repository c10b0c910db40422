import { assertEquals, assertRejects } from "@std/assert";
import { S3Connection } from "../../../backends/s3/connection.ts";
import { toSigning } from "../../../backends/s3/sigv4.ts";
import { fitsField, putTags, readTags } from "../../../backends/s3/tags.ts";
import type { RemoteStoreError } from "../../../mod.ts";
import { answerError } from "../../fakes/s3/answers.ts";
import { FakeS3, type Fault } from "../../fakes/s3/service.ts";
import { optionsOf } from "./setup.ts";

function open(tags: string | null, fault: Fault | null = null) {
  const fake = new FakeS3();
  fake.bucket.put(
    "a",
    new Uint8Array(1),
    tags === null ? {} : { "x-amz-tagging": tags },
  );
  fake.fault = fault;
  const connection = new S3Connection(optionsOf(fake), toSigning);
  const read = (extra: Record<string, unknown> | null = null) =>
    readTags(connection, "a", extra, undefined);
  return { fake, connection, read };
}

Deno.test("S3-014: tags are read as the field that sets them", async () => {
  assertEquals(await open(null).read(), null);
  assertEquals(await open("k=").read(), "k=");
  assertEquals(
    await open("a%2Bb=%C3%BC%26%3D%3C&c=d+e").read(),
    "a%2Bb=%C3%BC%26%3D%3C&c=d%20e",
  );
});

Deno.test("S3-014: the tags are those of the version that is copied", async () => {
  const { fake, read } = open("k=v");
  assertEquals(await read({ versionId: "v1" }), "k=v");
  assertEquals(fake.log, ["GET /bucket/a?tagging=&versionId=v1"]);
  assertEquals(await read({ versionId: "v0" }), null);
});

Deno.test("S3-014: a service without tags answers with an error, or with the object", async () => {
  const answers: Fault[] = [400, 404, 405, 501].map((status) => (arrived) =>
    answerError(arrived, status, "NotImplemented")
  );
  let cancelled = false;
  answers.push(() =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
        cancel: () => void (cancelled = true),
      }),
      { headers: { etag: '"e"' } },
    )
  );
  for (const answer of answers) {
    assertEquals(await open("k=v", answer).read(), null);
  }
  assertEquals(cancelled, true);
});

Deno.test("S3-014: tags that break off, or may not be read, are no tags that are absent", async () => {
  const broken = open("k=v", async (_, next) => {
    const text = await (await next()).text();
    return new Response(text.slice(0, text.indexOf("</Tagging>")));
  });
  const denied = open(
    "k=v",
    (arrived) => answerError(arrived, 403, "AccessDenied"),
  );
  for (
    const [{ read }, expected] of [
      [broken, "BackendUnavailable"],
      [denied, "PermissionDenied"],
    ] as const
  ) {
    const error = await assertRejects(() => read());
    assertEquals((error as RemoteStoreError).code, expected);
  }
});

Deno.test("S3-014: tags are set as they were read", async () => {
  const { connection, fake, read } = open(null);
  const tags = "a%2Bb=%C3%BC%26%3D%3C%0D&c=";
  await putTags(connection, "a", "v1", tags, undefined);
  assertEquals(await read(), tags);
  assertEquals(fake.log[0], "PUT /bucket/a?tagging=&versionId=v1");
});

Deno.test("S3-014: a header field has room for 2048 bytes of tags", () => {
  assertEquals([2048, 2049].map((size) => fitsField("k".repeat(size))), [
    true,
    false,
  ]);
});
