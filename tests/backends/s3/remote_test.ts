import { assertEquals, assertThrows } from "@std/assert";
import {
  BucketBackend,
  presign,
  RemoteS3Backend,
  type RemoteS3Options,
} from "../../../backends/s3/remote.ts";
import { Store } from "../../../mod.ts";
import { scene } from "../../ext/sign_fixture.ts";

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
    responseContentDisposition: 'attachment; filename="a.txt"',
  });
  const response = await fake.fetch(link);
  assertEquals(await response.text(), "abc");
  assertEquals(new URL(link).searchParams.get("X-Amz-Expires"), "60");
  const put = await presign(store, "b", {
    method: "PUT",
    size: 3,
    contentType: "text/plain",
  });
  const sent = await fake.fetch(put, {
    method: "PUT",
    body: new Uint8Array(3),
    headers: { "content-type": "text/plain" },
  });
  assertEquals(sent.status, 200);
  await sent.body?.cancel();
});
