import { assert, assertEquals, assertRejects } from "@std/assert";
import type { RemoteStoreError } from "../../mod.ts";
import { ask, request, type Result } from "./sign_asking.ts";
import { scene, type Wishes } from "./sign_fixture.ts";
import {
  HOME,
  opening,
  PLAN,
  type Question,
  question,
} from "./sign_questions.ts";

const MIB = 2 ** 20;
const SOURCE = "/bucket/users/42/a";

async function withLarge(wishes: Wishes = {}, tags = "class=public") {
  const set = scene({
    ...wishes,
    page: { copyThreshold: 5 * MIB, ...wishes.page },
  });
  const { fake, store } = set;
  const content = crypto.getRandomValues(new Uint8Array(65_536));
  const bytes = new Uint8Array(12 * MIB);
  for (let at = 0; at < bytes.length; at += content.length) {
    bytes.set(content, at);
  }
  await store.write("a", new Blob([bytes]), {
    contentType: "image/png",
    cacheControl: "max-age=60",
    metadata: { author: "Zo\u00eb" },
  });
  const object = fake.bucket.objects.get("users/42/a")!;
  const headers = { ...object.headers, "x-amz-tagging": tags };
  fake.bucket.objects.set("users/42/a", { ...object, headers });
  return { ...set, bytes };
}

Deno.test("SIGN-030 a copy in parts carries all that is stored with its source, its tags too", async () => {
  for (const complete of ["page", "here"] as const) {
    const asked: string[] = [];
    const { fake, store, bytes } = await withLarge({
      handler: {
        complete,
        authorize: ({ operation, path, source, create }) => {
          asked.push(`${operation} ${path} ${source} ${create}`);
          return true;
        },
      },
    });
    asked.length = 0;
    await store.copy("a", "b");
    const copied = fake.bucket.objects.get("users/42/b")!;
    assertEquals(copied.bytes, bytes);
    assertEquals(copied.headers["content-type"], "image/png");
    assertEquals(copied.headers["cache-control"], "max-age=60");
    assertEquals(copied.headers["x-amz-tagging"], "class=public");
    const { metadata } = await store.getFileInfo("b");
    assertEquals(metadata, { author: "Zo\u00eb" });
    assert(asked.includes("copy b a true"), asked.join());
    assert(!asked.some((one) => one.startsWith("write")), asked.join());
    assertEquals(fake.bucket.uploads.size, 0);
  }
});

Deno.test("SIGN-030 what the page says of a copy in parts is not believed", async () => {
  const { fake, sign } = await withLarge();
  const send = async (asked: Question) => {
    const response = await sign(request({ v: 1, requests: [asked] }));
    return (await response.json()).results[0];
  };
  const { answer, ticket } = await send(opening({
    headers: {
      "content-type": "text/html",
      "x-amz-meta-author": "Mallory",
    },
    plan: { ...PLAN, size: 12 * MIB, source: SOURCE },
  }));
  const id = /<UploadId>(.*?)</.exec(answer.body)?.[1] ?? "";
  const { headers } = fake.bucket.uploads.get(id)!;
  assertEquals(headers["content-type"], "image/png");
  assertEquals(headers["x-amz-tagging"], "class=public");
  assert(!JSON.stringify(headers).includes("Mallory"));
  // Its parts are of that file: not of another one, and not of content that is sent.
  const part = (headers: Record<string, string>, size = 0) =>
    send(question({
      method: "PUT",
      url: `${HOME}/big.bin?partNumber=1&uploadId=${encodeURIComponent(id)}`,
      headers,
      size,
      ticket,
    }));
  const range = { "x-amz-copy-source-range": `bytes=0-${8 * MIB - 1}` };
  const own = await part({ "x-amz-copy-source": SOURCE, ...range });
  assert(own.url?.includes("X-Amz-Signature"), JSON.stringify(own));
  for (
    const other of [
      await part({ "x-amz-copy-source": "/bucket/users/42/other", ...range }),
      await part({}, 8 * MIB),
    ]
  ) {
    assertEquals(
      other.error?.message,
      "Cannot sign the upload: the part is of another file than was allowed",
    );
  }
});

Deno.test("SIGN-030 a copy in parts needs the leave to read its source, and to copy", async () => {
  for (const denied of ["read", "copy"]) {
    let isAsked = false;
    const { fake, store } = await withLarge({
      handler: {
        authorize: ({ operation, path }) =>
          !isAsked || operation !== denied || (path !== "a" && path !== "b"),
      },
    });
    isAsked = true;
    const error = await assertRejects(() => store.copy("a", "b"));
    assertEquals((error as RemoteStoreError).code, "PermissionDenied");
    assertEquals(fake.bucket.uploads.size, 0);
    assertEquals(fake.bucket.objects.size, 1);
  }
});

Deno.test("SIGN-030 tags that do not go along with an opening are an error before anything is copied", async () => {
  const long = `a=${"b".repeat(2100)}`;
  const cases: [Wishes, string][] = [
    [{}, long],
    [{
      server: { dialect: "ceph" },
      handler: { unsignedFields: "accepted" },
      page: { dialect: "ceph" },
    }, "a=b"],
  ];
  for (const [wishes, tags] of cases) {
    const { fake, store } = await withLarge(wishes, tags);
    const error = await assertRejects(() => store.copy("a", "b"));
    assertEquals((error as RemoteStoreError).code, "CapabilityNotSupported");
    assertEquals(fake.bucket.uploads.size, 0);
    assertEquals(fake.bucket.objects.size, 1);
  }
});

Deno.test("SIGN-030 the source of a copy in parts is held to the root, and written as here", async () => {
  const [tagged] = await ask([opening({
    headers: { "x-amz-tagging": "class=secret" },
    plan: { ...PLAN, source: SOURCE },
  })]);
  assertEquals(tagged?.error?.code, "InvalidArgument");
  const errors = await ask([
    "/bucket/users/43/a",
    "/bucket/users/42/../43/a",
    "/other/users/42/a",
    "bucket/users/42/a",
    "/bucket/users/42/a?versionId=1",
    "/bucket/users/42/secret/a",
  ].map((source) => opening({ plan: { ...PLAN, source } })));
  assertEquals(errors.map(({ error }: Result) => error?.code), [
    "InvalidPath",
    "InvalidPath",
    "InvalidArgument",
    "InvalidArgument",
    "InvalidArgument",
    "PermissionDenied",
  ]);
});
