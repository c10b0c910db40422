import { assert, assertEquals } from "@std/assert";
import {
  type CorsService,
  type Demands,
  OPERATIONS,
} from "../../../ext/_cors/requests.ts";
import { rulesFor } from "../../../ext/_cors/rules.ts";

const ORIGIN = "https://app.example.com";

function rulesOf(service: CorsService, operations = OPERATIONS) {
  const demands: Demands = {
    service,
    operations,
    signing: "header",
    metadata: ["author"],
    fields: ["x-amz-security-token"],
  };
  return rulesFor(ORIGIN, demands);
}

Deno.test("CORS-003: rules for S3 are what its console takes", () => {
  const { text, command } = rulesOf("s3");
  const [rule, ...more] = JSON.parse(text);
  assertEquals(more, []);
  assertEquals(rule.AllowedOrigins, [ORIGIN]);
  assertEquals(rule.AllowedMethods, ["DELETE", "GET", "HEAD", "POST", "PUT"]);
  assertEquals([rule.AllowedHeaders, rule.MaxAgeSeconds], [["*"], 600]);
  assert(rule.ExposeHeaders.includes("x-amz-meta-author"));
  assert(command.startsWith("aws s3api put-bucket-cors"));
});

Deno.test("CORS-003: rules allow no more methods than are needed", () => {
  const [rule] = JSON.parse(rulesOf("s3", ["read"]).text);
  assertEquals(rule.AllowedMethods, ["GET"]);
});

Deno.test("CORS-003: rules for R2 name each header, in wrangler's shape", () => {
  const { rules } = JSON.parse(rulesOf("r2").text);
  const [{ allowed, exposeHeaders, maxAgeSeconds }] = rules;
  assertEquals([allowed.origins, maxAgeSeconds], [[ORIGIN], 600]);
  assert(!allowed.headers.includes("*"));
  for (
    const field of [
      "authorization",
      "x-amz-meta-author",
      "x-amz-security-token",
    ]
  ) {
    assert(allowed.headers.includes(field), field);
  }
  assert(exposeHeaders.includes("etag"));
});

Deno.test("CORS-003: rules for Ceph and Azure are documents of theirs", () => {
  const ceph = rulesOf("ceph").text;
  assert(
    ceph.startsWith("<CORSConfiguration>\n  <CORSRule>\n    <Allowed"),
    ceph,
  );
  assert(ceph.endsWith("  </CORSRule>\n</CORSConfiguration>"), ceph);
  assert(ceph.includes("    <ExposeHeader>etag</ExposeHeader>\n"));
  const { text, command } = rulesOf("azure");
  assert(
    text.includes(
      "<ExposedHeaders>etag,content-range,content-encoding,content-disposition,date,age,retry-after,content-md5,x-ms-*</ExposedHeaders>",
    ),
    text,
  );
  assert(
    text.endsWith("    </CorsRule>\n  </Cors>\n</StorageServiceProperties>"),
    text,
  );
  assert(
    command.includes(`--origins ${ORIGIN} --methods DELETE GET HEAD POST PUT`),
  );
});
