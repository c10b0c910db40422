import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Connection } from "../../../backends/s3/connection.ts";
import { toSigning } from "../../../backends/s3/sigv4.ts";
import {
  presign,
  S3Backend,
  type S3Options,
} from "../../../backends/s3/mod.ts";
import { NotFoundError, type RemoteStoreError, Store } from "../../../mod.ts";
import { answerError, type Arrived } from "../../fakes/s3/answers.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf, source, storeOf } from "./setup.ts";

const code = (error: unknown) => (error as RemoteStoreError).code;

Deno.test("S3-001: another region is followed once, signed anew, on a host of AWS's own", async () => {
  const hosts: string[] = [];
  const fake = new FakeS3({ region: "eu-west-1" });
  const store = storeOf(fake, {
    endpoint: undefined,
    fetch: (url, init) => {
      const { hostname, pathname, search } = new URL(url);
      hosts.push(hostname);
      if (hostname.includes("us-east-1")) {
        return Promise.resolve(
          new Response(null, {
            status: 301,
            headers: {
              "x-amz-bucket-region": "eu-west-1",
              location: "https://evil.test/",
            },
          }),
        );
      }
      // The fake knows buckets in paths, and signs for the host that it sees.
      return Promise.resolve(new Response(null, { status: 200 })).finally(() =>
        void [pathname, search, init]
      );
    },
  });
  await store.write("a", "a");
  await store.write("b", "b");
  assertEquals(hosts, [
    "bucket.s3.us-east-1.amazonaws.com",
    "bucket.s3.eu-west-1.amazonaws.com",
    "bucket.s3.eu-west-1.amazonaws.com",
  ]);
});

Deno.test("S3-001: at an endpoint of its own only the signature's region changes", async () => {
  const fake = new FakeS3({ region: "eu-west-1" });
  const store = storeOf(fake);
  await store.write("a", "a");
  assertEquals(fake.log.length, 2);
  await store.write("b", "b");
  assertEquals(fake.log.length, 3);
});

Deno.test("S3-001: a redirect without a region is not followed", async () => {
  const fake = new FakeS3();
  fake.fault = () =>
    new Response(null, {
      status: 307,
      headers: { location: "https://evil.test/" },
    });
  await assertRejects(() => storeOf(fake).write("a", "a"));
  assertEquals(fake.log.length, 1);
});

Deno.test("S3-016: a clock that is wrong is repaired from the service's own", async () => {
  const fake = new FakeS3({ now: () => Date.now() + 3_600_000 });
  const store = storeOf(fake);
  await store.write("a", "a");
  assert(await store.isFile("a"));
  assertEquals(fake.log.length, 3);
  // HEAD has no code in a body: the date alone tells.
  const other = storeOf(fake);
  assert(await other.isFile("a"));
});

Deno.test("S3-022: expired credentials are asked for again, once", async () => {
  const fake = new FakeS3({ sessionToken: "token2" });
  let asked = 0;
  const store = storeOf(fake, {
    credentials: () =>
      Promise.resolve({ ...ACCOUNT, sessionToken: `token${++asked}` }),
  });
  await store.write("a", "a");
  assertEquals([asked, fake.log.length], [2, 2]);
  const stale = storeOf(fake, {
    credentials: () => Promise.resolve({ ...ACCOUNT, sessionToken: "old" }),
  });
  fake.log.length = 0;
  const error = await assertRejects(() => stale.write("a", "a"));
  assertEquals([code(error), fake.log.length], ["PermissionDenied", 2]);
});

/** Writes sixteen files at once, with the answers in any order. */
async function writeAtOnce(
  fake: FakeS3,
  options: Partial<S3Options> = {},
): Promise<void> {
  const store = storeOf(fake, options);
  fake.fault = async (_, next) => {
    const ORDER = [7, 0, 3, 5, 1];
    const wait = ORDER[fake.log.length % ORDER.length];
    await new Promise((resolve) => setTimeout(resolve, wait));
    return await next();
  };
  const keys = Array.from({ length: 16 }, (_, index) => `a${index}`);
  await Promise.all(keys.map((key) => store.write(key, key)));
  // HEAD tells no code.
  assert(
    (await Promise.all(keys.map((key) => store.isFile(key)))).every(Boolean),
  );
}

Deno.test("S3-001: calls that meet the wrong region at once are all repeated", async () => {
  await writeAtOnce(new FakeS3({ region: "eu-west-1" }));
  const hosts: string[] = [];
  const fake = new FakeS3();
  const store = storeOf(fake, {
    endpoint: undefined,
    fetch: async (url) => {
      const { hostname } = new URL(url);
      hosts.push(hostname);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (hostname.includes("eu-west-1")) return new Response(null);
      const headers = { "x-amz-bucket-region": "eu-west-1" };
      return new Response(null, { status: 301, headers });
    },
  });
  await Promise.all(["a", "b", "c"].map((key) => store.write(key, key)));
  assertEquals(new Set(hosts.slice(3)), new Set([hosts.at(-1)]));
  assertEquals(hosts.length, 6);
});

