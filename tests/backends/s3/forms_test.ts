import { assert, assertEquals, assertRejects } from "@std/assert";
import { presign, type PresignOptions } from "../../../backends/s3/mod.ts";
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
} from "../../../mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { statusOf } from "../presigned.ts";
import { storeOf } from "./setup.ts";

const FORM: PresignOptions = {
  method: "POST",
  overwrite: true,
  contentType: "text/csv",
  cacheControl: "no-cache",
  contentDisposition: 'attachment; filename="$1.csv"',
  metadata: { by: "ädä" },
  contentLength: { min: 2, max: 4 },
};

Deno.test("PRESIGN-008 a form uploads a file of a size in the range, and is all that it takes", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake).child("x");
  const key = "a b+ü$'\"\\.txt";
  const signed = await presign(store, key, FORM);
  assertEquals([signed.method, signed.headers], ["POST", {}]);
  assertEquals(signed.enforced, [
    "contentType",
    "cacheControl",
    "contentDisposition",
    "contentLength",
    "metadata",
  ]);
  const post = (body: string) => statusOf(fake.fetch, signed, body);
  assertEquals([await post("a"), await post("abcde")], [400, 400]);
  assertEquals([await post("ab"), await post("abcd")], [204, 204]);
  assertEquals(await store.readText(key), "abcd");
  const { contentType, metadata, extra } = await store.getFileInfo(key);
  assertEquals([contentType, metadata], ["text/csv", { by: "ädä" }]);
  assertEquals(extra["cacheControl"], "no-cache");
});

Deno.test("PRESIGN-008 no field of a form can be changed, left out or added", async () => {
  const fake = new FakeS3();
  const signed = await presign(storeOf(fake), "a", FORM);
  const fields = signed.fields ?? {};
  assert(Object.isFrozen(fields));
  for (const name of Object.keys(fields)) {
    const { [name]: value = "", ...others } = fields;
    for (const changed of [others, { ...others, [name]: `${value}x` }]) {
      const sent = { ...signed, fields: changed };
      const status = await statusOf(fake.fetch, sent, "abc");
      assertEquals(status, 403, name);
    }
  }
  const more = { ...signed, fields: { ...fields, acl: "public-read" } };
  assertEquals(await statusOf(fake.fetch, more, "abc"), 403);
  assertEquals(fake.bucket.objects.size, 0);
});

Deno.test("PRESIGN-008 a form ends when it says, by the service's clock", async () => {
  let now = Date.UTC(2026, 0, 1);
  const fake = new FakeS3({ now: () => now, sessionToken: "token" });
  const credentials = { ...ACCOUNT, sessionToken: "token" };
  const store = storeOf(fake, { credentials });
  // A refusal that names the time sets the clock.
  await store.exists("a");
  const signed = await presign(store, "a", { ...FORM, expiresIn: 60 });
  const left = signed.expires.getTime() - now;
  assert(left > 0 && left <= 60_000, `${left}`);
  assertEquals(await statusOf(fake.fetch, signed, "abc"), 204);
  now += 61_000;
  assertEquals(await statusOf(fake.fetch, signed, "abc"), 403);
});

Deno.test("PRESIGN-008 a form without limits takes any size", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const signed = await presign(store, "a", { method: "POST", overwrite: true });
  assertEquals(signed.enforced, []);
  assertEquals(await statusOf(fake.fetch, signed, ""), 204);
});

Deno.test("PRESIGN-008 what no form can hold is refused", async () => {
  const fake = new FakeS3();
  await assertRejects(
    () => presign(storeOf(fake), "a", { method: "POST" }),
    CapabilityNotSupportedError,
    'Cannot presign "a": a form replaces what is there, so overwrite: true is needed',
  );
  for (const dialect of ["r2", "gcs", "b2", "generic"] as const) {
    await assertRejects(
      () => presign(storeOf(fake, { dialect }), "a", FORM),
      CapabilityNotSupportedError,
      `dialect ${dialect}) is not known to take forms`,
    );
  }
  const rows = [["aws", "contentLanguage"], ["ceph", "cacheControl"]] as const;
  for (const [dialect, name] of rows) {
    await assertRejects(
      () => presign(storeOf(fake, { dialect }), "a", { ...FORM, [name]: "en" }),
      CapabilityNotSupportedError,
      `(dialect ${dialect}) is not known to store ${name} from a form`,
    );
  }
  for (const path of ["${filename}", "x/${filename}.csv", "a\r\nb"]) {
    const error = await assertRejects(
      () => presign(storeOf(fake).child("x"), path, FORM),
      InvalidPathError,
      "no form carries this key as it is",
    );
    assertEquals(error.path, path);
  }
  const empty = { ...FORM, contentLength: { min: 3, max: 2 } };
  await assertRejects(
    () => presign(storeOf(fake), "a", empty),
    InvalidArgumentError,
    "contentLength is from 3 to 2, which is empty",
  );
});
