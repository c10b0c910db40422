import { assertEquals, assertThrows } from "@std/assert";
import { s3Signing } from "../../../backends/s3/signing.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { storeOf } from "./setup.ts";

Deno.test("SIGN-025 what the service does with unsigned fields is known or said", () => {
  const fake = new FakeS3();
  for (
    const dialect of ["ceph", "minio", "r2", "gcs", "b2", "generic"] as const
  ) {
    const store = storeOf(fake, { dialect });
    assertThrows(
      () => s3Signing(store, { unsignedFields: undefined }),
      TypeError,
      "unsignedFields",
    );
    const service = s3Signing(store, { unsignedFields: "accepted" });
    assertEquals(service.describe()["unsignedFields"], "accepted");
  }
  const aws = s3Signing(storeOf(fake), { unsignedFields: undefined });
  assertEquals(aws.describe()["unsignedFields"], "refused");
  assertEquals(aws.keyOf("a/b"), "a/b");
});

Deno.test("SIGN-025 keys for tickets follow from the secret, one for each purpose", () => {
  const service = s3Signing(storeOf(new FakeS3()), {
    unsignedFields: undefined,
  });
  const key = service.deriveKey("a");
  assertEquals(key?.byteLength, 32);
  assertEquals(service.deriveKey("a"), key);
  assertEquals(
    service.deriveKey("b")?.every((byte, at) => byte === key?.[at]),
    false,
  );
});
