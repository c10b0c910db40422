import { assertEquals, assertRejects } from "@std/assert";
import type {
  RequestSigner,
  SigningOptions,
  UnsignedRequest,
} from "../../../backends/s3/mod.ts";
import { Clock } from "../../../backends/_http/clock.ts";
import { S3Signer } from "../../../backends/s3/sigv4.ts";
import { PermissionDeniedError, type RemoteStoreError } from "../../../mod.ts";
import { answerError } from "../../fakes/s3/answers.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { source, storeOf } from "./setup.ts";

const MIB = 1024 * 1024;

/** What an upload says that may replace anything. */
const OPEN = { create: false, ifMatch: null, contentType: null, source: null };

const local = new S3Signer(ACCOUNT, "us-east-1", false, new Clock(Date.now));

/** Signs as the application's server would, and tells what it was asked. */
function watched(
  refuse: (request: UnsignedRequest, options: SigningOptions) => void =
    () => {},
) {
  const asked: [UnsignedRequest, SigningOptions][] = [];
  const signer: RequestSigner = async (request, options) => {
    asked.push([request, options]);
    refuse(request, options);
    const { method, url, headers } = request;
    return await local.sign({ method, url, headers, body: null }, undefined);
  };
  return { asked, options: { credentials: undefined, signer } };
}

const isLook = ({ method }: UnsignedRequest) =>
  method === "HEAD" || method === "GET";

Deno.test("SEAM-003 a signer that cannot be reached is asked again, one that refuses is not", async () => {
  let failures = 2;
  const down = watched(() => {
    if (failures-- > 0) throw new TypeError("Failed to fetch");
  });
  const fake = new FakeS3();
  await storeOf(fake, down.options).write("a", "a");
  assertEquals(down.asked.length, 3);
  assertEquals(down.asked.map(([, { refresh }]) => refresh), [
    false,
    true,
    true,
  ]);
  const refusing = watched(() => {
    throw new Response(null, { status: 403 });
  });
  const error = await assertRejects(() =>
    storeOf(fake, refusing.options).write("b", "b")
  );
  assertEquals((error as RemoteStoreError).code, "PermissionDenied");
  assertEquals(refusing.asked.length, 1);
});

Deno.test("SEAM-004 a refused signature is made anew, once", async () => {
  for (const code of ["ExpiredToken", "AccessDenied", "RequestTimeTooSkewed"]) {
    const fake = new FakeS3();
    let refusals = 1;
    fake.fault = (arrived) =>
      refusals-- > 0
        ? answerError(arrived, code === "ExpiredToken" ? 400 : 403, code)
        : undefined;
    const { asked, options } = watched();
    await storeOf(fake, options).write("a", "a");
    assertEquals(asked.map(([, { refresh }]) => refresh), [false, true], code);
    refusals = 9;
    const error = await assertRejects(() =>
      storeOf(fake, options).write("b", "b")
    );
    assertEquals((error as RemoteStoreError).code, "PermissionDenied");
    assertEquals(asked.length, 4);
  }
});

Deno.test("SEAM-005 who may only write creates files of any size", async () => {
  const fake = new FakeS3();
  const { options } = watched((request) => {
    if (isLook(request)) throw new PermissionDeniedError();
  });
  const store = storeOf(fake, options);
  await store.write("small", "a");
  await store.write("blob", new Blob([new Uint8Array(11 * MIB)]));
  await store.write("stream", source(11 * MIB).stream);
  assertEquals([...fake.bucket.objects.keys()], ["small", "blob", "stream"]);
  for (const path of ["small", "stream"]) {
    const error = await assertRejects(() =>
      store.write(path, path === "small" ? "b" : source(11 * MIB).stream)
    );
    assertEquals((error as RemoteStoreError).code, "AlreadyExists", path);
  }
  assertEquals(fake.bucket.uploads.size, 0);
  // What cannot hold the condition at the end has to look.
  const plain = storeOf(fake, { ...options, dialect: "ceph" });
  const error = await assertRejects(() =>
    plain.write("other", source(11 * MIB).stream)
  );
  assertEquals((error as RemoteStoreError).code, "PermissionDenied");
  await plain.write("other", source(11 * MIB).stream, { overwrite: true });
});

Deno.test("SEAM-006 an upload tells its plan with each request, and which parts follow", async () => {
  const fake = new FakeS3();
  const { asked, options } = watched();
  const store = storeOf(fake, options);
  await store.write("a", new Blob([new Uint8Array(20 * MIB)]), {
    overwrite: true,
  });
  const plans = new Set(asked.map(([{ plan }]) => plan));
  assertEquals([...plans], [{ size: 20 * MIB, partSize: 8 * MIB, ...OPEN }]);
  const parts = asked.filter(([{ url }]) => url.includes("partNumber=1"));
  assertEquals(parts.length, 1);
  const ahead = parts[0]?.[1].ahead ?? [];
  assertEquals(ahead.map(({ size }) => size), [8 * MIB, 4 * MIB]);
  for (const later of ahead) {
    const own = asked.find(([{ url }]) => url === later.url)?.[0];
    assertEquals(own, later);
  }
  const bodies = asked.filter(([{ body }]) => body !== undefined);
  assertEquals(bodies.map(([{ method }]) => method), ["POST"]);
  await store.write("s", source(11 * MIB).stream, { overwrite: true });
  assertEquals(asked.at(-1)?.[0].plan, {
    size: null,
    partSize: 8 * MIB,
    ...OPEN,
  });
  await store.deleteMany(["a", "s"]);
  assertEquals(asked.at(-1)?.[0].body instanceof Uint8Array, true);
});

Deno.test("SEAM-007 the type and the range of a request that was seen cannot be changed", async () => {
  const fake = new FakeS3();
  const sent: [string, RequestInit][] = [];
  const store = storeOf(fake, {
    fetch: (url, init) => {
      sent.push([url, init]);
      return fake.fetch(url, init);
    },
  });
  await store.write("a", "hello", { contentType: "text/plain" });
  await store.readBytes("a", { range: { offset: 1, length: 2 } });
  const [put, get] = sent as [[string, RequestInit], [string, RequestInit]];
  for (
    const [[url, init], field, other] of [
      [put, "content-type", "text/html"],
      [get, "range", "bytes=0-4"],
    ] as const
  ) {
    const again = async (headers: Record<string, string>) => {
      const response = await fake.fetch(url, {
        ...init,
        headers: { ...init.headers as Record<string, string>, ...headers },
      });
      await response.body?.cancel();
      return response.ok;
    };
    assertEquals(await again({ [field]: other }), false, field);
  }
});
