import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  describeRemote,
  remoteSigner,
} from "../../../backends/_http/remote_signer.ts";
import { type RemoteStoreError, RetryPolicy } from "../../../mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { answerError } from "../../fakes/s3/answers.ts";
import { scene, SIGN_URL } from "../../ext/sign_fixture.ts";

const MIB = 2 ** 20;

function blob(size: number): Blob {
  return new Blob([new Uint8Array(size)]);
}

Deno.test("PAGE-003 a large upload is opened and asks for all its parts by one question, and for its end by another", async () => {
  const { store, talk, fake } = scene();
  await store.write("big", blob(100 * MIB), { overwrite: true });
  const asked = talk.map(({ sent }) => JSON.parse(sent).requests.length);
  assertEquals(asked, [1, 1]);
  assertEquals(fake.log.length, 15);
});

Deno.test("PAGE-003 parts beyond those that are signed with the opening are asked for together", async () => {
  const { store, talk } = scene({ page: { partSize: 5 * MIB } });
  await store.write("big", blob(5 * MIB * 34), { overwrite: true });
  const asked = talk.map(({ sent }) => JSON.parse(sent).requests.length);
  assertEquals(asked, [1, 2, 1]);
});

Deno.test("PAGE-014 two uploads of one page to one file are two, and one of them stands whole", async () => {
  for (const complete of ["page", "here"] as const) {
    const { store, fake } = scene({ handler: { complete } });
    const filled = (byte: number) =>
      new Blob([new Uint8Array(12 * MIB).fill(byte)]);
    await Promise.all(
      [1, 2, 3].map((byte) =>
        store.write("big", filled(byte), { overwrite: true })
      ),
    );
    const { bytes } = fake.bucket.objects.get("users/42/big")!;
    assertEquals(new Set(bytes).size, 1, "it is of two contents");
    assertEquals(fake.bucket.uploads.size, 0);
  }
});

Deno.test("PAGE-014 an upload that is opened while the call is aborted is thrown away", async () => {
  const stop = new AbortController();
  const fake = new FakeS3();
  const { store } = scene({ fake });
  fake.fault = async ({ method, query }, next) => {
    const response = await next();
    if (method === "POST" && query.has("uploads")) stop.abort();
    return response;
  };
  await assertRejects(
    () => store.write("big", blob(12 * MIB), { signal: stop.signal }),
    DOMException,
  );
  assertEquals(fake.bucket.uploads.size, 0);
  assert(fake.log.some((line) => line.startsWith("DELETE ")));
});

Deno.test("PAGE-014 an opening that the service refuses, or does not answer, is an error of the service", async () => {
  for (
    const [fault, code] of [
      [
        (arrived: Parameters<typeof answerError>[0]) =>
          answerError(arrived, 403, "AccessDenied"),
        "PermissionDenied",
      ],
      [
        (arrived: Parameters<typeof answerError>[0]) =>
          answerError(arrived, 503, "SlowDown"),
        "BackendUnavailable",
      ],
      [() => Promise.reject(new TypeError("network")), "BackendUnavailable"],
    ] as const
  ) {
    const fake = new FakeS3();
    const { store } = scene({ fake });
    fake.fault = (arrived) =>
      arrived.query.has("uploads") ? fault(arrived) : undefined;
    const error = await assertRejects(() =>
      store.write("big", blob(12 * MIB), { overwrite: true })
    );
    assertEquals((error as RemoteStoreError).code, code);
  }
});

Deno.test("PAGE-003 what is asked in one task goes in one question", async () => {
  const { store, talk } = scene();
  const names = Array.from({ length: 20 }, (_, n) => `f${n}`);
  await Promise.all(names.map((name) => store.write(name, name)));
  assertEquals(talk.length, 1);
});

Deno.test("PAGE-004 the same read is not asked for again, a write is", async () => {
  const { store, talk } = scene();
  await store.write("a", "a");
  talk.length = 0;
  for (let round = 0; round < 3; round++) {
    await store.readText("a");
    await store.getFileInfo("a");
    await Array.fromAsync(store.listFiles(""));
  }
  assertEquals(talk.length, 3);
  await store.write("a", "b", { overwrite: true });
  await store.write("a", "b", { overwrite: true });
  assertEquals(talk.length, 5);
  const none = scene({ signer: { reuse: 0 } });
  await none.store.write("a", "a");
  await none.store.readText("a");
  await none.store.readText("a");
  assertEquals(none.talk.length, 3);
});

