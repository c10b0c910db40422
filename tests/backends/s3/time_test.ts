import { assert, assertEquals, assertRejects } from "@std/assert";
import { presign } from "../../../backends/s3/mod.ts";
import { answerError } from "../../fakes/s3/answers.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { storeOf } from "./setup.ts";

/** The time in a signed URL. */
function signedAt(url: string): number {
  const date = new URL(url).searchParams.get("X-Amz-Date") ?? "";
  return Date.parse(
    date.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"),
  );
}

const near = (time: number, other: number) => Math.abs(time - other) < 60_000;

Deno.test("S3-035: a 403 out of a cache, and what a proxy says, set no clock for good", async () => {
  const HOUR = 3_600_000;
  const proxies: Record<string, string>[] = [
    { age: "10800", date: new Date(Date.now() - 3 * HOUR).toUTCString() },
    { date: new Date(Date.now() + HOUR).toUTCString() },
  ];
  for (const headers of proxies) {
    const fake = new FakeS3();
    const store = storeOf(fake);
    fake.bucket.put("a", new Uint8Array(1), {});
    fake.fault = () => new Response(null, { status: 403, headers });
    await assertRejects(() => store.getFileInfo("a"));
    await Promise.allSettled([1, 2, 3].map(() => store.getFileInfo("a")));
    assert(near(signedAt((await presign(store, "a")).url), Date.now()));
    fake.fault = null;
    assertEquals((await store.getFileInfo("a")).size, 1);
  }
});

Deno.test("S3-035: the service's own time wins over the date of who stands in between", async () => {
  const OFF = 3_600_000;
  const fake = new FakeS3({ now: () => Date.now() + OFF });
  fake.fault = async (_, next) => {
    const response = await next();
    const { status, body } = response;
    const text = await new Response(body).text();
    const time = new Date(Date.now() + OFF).toISOString();
    const tag = `</Code><ServerTime>${time}</ServerTime>`;
    // A proxy writes the date anew, from a clock that is three hours off.
    const date = new Date(Date.now() - 3 * OFF).toUTCString();
    const headers = new Headers(response.headers);
    headers.set("date", date);
    return new Response(text.replace("</Code>", tag) || null, {
      status,
      headers,
    });
  };
  const store = storeOf(fake);
  await store.write("a", "a");
  assertEquals(fake.log.length, 2);
  assert(near(signedAt((await presign(store, "a")).url), Date.now() + OFF));
});

Deno.test("S3-035: a guess that did not help is taken back although the wrong time was only half of it", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  let answers = 0;
  fake.fault = (arrived, next) =>
    ++answers === 1
      ? new Response(null, { status: 403, headers: { date } })
      : answers === 2
      ? answerError(arrived, 503, "SlowDown")
      : next();
  // Told by the third answer that the first one was wrong.
  await assertRejects(() => store.write("a", "a"));
  assert(near(signedAt((await presign(store, "a")).url), Date.now()));
  await store.write("a", "a");
});
