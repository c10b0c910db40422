import { assertRejects } from "@std/assert";
import type { S3DialectName } from "../../../backends/s3/mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { raceCreates } from "./races.ts";
import { storeOf } from "./setup.ts";

/** Races on a service that ignores conditions, and answers after a while. */
async function race(dialect: S3DialectName): Promise<number> {
  const fake = new FakeS3({ ignoresConditions: true, trusting: true });
  fake.fault = async (_, next) => {
    const pause = Math.random() * 3;
    await new Promise((resolve) => setTimeout(resolve, pause));
    return await next();
  };
  return await raceCreates(
    fake.fetch,
    (fetch) => storeOf(fake, { dialect, fetch }),
    10,
    // Of different lengths, so that two that are mixed are seen.
    (index) => 20 + index * 400,
  );
}

Deno.test("BE-008: where only looks help, nobody replaces a file that was there", async () => {
  await race("generic");
});

Deno.test("BE-008: without the looks somebody does", async () => {
  await assertRejects(() => race("aws"), Error, "began after an answer");
});
