import { assertEquals, assertRejects } from "@std/assert";
import { probeDialect } from "../../../backends/s3/mod.ts";
import { answerError } from "../../fakes/s3/answers.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf } from "./setup.ts";

Deno.test("S3-003: probeDialect() finds out what a service honours, and leaves nothing", async () => {
  const strict = new FakeS3();
  const found = await probeDialect(optionsOf(strict));
  assertEquals([found.conditions.put, found.ifMatch], [true, "quoted"]);
  assertEquals([found.conditions.complete, strict.bucket.objects.size], [
    false,
    0,
  ]);
  const careless = new FakeS3({ ignoresConditions: true });
  assertEquals((await probeDialect(optionsOf(careless))).conditions.put, false);
});

Deno.test("S3-003: probeDialect() finds a service that wants ETags without quotes", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) => {
    const match = arrived.headers.get("if-match");
    if (match === null) return undefined;
    const { etag } = fake.bucket.objects.get(arrived.key) ?? {};
    return `"${match}"` === etag
      ? new Response(null, { headers: { etag } })
      : answerError(arrived, 412, "PreconditionFailed");
  };
  const { ifMatch, conditions } = await probeDialect(optionsOf(fake));
  assertEquals([ifMatch, conditions.put], ["unquoted", true]);
});

Deno.test("S3-003: what a write throws, probeDialect() throws", async () => {
  await assertRejects(() =>
    probeDialect(optionsOf(new FakeS3(), { bucket: "gone" }))
  );
});
