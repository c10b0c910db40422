import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  BucketBackend,
  connectRemote,
  type Fetch,
  presign,
  RemoteS3Backend,
  type RemoteS3Options,
} from "../../../backends/s3/remote.ts";
import {
  InvalidArgumentError,
  PermissionDeniedError,
  Store,
} from "../../../mod.ts";
import { scene, SIGN_URL } from "../../ext/sign_fixture.ts";
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

Deno.test("PAGE-016 a page connects by the handler's address alone", async () => {
  const { sign, fake } = scene({ server: { pathStyle: true } });
  const ask: Fetch = (url, init) => sign(new Request(url, init));
  const { backend, root } = await connectRemote(SIGN_URL, {
    fetch: ask,
    backend: { fetch: fake.fetch, partSize: 6 * 2 ** 20 },
  });
  const store = new Store({ backend, root });
  const { size } = await store.write("a.txt", "abc");
  assertEquals([size, await store.readText("a.txt")], [3, "abc"]);
  assertEquals(store.nativePath("a.txt"), `bucket/${root}/a.txt`);
  assert(store.supports("conditional_write"), "the dialect is that of AWS");
});

Deno.test("PAGE-016 what a handler refuses as a whole is said in its words", async () => {
  const { sign } = scene({
    handler: {
      root: () => {
        throw new Error("no session");
      },
    },
  });
  const ask: Fetch = (url, init) => sign(new Request(url, init));
  const error = await assertRejects(
    () => connectRemote(SIGN_URL, { fetch: ask }),
    PermissionDeniedError,
  );
  assertEquals(
    error.message,
    "the signer refuses the request: Cannot sign: there is no root",
  );
  // A page of somebody in between, and one that says something else, are no such words.
  for (const text of ["<html>", '{"error":7}', '{"error":{"message":7}}', ""]) {
    const answer = () => Promise.resolve(new Response(text, { status: 403 }));
    const { message } = await assertRejects(
      () => connectRemote(SIGN_URL, { fetch: answer }),
      PermissionDeniedError,
    );
    assertEquals(message, "the signer refuses the request");
  }
});

Deno.test("PAGE-016 a handler of another service is refused", async () => {
  const fetch = () =>
    Promise.resolve(Response.json({ v: 1, service: "azure", root: "" }));
  await assertRejects(
    () => connectRemote(SIGN_URL, { fetch }),
    InvalidArgumentError,
    "Cannot connect: the handler signs for azure, not for s3",
  );
});

Deno.test("OPT-003, PAGE-016 what a page misspells is refused before the handler is asked", async () => {
  const fetch = () => Promise.reject(new Error("it was asked"));
  const misspelled = { bakend: {}, fetch } as never;
  await assertRejects(
    () => connectRemote(SIGN_URL, misspelled),
    InvalidArgumentError,
    "bakend",
  );
});