Deno.test("S3-016: calls that meet the wrong clock at once are all repeated", async () => {
  const now = () => Date.now() + 3_600_000;
  await writeAtOnce(new FakeS3({ now }));
  const fake = new FakeS3({ now });
  const store = storeOf(fake);
  const looks = ["a", "b", "c"].map((key) => store.isFile(key));
  assertEquals(await Promise.all(looks), [false, false, false]);
});

Deno.test("S3-016: where CORS rules hide the date, the error's own time sets the clock", async () => {
  const now = () => Date.now() + 3_600_000;
  const fake = new FakeS3({ now });
  fake.fault = async (_, next) => {
    const { status, body } = await next();
    const text = await new Response(body).text();
    const time = new Date(now()).toISOString().replace(/\.\d+/, "");
    const tag = `</Code><ServerTime>${time}</ServerTime>`;
    return new Response(text.replace("</Code>", tag) || null, { status });
  };
  await storeOf(fake).write("a", "a");
  assertEquals(fake.log.length, 2);
});

Deno.test("RET-001: an unknown status from 500 on is repeated, as those of CDNs are", async () => {
  for (const status of [520, 521, 522, 523, 524, 525, 530]) {
    const fake = new FakeS3();
    fake.bucket.put("a", new Uint8Array(1), {});
    let left = 2;
    fake.fault = () => left-- > 0 ? new Response("x", { status }) : undefined;
    assertEquals((await storeOf(fake).readBytes("a")).byteLength, 1);
    assertEquals(fake.log.length, 3);
  }
});

Deno.test("S3-022: calls that meet expired credentials at once ask for others once", async () => {
  let asked = 0;
  const credentials = () => {
    const sessionToken = `token${Math.min(2, ++asked)}`;
    return Promise.resolve({ ...ACCOUNT, sessionToken });
  };
  await writeAtOnce(new FakeS3({ sessionToken: "token2" }), { credentials });
  assertEquals(asked, 2);
});

Deno.test("RET-001: one call repairs the clock, the region and the credentials, each once", async () => {
  const fake = new FakeS3({
    region: "eu-west-1",
    now: () => Date.now() + 3_600_000,
    sessionToken: "token2",
  });
  let asked = 0;
  const credentials = () =>
    Promise.resolve({ ...ACCOUNT, sessionToken: `token${++asked}` });
  await storeOf(fake, { credentials }).write("a", "a");
  assertEquals([asked, fake.log.length], [2, 4]);
});

Deno.test("RET-001: a region that sends elsewhere and back is followed once", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) => {
    const region = fake.log.length % 2 === 1 ? "eu-west-1" : "us-east-1";
    return answerError(arrived, 400, "AuthorizationHeaderMalformed", {
      "x-amz-bucket-region": region,
    });
  };
  await assertRejects(() => storeOf(fake).write("a", "a"));
  assertEquals(fake.log.length, 2);
});

Deno.test("S3-001: every request finds its bucket in the host, and below a base path", async () => {
  const hosted = new FakeS3();
  const based = new FakeS3({ buckets: ["base"] });
  const endpoint = "http://s3.test/base/";
  const cases = [
    [hosted, storeOf(hosted, { pathStyle: false }), ""],
    [based, storeOf(based, { endpoint }), "bucket/"],
  ] as const;
  for (const [fake, store, prefix] of cases) {
    for (const key of ["a b+c", "ü/x'()*!", "q?#&=%"]) {
      await store.write(key, key);
      assert(fake.bucket.objects.has(prefix + key), key);
      assertEquals(await store.readText(key), key);
      const { url } = await presign(store, key);
      const response = await fake.fetch(url);
      assertEquals(await response.text(), key);
      await store.delete(key);
    }
    await store.write("long", source(17 * 1024 * 1024).stream);
    assert(await store.isFile("long"));
  }
  const [[, store]] = cases;
  await store.ping();
  await store.copy("long", "copy ü+");
  const listed = await Array.fromAsync(store.listFiles(""));
  assertEquals(listed.map(({ path }) => path), ["copy ü+", "long"]);
  await store.deleteMany(["copy ü+", "long"], { missingOk: true });
  assertEquals(hosted.bucket.objects.size, 0);
});

