import { assertEquals, assertThrows } from "@std/assert";
import { s3Signing } from "../../backends/s3/signing.ts";
import { S3Backend } from "../../backends/s3/mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { signHandler, type SignHandlerOptions } from "../../ext/sign.ts";
import { Store } from "../../mod.ts";
import { ACCOUNT } from "../fakes/s3/service.ts";
import { ask, request } from "./sign_asking.ts";
import { scene } from "./sign_fixture.ts";
import { opening, question } from "./sign_questions.ts";

interface Along {
  readonly asked: { readonly size: number };
  readonly url: string;
}

Deno.test("SIGN-003 each operation of the list is signed, for its path, on all its fields", async () => {
  const results = await ask([
    question({ headers: { range: "bytes=0-9", "if-match": '"a"' } }),
    question({ method: "HEAD", headers: { "x-amz-checksum-mode": "ENABLED" } }),
    question({
      url:
        "http://s3.test/bucket/?list-type=2&encoding-type=url&prefix=users%2F42%2Fa&delimiter=%2F&max-keys=10",
    }),
    question({ method: "PUT", size: 3 }),
    question({ method: "DELETE", headers: { "if-match": '"a"' } }),
  ]);
  assertEquals(results.map(({ error }) => error), Array(5).fill(undefined));
  const [get, head, list, put, remove] = results.map(({ url = "" }) =>
    new URL(url)
  );
  const signed = (url?: URL) => url?.searchParams.get("X-Amz-SignedHeaders");
  assertEquals(signed(get), "host;if-match;range");
  assertEquals(signed(head), "host");
  assertEquals(head?.searchParams.get("x-amz-checksum-mode"), "ENABLED");
  assertEquals(results[1]?.headers, {});
  assertEquals(list?.searchParams.get("prefix"), "users/42/a");
  // A size always, and a type: else the page could add one.
  assertEquals(signed(put), "content-length;content-type;host");
  assertEquals(results[3]?.headers, {
    "content-type": "application/octet-stream",
  });
  assertEquals(results[3]?.enforced, ["size", "type"]);
  assertEquals(signed(remove), "host;if-match");
  const { sign, fake } = scene();
  const answer = await sign(request({ v: 1, requests: [opening()] }));
  const { results: [{ along }] } = await answer.json();
  const [open = ""] = fake.log;
  assertEquals(
    signed(new URL(open.slice(open.indexOf("/")), "http://s3.test")),
    "content-length;content-type;host",
  );
  assertEquals(
    along.map(({ asked, url }: Along) => [asked.size, signed(new URL(url))]),
    [8, 8, 4].map((size) => [size * 2 ** 20, "content-length;host"]),
  );
});

Deno.test("SIGN-006 only a yes and a grant that narrows allow", async () => {
  const no: unknown[] = [
    false,
    null,
    undefined,
    "yes",
    1,
    {},
    [],
    { maxSize: "3" },
    { maxSize: 0 },
    { maxSize: 9, allowed: true },
    { contentType: "a\nb" },
    { metadata: { a: 1 } },
    () => true,
    Symbol("yes"),
  ];
  for (const answer of no) {
    for (
      const authorize of [() => answer, () => Promise.resolve(answer)]
    ) {
      // deno-lint-ignore no-explicit-any -- what an application may return
      const [result] = await ask([question()], { authorize: authorize as any });
      assertEquals(result?.error?.code, "PermissionDenied", String(answer));
    }
  }
  for (
    const authorize of [
      () => {
        throw new Error("the database at 10.0.0.1 is down");
      },
      () => Promise.reject(new Error("the database at 10.0.0.1 is down")),
    ]
  ) {
    const [result] = await ask([question()], { authorize });
    assertEquals(result?.error, {
      code: "PermissionDenied",
      message: 'Cannot read "a.txt": it is not allowed',
    });
  }
  const [late] = await ask([question()], {
    authorize: () => new Promise<boolean>(() => {}),
    authorizeTimeout: 5,
  });
  assertEquals(late?.error?.code, "BackendUnavailable");
});

Deno.test("SIGN-007 a grant narrows, and what it fixes is signed and sent back", async () => {
  const [result] = await ask([
    question({
      method: "PUT",
      size: 3,
      headers: { "content-type": "text/html", "x-amz-meta-a": "b" },
    }),
  ], {
    now: () => 0,
    authorize: () => ({
      maxSize: 3,
      expiresIn: 60,
      contentType: "text/plain",
      metadata: { owner: "42" },
    }),
  });
  assertEquals(result?.headers, {
    "content-type": "text/plain",
    "x-amz-meta-owner": "42",
  });
  assertEquals(result?.expires, "1970-01-01T00:00:59.000Z");
  const url = new URL(result?.url ?? "");
  assertEquals(url.searchParams.get("X-Amz-Expires"), "60");
  const [large] = await ask([question({ method: "PUT", size: 4 })], {
    authorize: () => ({ maxSize: 3 }),
  });
  assertEquals(large?.error?.code, "PermissionDenied");
  const [link] = await ask([question({ expiresIn: 604_800 })]);
  const seconds = new URL(link?.url ?? "").searchParams.get("X-Amz-Expires");
  assertEquals(seconds, "900");
});

Deno.test("SIGN-010 a handler that could not hold what it says is not made", () => {
  const backend = new S3Backend({
    bucket: "bucket",
    endpoint: "http://s3.test",
    dialect: "aws",
    credentials: ACCOUNT,
  });
  const store = new Store({ backend });
  const base = { store, signing: s3Signing, root: "", authorize: () => true };
  signHandler(base);
  const wrong: Partial<Record<keyof SignHandlerOptions, unknown>>[] = [
    { root: undefined },
    { authorize: undefined },
    { signing: undefined },
    { complete: "there" },
    { maxExpires: 0 },
    { maxExpires: 700_000 },
    { maxBatch: 1.5 },
    { ticketKey: "short" },
    { unsignedFields: "maybe" },
  ];
  for (const change of wrong) {
    assertThrows(
      () => signHandler({ ...base, ...change } as SignHandlerOptions),
      TypeError,
      undefined,
      JSON.stringify(change),
    );
  }
  const over = (options: Record<string, unknown>, dialect = "aws") =>
    signHandler({
      ...base,
      store: new Store({
        backend: new S3Backend({
          bucket: "bucket",
          endpoint: "http://s3.test",
          dialect: dialect as "aws",
          ...options,
        }),
      }),
    });
  assertThrows(
    () => over({ credentials: ACCOUNT }, "ceph"),
    TypeError,
    "unsignedFields",
  );
  assertThrows(
    () => over({ credentials: () => Promise.resolve(ACCOUNT) }),
    TypeError,
    "ticketKey",
  );
  assertThrows(
    () => over({ credentials: "anonymous" }),
    Error,
    "no credentials",
  );
  assertThrows(
    () =>
      over({
        credentials: ACCOUNT,
        headers: { "x-amz-server-side-encryption-customer-key": "a2V5" },
      }),
    TypeError,
    "customer",
  );
  assertThrows(
    () =>
      signHandler({
        ...base,
        store: new Store({ backend: new MemoryBackend() }),
      }),
    Error,
  );
});
