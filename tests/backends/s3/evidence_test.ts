import { assert, assertEquals, assertRejects } from "@std/assert";
import { probeDialect } from "../../../backends/s3/mod.ts";
import type { Store } from "../../../mod.ts";
import { answerError, type Arrived } from "../../fakes/s3/answers.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf, refusal, storeOf } from "./setup.ts";

const MIB = 1024 * 1024;

const PAGE = "<!DOCTYPE html><html><body>Please sign in</body></html>";

Deno.test("S3-031: a page with a good status is no success of anything", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", new Uint8Array(1), {});
  const bytes = new Uint8Array(9 * MIB);
  const changes: ((store: Store) => Promise<unknown>)[] = [
    (store) => store.write("b", "hello", { overwrite: true }),
    (store) =>
      store.write("b", new Blob([bytes]).stream(), { overwrite: true }),
    (store) => store.copy("a", "b", { overwrite: true }),
    (store) => store.move("a", "b", { overwrite: true }),
    (store) => store.delete("a"),
    (store) => store.readBytes("a"),
    (store) => Array.fromAsync(store.listFiles("")),
  ];
  for (const [at, change] of changes.entries()) {
    // A HEAD has no page: what it would tell is true here.
    fake.fault = (arrived) =>
      arrived.method === "HEAD" ? undefined : new Response(PAGE, {
        headers: { "content-type": "text/html", etag: '"page"' },
      });
    if (change === changes[5]) {
      fake.fault = () =>
        new Response(PAGE, { headers: { "content-type": "text/html" } });
    }
    await assertRejects(() => change(storeOf(fake)), Error, "", `call ${at}`);
  }
  assertEquals([...fake.bucket.objects.keys()], ["a"]);
});

Deno.test("S3-031: an answer of HEAD or GET without a tag and a time is no object's", async () => {
  const fake = new FakeS3();
  fake.fault = ({ method }) =>
    new Response(method === "HEAD" ? null : PAGE, {
      headers: { "content-length": `${PAGE.length}` },
    });
  const store = storeOf(fake);
  for (
    const call of [
      () => store.getFileInfo("a"),
      () => store.readText("a"),
      () => store.exists("a"),
    ]
  ) {
    assertEquals(await refusal(call), "BackendUnavailable");
  }
});

Deno.test("S3-031: a page in place of tags is repeated, and loses none", async () => {
  const fake = new FakeS3();
  const stored = { "x-amz-tagging": "k=v" };
  fake.bucket.put("a", new Uint8Array(6 * MIB), stored);
  let pages = 1;
  fake.fault = ({ query }) =>
    query.has("tagging") && pages-- > 0 ? new Response(PAGE) : undefined;
  await storeOf(fake, { copyThreshold: 5 * MIB }).copy("a", "b");
  const { headers } = fake.bucket.objects.get("b") ?? {};
  assertEquals(headers?.["x-amz-tagging"], "k=v");
});

Deno.test("S3-032: a condition that is declared and not implemented is said to be missing", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) =>
    arrived.headers.has("if-none-match") || arrived.headers.has("if-match")
      ? answerError(arrived, 501, "NotImplemented")
      : undefined;
  const store = storeOf(fake);
  const creates = await Promise.allSettled(
    Array.from({ length: 16 }, (_, at) => store.write("a", `${at}`)),
  );
  assertEquals(creates.filter(({ status }) => status === "fulfilled"), []);
  assertEquals(
    await refusal(() => store.write("a", "x", { ifMatch: '"e"' })),
    "CapabilityNotSupported",
  );
  assertEquals(fake.bucket.objects.size, 0);
  const { conditions } = await probeDialect(optionsOf(fake));
  assertEquals(conditions.put, false);
  assertEquals(fake.bucket.objects.size, 0);
});

Deno.test("S3-034: only the service's own word for it makes an empty listing, or an absent file", async () => {
  const answers: ((arrived: Arrived) => Response)[] = [
    (arrived) => answerError(arrived, 404, "NoSuchKey"),
    () => new Response(PAGE, { status: 404 }),
    () => new Response(null, { status: 404 }),
  ];
  const isListing = ({ query }: Arrived) => query.has("list-type");
  for (const answer of answers) {
    const fake = new FakeS3();
    const store = storeOf(fake);
    fake.fault = (arrived) => isListing(arrived) ? answer(arrived) : undefined;
    for (
      const call of [
        () => Array.fromAsync(store.listFiles("d")),
        () => store.getFolderInfo("d"),
        () => store.deleteFolder("d", { missingOk: true }),
        () => store.exists("d"),
      ]
    ) {
      assertEquals(await refusal(call), "BackendUnavailable");
    }
  }
  for (const answer of answers.slice(1)) {
    const fake = new FakeS3();
    fake.bucket.put("a", new Uint8Array(1), {});
    let left = 1;
    fake.fault = (arrived) =>
      arrived.method === "GET" && left-- > 0 ? answer(arrived) : undefined;
    assertEquals((await storeOf(fake).readBytes("a")).byteLength, 1);
  }
});

Deno.test("S3-034: a listing that is cut, empty, or another document is asked for again", async () => {
  const fake = new FakeS3();
  for (const key of ["a", "b"]) fake.bucket.put(key, new Uint8Array(1), {});
  const whole = async (next: () => Promise<Response>) =>
    await (await next()).text();
  const bodies: ((next: () => Promise<Response>) => Promise<string>)[] = [
    async (next) => (await whole(next)).replace("</ListBucketResult>", ""),
    async (next) => (await whole(next)).slice(0, 120),
    () => Promise.resolve(""),
    () => Promise.resolve(PAGE),
    () => Promise.resolve('{"files":[]}'),
    () => Promise.resolve("<DeleteResult></DeleteResult>"),
  ];
  for (const body of bodies) {
    let left = 2;
    fake.fault = async (_, next) =>
      left-- > 0 ? new Response(await body(next)) : await next();
    const files = await Array.fromAsync(storeOf(fake).listFiles(""));
    assertEquals(files.map(({ path }) => path), ["a", "b"]);
    left = 3;
    assertEquals(
      await refusal(() => Array.fromAsync(storeOf(fake).listFiles(""))),
      "BackendUnavailable",
    );
  }
});

Deno.test("S3-037: a 412 to a call that sent no condition is told in the service's own words", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) => answerError(arrived, 412, "PreconditionFailed");
  const store = storeOf(fake);
  for (
    const call of [
      () => store.ping(),
      () => Array.fromAsync(store.listFiles("")),
      () => store.readBytes("a"),
    ]
  ) {
    const error = await assertRejects(call) as Error;
    assertEquals((error as { code?: string }).code, "RemoteStoreError");
    assert(error.message.includes("412"), error.message);
  }
});

Deno.test("S3-038: a HEAD that cannot say which region it is lets a GET ask", async () => {
  const fake = new FakeS3({ region: "eu-west-1" });
  fake.bucket.put("a", new Uint8Array(3), {});
  // As where the field is hidden, or was never sent.
  fake.fault = async ({ method }, next) => {
    const response = await next();
    if (response.status !== 400) return response;
    const text =
      "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>";
    return new Response(method === "HEAD" ? null : text, { status: 400 });
  };
  const store = storeOf(fake);
  assertEquals((await store.getFileInfo("a")).size, 3);
  const before = fake.log.length;
  assertEquals(await store.isFile("b"), false);
  assertEquals(fake.log.length, before + 1);
  await storeOf(fake).ping();
});
