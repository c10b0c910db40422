import { assertEquals, assertThrows } from "@std/assert";
import type { R2Options } from "../../../backends/r2/mod.ts";
import { checkOptions, uploadLimits } from "../../../backends/r2/options.ts";
import { InvalidArgumentError, RetryPolicy } from "../../../mod.ts";
import { FakeR2 } from "../../fakes/r2/bucket.ts";

const MIB = 1024 * 1024;
const bucket = new FakeR2();

Deno.test("R2-016: checkOptions() fills in what is not given", () => {
  const { bucketName, partSize, concurrency, retry, putLimit } = checkOptions({
    bucket,
  });
  assertEquals([bucketName, partSize, concurrency], [null, 8 * MIB, 2]);
  assertEquals(retry.attempts, 3);
  assertEquals(putLimit, 5115 * MIB);
});

Deno.test("R2-016: checkOptions() refuses what is wrong, and what is not known", () => {
  const cases: [unknown, string][] = [
    [undefined, "the options are no object"],
    [{}, "bucket is undefined: does the Worker's configuration name"],
    [{ bucket: {} }, "bucket is no R2 binding, it has no head()"],
    [{ bucket: null }, "bucket is no R2 binding"],
    [{ bucket, bucketName: "a/b" }, 'bucketName is "a/b"'],
    [{ bucket, bucketName: " " }, 'bucketName is " "'],
    [{ bucket, partSize: 5 * MIB - 1 }, "partSize is 5242879, a whole number"],
    [{ bucket, partSize: NaN }, "partSize is NaN"],
    [{ bucket, concurrency: 0 }, "concurrency is 0, a whole number from 1"],
    [{ bucket, partsize: 5 * MIB }, ""],
  ];
  for (const [options, message] of cases) {
    assertThrows(
      () => checkOptions(options as R2Options),
      InvalidArgumentError,
      `Cannot create an R2Backend: ${message}`,
    );
  }
});

Deno.test("RET-004 R2 takes the options of a policy as well, and checks them", () => {
  assertEquals(
    checkOptions({ bucket, retry: { attempts: 5 } }).retry.attempts,
    5,
  );
  for (const retry of [3, "often", { attempts: 0 }, { tries: 3 }]) {
    assertThrows(
      () => checkOptions({ bucket, retry } as unknown as R2Options),
      InvalidArgumentError,
      "Cannot create a RetryPolicy",
    );
  }
});

Deno.test("R2-016: checkOptions() takes what is given", () => {
  const retry = RetryPolicy.disabled();
  const settings = checkOptions({
    bucket,
    bucketName: " photos ",
    partSize: 5 * MIB,
    concurrency: 1,
    retry,
  });
  assertEquals(settings.bucketName, "photos");
  assertEquals([settings.partSize, settings.concurrency], [5 * MIB, 1]);
  assertEquals(settings.retry, retry);
});

Deno.test("R2-004: uploadLimits() are R2's: 10,000 parts of one size", () => {
  assertEquals(uploadLimits(checkOptions({ bucket })), {
    partSize: 8 * MIB,
    concurrency: 2,
    maxParts: 10_000,
    maxPartSize: 5120 * MIB,
    equalParts: true,
  });
});
