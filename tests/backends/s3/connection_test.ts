import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Connection } from "../../../backends/s3/connection.ts";
import type { RemoteStoreError } from "../../../mod.ts";
import { answerError } from "../../fakes/s3/answers.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf, storeOf } from "./setup.ts";

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
  const error = await assertRejects(() => stale.write("a", "a"));
  assertEquals(code(error), "PermissionDenied");
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

Deno.test("ERR-008: neither inspection nor JSON nor an error shows a secret", async () => {
  const fake = new FakeS3();
  const options = optionsOf(fake);
  const connection = new S3Connection(options);
  const secret = ACCOUNT.secretAccessKey;
  for (
    const text of [
      Deno.inspect(connection, { depth: 9, showHidden: true }),
      JSON.stringify(connection),
    ]
  ) {
    assert(!text.includes(secret));
  }
  fake.fault = (arrived) => answerError(arrived, 403, "AccessDenied");
  const error = await assertRejects(() => storeOf(fake).readBytes("a"));
  assert(!Deno.inspect(error, { depth: 9 }).includes("Signature="));
});

Deno.test("S3-005: an absent bucket is told by ping, and reads as an empty one", async () => {
  const store = storeOf(new FakeS3(), { bucket: "gone" });
  const error = await assertRejects(() => store.ping());
  assertEquals(code(error), "NotFound");
  assertEquals(await Array.fromAsync(store.listFiles("")), []);
  assertEquals(await store.exists("a"), false);
});
