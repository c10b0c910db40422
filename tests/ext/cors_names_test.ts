import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  AzureBackend,
  urlSigner as azureSigner,
} from "../../backends/azure/mod.ts";
import { S3Backend, type S3Options, urlSigner } from "../../backends/s3/mod.ts";
import type { CorsService } from "../../ext/cors.ts";
import { diagnoseCors } from "../../ext/cors.ts";
import { ORIGIN, serviceOf } from "./cors_fixture.ts";

const R2_HOST = "0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com";

/** Where a bucket or container is, and what the command calls it. */
const ROWS: readonly (readonly [CorsService, string, string])[] = [
  ["s3", "https://s3.eu-central-1.amazonaws.com/photos", "--bucket photos "],
  ["s3", "https://photos.s3.eu-central-1.amazonaws.com", "--bucket photos "],
  ["s3", "https://photos.s3.amazonaws.com/", "--bucket photos "],
  [
    "s3",
    "https://my.photos.s3.cn-north-1.amazonaws.com.cn",
    "--bucket my.photos ",
  ],
  [
    "s3",
    "https://photos.s3.dualstack.us-west-2.amazonaws.com",
    "--bucket photos ",
  ],
  ["s3", "http://127.0.0.1:9000/base/photos", "--bucket photos "],
  ["s3", "https://cdn.example.com/", "--bucket BUCKET "],
  ["s3", "https://minio.example.com/a;rm%20x", "--bucket BUCKET "],
  ["s3", "https://minio.example.com/$(x)", "--bucket BUCKET "],
  ["r2", `https://${R2_HOST}/photos`, "cors set photos "],
  ["r2", `https://photos.${R2_HOST}`, "cors set photos "],
  ["r2", "https://files.example.com", "cors set BUCKET "],
  ["ceph", "https://rgw.example.com/photos", "s3://photos"],
  [
    "azure",
    "https://contoso.blob.core.windows.net/photos",
    "--account-name contoso ",
  ],
  [
    "azure",
    "https://contoso.blob.core.windows.net/",
    "--account-name contoso ",
  ],
  [
    "azure",
    "https://contoso-secondary.blob.core.windows.net/a",
    "--account-name contoso ",
  ],
  [
    "azure",
    "http://127.0.0.1:10000/devstoreaccount1/photos",
    "--account-name devstoreaccount1 ",
  ],
  ["azure", "https://files.example.com/photos", "--account-name ACCOUNT "],
];

for (const [service, url, words] of ROWS) {
  Deno.test(`CORS-007: the command for ${url} (${service}) names what the URL names`, async () => {
    const { fetch } = serviceOf();
    const options = { origin: ORIGIN, service, fetch };
    const { rules } = await diagnoseCors(url, options);
    assertStringIncludes(rules.command, words);
    assert(!/cors-[\da-f]{8}/.test(rules.command), rules.command);
  });
}

Deno.test("CORS-007: so does that for a backend", async () => {
  const { fetch } = serviceOf();
  const s3 = (options: Partial<S3Options>) =>
    urlSigner(
      new S3Backend({
        bucket: "photos",
        credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
        ...options,
      }),
    );
  const azure = azureSigner(
    new AzureBackend({
      container: "photos",
      hns: false,
      accountName: "contoso",
      accountKey: btoa("key"),
    }),
  );
  const targets = [
    s3({}),
    s3({ pathStyle: true }),
    s3({ endpoint: "http://127.0.0.1:9000" }),
    s3({ endpoint: `https://${R2_HOST}` }),
    s3({ endpoint: `https://${R2_HOST}`, pathStyle: false }),
    s3({ endpoint: "https://rgw.example.com", dialect: "ceph" }),
    azure,
  ];
  const commands: string[] = [];
  for (const target of targets) {
    const { rules } = await diagnoseCors(target, { origin: ORIGIN, fetch });
    commands.push(
      /\bphotos\b|\bcontoso\b/.exec(rules.command)?.[0] ?? rules.command,
    );
  }
  assertEquals(commands, [...Array(6).fill("photos"), "contoso"]);
});
