import { assert, assertEquals, assertRejects } from "@std/assert";
import type { WrittenFile } from "../../../ext/sign.ts";
import type { RemoteStoreError } from "../../../mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { request } from "../sign_asking.ts";
import { scene, SIGN_URL } from "../sign_fixture.ts";
import { tellWritten } from "../../../backends/s3/remote.ts";

const MIB = 2 ** 20;

function blob(size: number, byte = 1): Blob {
  return new Blob([new Uint8Array(size).fill(byte)]);
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(() => null, (error) => error);
  return (error as RemoteStoreError | null)?.code ?? String(error);
}

Deno.test("SIGN-012 the handler opens and ends an upload, and tells the application in the same request", async () => {
  const written: WrittenFile[] = [];
  const { store, fake, talk } = scene({
    handler: {
      complete: "here",
      onWritten: (file) => {
        written.push(file);
      },
    },
  });
  const result = await store.write("big", blob(20 * MIB), { overwrite: true });
  const object = fake.bucket.objects.get("users/42/big");
  assertEquals(object?.bytes.byteLength, 20 * MIB);
  assertEquals(written, [{
    path: "big",
    size: 20 * MIB,
    etag: result.etag,
    versionId: object?.versionId ?? null,
  }]);
  assertEquals(fake.bucket.uploads.size, 0);
  // The opening, with three parts; sign and send the end.
  assertEquals(talk.length, 3);
});

Deno.test("SIGN-012 of two pages that create one large file one wins, and the other's upload is gone", async () => {
  for (const complete of ["page", "here"] as const) {
    const fake = new FakeS3();
    const one = scene({ fake, handler: { complete } });
    const two = scene({ fake, handler: { complete } });
    const codes = await Promise.all([
      codeOf(one.store.write("big", blob(11 * MIB, 1))),
      codeOf(two.store.write("big", blob(11 * MIB, 2))),
    ]);
    assertEquals(codes.sort(), ["AlreadyExists", "null"], complete);
    assertEquals(fake.bucket.uploads.size, 0);
  }
});

Deno.test("SIGN-013 parts that are not what was allowed are thrown away, and nothing is stored", async () => {
  const fake = new FakeS3();
  const written: WrittenFile[] = [];
  const { store } = scene({
    fake,
    handler: { complete: "here", onWritten: (file) => void written.push(file) },
  });
  // A service that takes a part of another size than was signed.
  fake.fault = ({ method, query }) => {
    if (method === "POST" && query.has("uploadId")) {
      assert(false, "it was completed");
    }
    if (method === "GET" && query.has("uploadId")) {
      const [upload] = fake.bucket.uploads.values();
      const first = upload?.parts.get(1);
      upload?.parts.set(1, { ...first!, bytes: new Uint8Array(9 * MIB) });
    }
    return undefined;
  };
  await assertRejects(() =>
    store.write("big", blob(11 * MIB), { overwrite: true })
  );
  assertEquals(fake.bucket.objects.size, 0);
  assertEquals(fake.bucket.uploads.size, 0);
  assertEquals(written, []);
});

Deno.test("SIGN-014 an upload ends only while it is allowed, and on the condition that was allowed", async () => {
  for (const complete of ["page", "here"] as const) {
    let allowed = true;
    const { store, fake } = scene({
      handler: { complete, authorize: () => allowed },
    });
    fake.fault = ({ method, query }) => {
      if (method === "PUT" && query.has("partNumber")) allowed = false;
      return undefined;
    };
    const code = await codeOf(
      store.write("big", blob(11 * MIB), { overwrite: true }),
    );
    assertEquals(code, "PermissionDenied", complete);
    assertEquals(fake.bucket.objects.size, 0);
  }
});

Deno.test("SIGN-015 an errand is for one request of one visitor, and not for long", async () => {
  let now = Date.now();
  let user = "users/42";
  const { sign } = scene({
    handler: { complete: "here", now: () => now, root: () => user },
  });
  const plan = {
    size: 9,
    partSize: 5 * MIB,
    create: false,
    ifMatch: null,
    contentType: null,
    source: null,
  };
  const url = "http://s3.test/bucket/users/42/new";
  const asked = async (change: Record<string, unknown>) => {
    const question = { url, method: "POST", headers: {}, size: 0, plan };
    const body = { v: 1, requests: [{ ...question, ...change }] };
    const answer = await sign(request(body));
    const { results: [result] } = await answer.json();
    return result;
  };
  const { answer: { body }, ticket } = await asked({ url: `${url}?uploads=` });
  const id = /<UploadId>(.*?)</.exec(body)?.[1] ?? "";
  const uploadId = encodeURIComponent(id);
  const { here } = await asked({
    method: "DELETE",
    url: `${url}?uploadId=${uploadId}`,
    ticket,
  });
  const run = async (
    change: Record<string, string> = {},
    init: RequestInit = {},
  ) => {
    const response = await sign(
      new Request(SIGN_URL, {
        method: "DELETE",
        headers: {
          "x-remote-store": "1",
          "x-remote-store-run": here,
          ...change,
        },
        ...init,
      }),
    );
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await run({}, { body: "more" }), 403);
  assertEquals(await run({}, { method: "POST" }), 403);
  assertEquals(await run({ "x-remote-store": "0" }), 403);
  assertEquals(await run({ origin: "https://evil.example" }), 403);
  assertEquals(await run({ "x-remote-store-run": `${here}A` }), 403);
  user = "users/43";
  assertEquals(await run(), 403);
  user = "users/42";
  assertEquals(await run(), 204);
  now += 900_000;
  assertEquals(await run(), 403);
});

Deno.test("SIGN-016 a single write is told by the page, and looked at before it is believed", async () => {
  const written: WrittenFile[] = [];
  const { store, sign } = scene({
    handler: {
      onWritten: (file) => void written.push(file),
      authorize: ({ path }) => path !== "hidden",
    },
  });
  const fetch = (url: string, init: RequestInit) =>
    sign(new Request(url, init));
  const { etag } = await store.write("a.txt", "abc");
  await tellWritten(SIGN_URL, ["a.txt"], { fetch });
  assertEquals(written.map(({ path, size, etag }) => [path, size, etag]), [
    ["a.txt", 3, etag],
  ]);
  for (
    const [path, code] of [
      ["gone", "NotFound"],
      ["hidden", "PermissionDenied"],
      ["../43/a", "InvalidPath"],
      ["", "InvalidPath"],
    ]
  ) {
    assertEquals(await codeOf(tellWritten(SIGN_URL, [path!], { fetch })), code);
  }
  assertEquals(written.length, 1);
});

Deno.test("SIGN-012 an error inside of a good answer is none of the application's", async () => {
  const written: WrittenFile[] = [];
  const fake = new FakeS3();
  const { store } = scene({
    fake,
    handler: { complete: "here", onWritten: (file) => void written.push(file) },
  });
  fake.fault = (arrived) =>
    arrived.method === "POST" && arrived.query.has("uploadId")
      ? new Response(
        `  <Error><Code>InternalError</Code></Error>`,
        { status: 200 },
      )
      : undefined;
  await assertRejects(() =>
    store.write("big", blob(11 * MIB), { overwrite: true })
  );
  assertEquals(written, []);
});
