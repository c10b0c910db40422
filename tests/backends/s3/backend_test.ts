import { assertEquals } from "@std/assert";
import { BucketBackend, S3Backend } from "../../../backends/s3/mod.ts";
import { Store } from "../../../mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf } from "./setup.ts";

Deno.test("S3-020, S3-004: the backend with credentials is one of buckets, and sends nothing", () => {
  const fake = new FakeS3();
  const backend = new S3Backend(optionsOf(fake));
  const store = new Store({ backend });
  assertEquals(store.unwrap(S3Backend), backend);
  assertEquals<BucketBackend>(store.unwrap(BucketBackend), backend);
  assertEquals(fake.log, []);
});
