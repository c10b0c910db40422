import { assert, assertEquals } from "@std/assert";
import { s3Signing } from "../../../backends/s3/signing.ts";
import { formatParts } from "../../../backends/s3/upload_calls.ts";
import type { SigningQuestion } from "../../../mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { storeOf } from "./setup.ts";

const MIB = 2 ** 20;
const { signal } = new AbortController();

const PLAN = {
  size: 11 * MIB,
  partSize: 5 * MIB,
  create: false,
  ifMatch: null,
  contentType: null,
  source: null,
};

function reader(fake: FakeS3) {
  const service = s3Signing(storeOf(fake), { unsignedFields: undefined });
  return (change: Partial<SigningQuestion>) =>
    service.read({
      method: "POST",
      url: "http://s3.test/bucket/a?uploads=",
      headers: {},
      size: 0,
      body: null,
      plan: PLAN,
      expiresIn: null,
      ...change,
    });
}

Deno.test("SIGN-024 what follows an opening is asked as the page asks it, as far as sizes are known", async () => {
  const read = reader(new FakeS3());
  const answer = (id: string) =>
    `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;
  const parts = (await read({})).partsOf(answer("a+b/="));
  assertEquals(parts.map(({ url, size }) => [url, size]), [
    ["http://s3.test/bucket/a?partNumber=1&uploadId=a%2Bb%2F%3D", 5 * MIB],
    ["http://s3.test/bucket/a?partNumber=2&uploadId=a%2Bb%2F%3D", 5 * MIB],
    ["http://s3.test/bucket/a?partNumber=3&uploadId=a%2Bb%2F%3D", MIB],
  ]);
  // Each is one that is understood.
  for (const part of parts) assert((await read(part)).upload?.step === "part");
  const counts = [];
  for (const size of [null, 5 * MIB * 100]) {
    const opened = await read({ plan: { ...PLAN, size } });
    counts.push(opened.partsOf(answer("a")).length);
  }
  const copy = { ...PLAN, source: "/bucket/b" };
  counts.push((await read({ plan: copy })).partsOf(answer("a")).length);
  counts.push((await read({})).partsOf("<Error/>").length);
  assertEquals(counts, [0, 32, 0, 0]);
});

Deno.test("SIGN-013 parts are added up as the service has them, page by page", async () => {
  const fake = new FakeS3();
  const read = reader(fake);
  const opened = await (await read({})).send({ seconds: 60 }, signal);
  const id = /<UploadId>(.*?)</.exec(await opened.text())?.[1] ?? "";
  const tags: string[] = [];
  for (const [at, size] of [5 * MIB, 5 * MIB, MIB].entries()) {
    const part = await read({
      method: "PUT",
      url: `http://s3.test/bucket/a?partNumber=${at + 1}&uploadId=${
        encodeURIComponent(id)
      }`,
      size,
    });
    const { url } = await part.sign({ seconds: 60 });
    const body = new Uint8Array(size);
    const response = await fake.fetch(url, { method: "PUT", body });
    tags.push(response.headers.get("etag") ?? "");
    await response.body?.cancel();
  }
  const sumOf = async (etags: readonly string[]) => {
    const body = new TextEncoder().encode(
      formatParts(etags.map((etag) => ({ etag, sha256: null }))),
    );
    const end = await read({
      url: `http://s3.test/bucket/a?uploadId=${encodeURIComponent(id)}`,
      headers: { "content-type": "application/xml" },
      size: body.byteLength,
      body,
    });
    return await end.sumOfParts(signal);
  };
  assertEquals(await sumOf(tags), 11 * MIB);
  assertEquals(await sumOf(tags.slice(0, 2)), 10 * MIB);
  assertEquals(await sumOf(['"another"', ...tags.slice(1)]), NaN);
  assertEquals(await sumOf([...tags, '"more"']), NaN);
});