Deno.test("PAGE-005 at the first refusal all that is kept is dropped", async () => {
  const { store, talk, fake } = scene();
  await store.write("a", "a");
  await store.readText("a");
  await store.getFileInfo("a");
  talk.length = 0;
  let refusals = 1;
  fake.fault = (arrived) =>
    refusals-- > 0 ? answerError(arrived, 403, "AccessDenied") : undefined;
  assertEquals(await store.readText("a"), "a");
  assertEquals(talk.length, 1);
  await store.getFileInfo("a");
  assertEquals(talk.length, 2);
});

Deno.test("PAGE-006 a signature is not used beyond its end, by the handler's clock", async () => {
  let asked = 0;
  const signer = remoteSigner(SIGN_URL, {
    fetch: () => {
      asked++;
      // An hour ahead of the page's clock.
      const now = Date.now() + 3_600_000;
      return Promise.resolve(Response.json({
        v: 1,
        now: new Date(now).toISOString(),
        results: [{
          url: "u",
          headers: {},
          expires: new Date(now + 60_000).toISOString(),
        }],
      }));
    },
  });
  const read = () =>
    signer(
      { method: "GET", url: "http://s3.test/a", headers: {}, size: 0 },
      { ahead: [], refresh: false, signal: undefined },
    );
  // A minute that nobody waits for.
  const { now } = Date;
  let ahead = 0;
  Date.now = () => now() + ahead;
  try {
    await read();
    await read();
    assertEquals(asked, 1);
    ahead = 60_000;
    await read();
    assertEquals(asked, 2);
  } finally {
    Date.now = now;
  }
});

Deno.test("PAGE-007 an outage of the handler in the middle of an upload is waited out", async () => {
  const fake = new FakeS3();
  let downUntil = 0;
  const handler = scene({ fake }).sign;
  const { store } = scene({
    fake,
    signer: {
      retry: new RetryPolicy({ attempts: 20, minDelay: 300, maxDelay: 600 }),
      fetch: async (url, init) => {
        if (Date.now() < downUntil) throw new TypeError("Failed to fetch");
        return await handler(new Request(url, init));
      },
      batch: 2,
    },
  });
  let parts = 0;
  fake.fault = ({ method, query }) => {
    if (method === "PUT" && query.has("partNumber") && ++parts === 2) {
      downUntil = Date.now() + 3000;
    }
    return undefined;
  };
  const began = Date.now();
  await store.write("big", blob(60 * MIB), { overwrite: true });
  assert(Date.now() - began > 2500, "there was no outage");
  const { bytes } = fake.bucket.objects.get("users/42/big")!;
  assertEquals(bytes.byteLength, 60 * MIB);
  // Each part went once.
  assertEquals(parts, 8);
});

Deno.test("PAGE-008 tickets and credentials that end in the middle are replaced, and no part goes twice", async () => {
  const fake = new FakeS3();
  let given = 0;
  const rules: string[] = [];
  const { store } = scene({
    fake,
    server: {
      credentials: () => {
        given++;
        const expiration = new Date(Date.now() + 2000);
        return Promise.resolve({ ...ACCOUNT, expiration });
      },
    },
    handler: {
      maxExpires: 1,
      maxPartExpires: 1,
      ticketKey: "a key that does not change with credentials",
      authorize: ({ operation, path, contentType }) => {
        rules.push(`${operation} ${path} ${contentType}`);
        return true;
      },
    },
    page: { concurrency: 1 },
  });
  const sent: (string | null)[] = [];
  fake.fault = async ({ method, query }, next) => {
    const response = await next();
    if (method !== "PUT" || !response.ok) return response;
    sent.push(query.get("partNumber"));
    await new Promise((done) => setTimeout(done, 1100));
    return response;
  };
  await store.write("big", blob(30 * MIB), {
    overwrite: true,
    contentType: "image/png",
  });
  const { headers } = fake.bucket.objects.get("users/42/big")!;
  assertEquals(headers["content-type"], "image/png");
  assertEquals(sent, ["1", "2", "3", "4"]);
  assert(given > 1, "the credentials lasted");
  // Once for the file, once for each ticket that had ended, once for the end.
  assert(rules.length > 2, "no ticket was renewed");
  assertEquals(new Set(rules), new Set(["write big image/png"]));
});