Deno.test("S3-001: extra headers go where they belong", async () => {
  const fake = new FakeS3();
  const seen: Record<string, string[]> = {};
  fake.fault = ({ method, headers, query }) => {
    const names = [...headers.keys()].filter((name) =>
      /payer|storage-class|customer|encryption$/.test(name)
    );
    seen[`${method}${query.has("list-type") ? " list" : ""}`] = names;
    return undefined;
  };
  const customer = "x-amz-server-side-encryption-customer-key";
  const store = storeOf(fake, {
    headers: {
      "X-Amz-Request-Payer": "requester",
      "x-amz-storage-class": "STANDARD_IA",
      "x-amz-server-side-encryption": "AES256",
      [customer]: "a2V5",
    },
  });
  await store.write("a", "a");
  await store.readBytes("a");
  await Array.fromAsync(store.listFiles(""));
  const encryption = "x-amz-server-side-encryption";
  assertEquals(seen, {
    "PUT": ["x-amz-request-payer", encryption, customer, "x-amz-storage-class"],
    "GET": ["x-amz-request-payer", customer],
    "GET list": ["x-amz-request-payer"],
  });
});

/** All that shows of a value without the code that made it. */
function shown(value: unknown): string {
  const texts = [
    Deno.inspect(value, { depth: 20, showHidden: true, getters: true }),
    String(value),
    `${JSON.stringify(value)}`,
  ];
  try {
    texts.push(Deno.inspect(structuredClone(value), { depth: 20 }));
  } catch {
    // What holds functions is not cloned.
  }
  if (value instanceof Error) texts.push(`${value.stack}`, shown(value.cause));
  return texts.join("\n");
}

Deno.test("ERR-008: no inspection, no clone and no error shows a secret", async () => {
  const customerKey = "Y3VzdG9tZXIta2V5LW9mLTMyLWJ5dGVzLWxvbmctISE=";
  const signature = "0123456789abcdef0123456789abcdef";
  const secrets = [
    ACCOUNT.secretAccessKey,
    "session-token-1",
    customerKey,
    signature,
    "Signature=0",
  ];
  const credentials = { ...ACCOUNT, sessionToken: "session-token-1" };
  const headers = { "x-amz-server-side-encryption-customer-key": customerKey };
  const failures = [
    (arrived: Arrived) => answerError(arrived, 403, "AccessDenied"),
    (arrived: Arrived) => answerError(arrived, 400, "ExpiredToken"),
    (arrived: Arrived) => {
      const { url, headers } = arrived.request;
      throw new TypeError(`error sending request for url (${url})`, {
        cause: { url, authorization: headers.get("authorization") },
      });
    },
  ];
  const ways: Partial<S3Options>[] = [
    { credentials },
    { credentials: () => Promise.resolve(credentials) },
    {
      credentials: undefined,
      signer: ({ url, headers }) =>
        Promise.resolve({
          url: `${url}?X-Amz-Signature=${signature}`,
          headers,
        }),
    },
  ];
  for (const way of ways) {
    const fake = new FakeS3({ trusting: true });
    const options = { ...optionsOf(fake), headers, ...way };
    const backend = new S3Backend(options);
    const store = new Store({ backend });
    const values: unknown[] = [
      store,
      backend,
      store.resolve("a"),
      // Private to the backend; it holds the headers of the options as they are.
      new S3Connection({ ...options, headers: {} }, toSigning),
    ];
    await store.write("a", "a");
    for (const failure of failures) {
      fake.fault = failure;
      for (
        const call of [
          () => store.readBytes("a"),
          () => store.write("a", "b"),
          () => store.write("a", source(17 * 1024 * 1024).stream),
          () => Array.fromAsync(store.listFiles("")),
          () => store.delete("a"),
        ]
      ) {
        values.push(await call().then(() => null, (error) => error));
      }
    }
    for (const value of values) {
      const text = shown(value);
      for (const secret of secrets) {
        assert(!text.includes(secret), `${secret} shows in ${text}`);
      }
    }
  }
});

Deno.test("S3-005, ABSENT-001 an absent bucket is told by every call whose answer names it", async () => {
  const store = storeOf(new FakeS3(), { bucket: "gone" });
  const calls = [
    () => store.ping(),
    () => Array.fromAsync(store.listFiles("")),
    () => store.exists("a"),
    () => store.getFolderInfo(""),
    () => store.readBytes("a"),
    () => store.deleteFolder("a", { missingOk: true }),
    () => store.deleteMany(["a"], { missingOk: true }),
  ];
  for (const call of calls) {
    const error = await assertRejects(call, NotFoundError, '"gone"');
    assertEquals(error.path, null);
  }
  // A HEAD has no body, so it cannot tell the bucket from the object.
  assertEquals(await store.isFile("a"), false);
});
