import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AzureBackend,
  urlSigner as azureUrlSigner,
} from "../../../backends/azure/mod.ts";
import { S3Backend, urlSigner } from "../../../backends/s3/mod.ts";
import { type CorsBackend, toTarget } from "../../../ext/_cors/target.ts";
import { InvalidArgumentError } from "../../../mod.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

Deno.test("CORS-002: toTarget() takes what signs for a backend of S3, and for one of Azure", async () => {
  const s3 = new S3Backend({ bucket: "photos", credentials });
  const target = await toTarget(urlSigner(s3), {});
  assertEquals(target.service, "s3");
  assert(
    target.url.startsWith("https://photos.s3.us-east-1.amazonaws.com/cors-"),
  );
  assert(!target.url.includes("?"));
  assert((await target.sign!("PUT")).includes("X-Amz-Signature="));
  const endpoint = "https://ceph.example.com";
  const ceph = new S3Backend({
    bucket: "b",
    credentials,
    endpoint,
    dialect: "ceph",
  });
  assertEquals((await toTarget(urlSigner(ceph), {})).service, "ceph");
  assertEquals(
    (await toTarget(urlSigner(ceph), { service: "r2" })).service,
    "r2",
  );
  const azure = new AzureBackend({
    container: "files",
    hns: false,
    connectionString: "UseDevelopmentStorage=true",
  });
  const blob = await toTarget(azureUrlSigner(azure), {});
  assertEquals(blob.service, "azure");
  const url = new URL(await blob.sign!("PUT"));
  assertEquals(url.searchParams.get("sp"), "cw");
});

Deno.test("CORS-002: toTarget() takes a URL of a bucket, whose service has to be said", async () => {
  const { url, sign } = await toTarget("https://s3.test/b/", { service: "s3" });
  assert(/^https:\/\/s3\.test\/b\/cors-[0-9a-f-]{36}$/.test(url), url);
  assertEquals(sign, null);
});

Deno.test("CORS-005: toTarget() refuses what nobody can be asked by", async () => {
  const cases: [unknown, object, string][] = [
    ["https://s3.test/b", {}, "of a URL the service has to be said"],
    ["s3.test", { service: "s3" }, '"s3.test" is no URL'],
    ["https://s3.test", { service: "gcs" }, 'service is "gcs"'],
    [null, {}, "a backend or a URL is needed"],
    [{ name: "memory" }, {}, "the backend signs no URLs"],
    [
      { name: "azure", presign: () => "" },
      {},
      "the backend signs no URLs, as what urlSigner of S3 and Azure returns does",
    ],
  ];
  for (const [target, options, message] of cases) {
    await assertRejects(
      () => toTarget(target as CorsBackend, options),
      InvalidArgumentError,
      `Cannot diagnose CORS: ${message}`,
    );
  }
});
