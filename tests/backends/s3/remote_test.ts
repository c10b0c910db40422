import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  BucketBackend,
  presign,
  RemoteS3Backend,
  type RemoteS3Options,
} from "../../../backends/s3/remote.ts";
import { Store } from "../../../mod.ts";
import { scene } from "../../ext/sign_fixture.ts";
import { statusOf } from "../presigned.ts";

const OPTIONS: RemoteS3Options = {
  bucket: "bucket",
  endpoint: "http://s3.test",
  signer: ({ url, headers }) => Promise.resolve({ url, headers }),
};

Deno.test("PAGE-012 it takes a signer, and no credentials", () => {
  const store = new Store({ backend: new RemoteS3Backend(OPTIONS) });
  assertEquals(store.unwrap(BucketBackend).name, "s3");
  for (
    const wrong of [{ signer: undefined }, { credentials: "anonymous" }, {
      bucket: "",
    }, { signr: 1 }]
  ) {
    assertThrows(
      () =>
        new RemoteS3Backend(
          { ...OPTIONS, ...wrong } as unknown as RemoteS3Options,
        ),
      TypeError,
    );
  }
});

Deno.test("PAGE-012 a page makes links, for as long as the handler allows", async () => {
  const { store, fake } = scene();
  await store.write("a", "abc");
  const link = await presign(store, "a", {
    expiresIn: 60,
    response: { contentDisposition: 'attachment; filename="a.txt"' },
  });
  const response = await fake.fetch(link.url);
  assertEquals(await response.text(), "abc");
  assertEquals(new URL(link.url).searchParams.get("X-Amz-Expires"), "60");
  assertEquals(link.enforced, ["response"]);
  const put = await presign(store, "b", {
    method: "PUT",
    contentLength: 3,
    contentType: "text/plain",
    metadata: { by: "ada" },
  });
  assertEquals(put.enforced, [
    "create",
    "contentType",
    "contentLength",
    "metadata",
  ]);
  const sends = ["abcd", "abc", "abc"].map((body) => [put, body] as const);
  const statuses = [];
  for (const [signed, body] of sends) {
    statuses.push(await statusOf(fake.fetch, signed, body));
  }
  assertEquals(statuses, [403, 200, 412]);
});

Deno.test("PAGE-012 a handler that allows less is what a link says", async () => {
  const { store, fake } = scene({ handler: { maxExpires: 30 } });
  await store.write("a", "abc");
  const link = await presign(store, "a", { expiresIn: 60 });
  const left = link.expires.getTime() - Date.now();
  assert(left > 20_000 && left <= 30_000, `${left}`);
  // The handler stores a type with each file, and a link says which one.
  const put = await presign(store, "b", { method: "PUT", contentLength: 1 });
  assertEquals(put.headers["content-type"], "application/octet-stream");
  assertEquals(await statusOf(fake.fetch, put, "b"), 200);
  await assertRejects(
    () => presign(store, "c", { method: "PUT" }),
    TypeError,
    "the size of the body is needed",
  );
});