Deno.test("PAGE-009 what the handler answers has a type", async () => {
  const answers: [() => Promise<Response>, string][] = [
    [
      () => Promise.resolve(new Response(null, { status: 401 })),
      "PermissionDenied",
    ],
    [
      () => Promise.resolve(new Response(null, { status: 403 })),
      "PermissionDenied",
    ],
    [
      () => Promise.resolve(new Response(null, { status: 503 })),
      "BackendUnavailable",
    ],
    [
      () => Promise.resolve(new Response(null, { status: 429 })),
      "BackendUnavailable",
    ],
    [
      () => Promise.reject(new TypeError("Failed to fetch")),
      "BackendUnavailable",
    ],
    [() => Promise.resolve(new Response("<html>")), "BackendUnavailable"],
    [
      () => Promise.resolve(new Response(null, { status: 404 })),
      "RemoteStoreError",
    ],
    [
      () => Promise.resolve(Response.json({ v: 1, results: [] })),
      "RemoteStoreError",
    ],
    [
      () => Promise.resolve(Response.json({ v: 1, results: [{}] })),
      "RemoteStoreError",
    ],
    ...["PermissionDenied", "InvalidPath", "BackendUnavailable", "NotFound"]
      .map(
        (code): [() => Promise<Response>, string] => [
          () =>
            Promise.resolve(
              Response.json({
                v: 1,
                results: [{ error: { code, message: "no" } }],
              }),
            ),
          code,
        ],
      ),
  ];
  for (const [fetch, code] of answers) {
    const signer = remoteSigner(SIGN_URL, {
      fetch,
      retry: RetryPolicy.disabled(),
    });
    const error = await assertRejects(() =>
      signer(
        { method: "GET", url: "http://s3.test/a", headers: {}, size: 0 },
        { ahead: [], refresh: false, signal: undefined },
      )
    );
    assertEquals((error as RemoteStoreError).code, code);
  }
  assertThrows(() => remoteSigner("/sign"), TypeError);
  assertThrows(() => remoteSigner(SIGN_URL, { batch: 0 }), TypeError);
  assertThrows(() => remoteSigner(SIGN_URL, { reuse: -1 }), TypeError);
});

Deno.test("PAGE-010 a handler tells what its store is like, and no secret", async () => {
  const { sign } = scene({ handler: { complete: "here" } });
  const told = await describeRemote(SIGN_URL, {
    fetch: (url, init) => sign(new Request(url, init)),
    headers: () => Promise.resolve({ authorization: "Bearer x" }),
  });
  assertEquals(told, {
    v: 1,
    service: "s3",
    endpoint: "http://s3.test",
    pathStyle: true,
    bucket: "bucket",
    region: "us-east-1",
    dialect: "aws",
    partSize: 8 * MIB,
    unsignedFields: "refused",
    root: "users/42",
    complete: "here",
    // deno-lint-ignore no-explicit-any -- compared as a whole
  } as any);
});

Deno.test("PAGE-011 the secret is in nothing that the page got", async () => {
  for (const complete of ["page", "here"] as const) {
    const { store, seen } = scene({ handler: { complete } });
    await store.write("a", "a", { metadata: { b: "c" } });
    await store.write("big", blob(11 * MIB), { overwrite: true });
    await store.copy("a", "b");
    await store.deleteMany(["a", "b"]);
    await Array.fromAsync(store.listFiles(""));
    await store.readText("big", {}).catch(() => {});
    const errors = await Promise.all([
      store.readText("../43").catch((error) => error),
      store.readText("gone").catch((error) => error),
    ]);
    const text = [
      seen(),
      ...errors.map((error) => Deno.inspect(error, { depth: 9 })),
    ].join();
    assert(text.includes("X-Amz-Signature"), "nothing was seen");
    const secret = ACCOUNT.secretAccessKey;
    for (
      const form of [
        secret,
        encodeURIComponent(secret),
        btoa(secret),
        btoa(secret).replace(/=+$/, ""),
      ]
    ) {
      assert(!text.includes(form));
    }
  }
});
