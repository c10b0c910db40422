import { assert, assertEquals } from "@std/assert";
import { AzureBackend } from "../../../backends/azure/mod.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import {
  type CorsOperation,
  type CorsService,
  type Demands,
  OPERATIONS,
  shownBy,
} from "../../../ext/_cors/requests.ts";
import { type Backend, Store } from "../../../mod.ts";
import { SAFE_FIELDS } from "../safelisted.ts";

// Google's alone, whose rules are not diagnosed.
const ELSEWHERE = /^x-goog-/;

const demandsOf = (
  service: CorsService,
  operations: readonly CorsOperation[] = OPERATIONS,
): Demands => ({
  service,
  operations,
  signing: "header",
  metadata: [],
  fields: [],
});

/** The fields that sources ask an answer for, by their names in the text. */
async function askedIn(folder: string): Promise<Map<string, string>> {
  const asked = new Map<string, string>();
  const at = new URL(`../../../backends/${folder}/`, import.meta.url);
  for await (const { name } of Deno.readDir(at)) {
    const text = await Deno.readTextFile(new URL(name, at));
    const calls = text.matchAll(
      /\b(?:headers|answered|fields)\.(?:get|has)\(\s*"([a-z-]+)"/g,
    );
    for (const [, field = ""] of calls) asked.set(field, name);
  }
  return asked;
}

// These take texts apart that are no answers, but for a name in common.
const NO_ANSWERS = new Set(["connection_string.ts"]);

// Of the mark of a deletion nothing is lost but whether it was there to delete: for one
// option of one call not every page is asked to show it.
const DISPENSABLE = new Set(["x-amz-delete-marker"]);

for (const service of ["s3", "azure"] as const) {
  Deno.test(`CORS-006: each field of an answer that is asked for in the sources is named, on ${service}`, async () => {
    const asked = new Map([
      ...await askedIn("_http"),
      ...await askedIn(service),
    ]);
    assert(asked.has("etag") && asked.size > 10, "the walk found the reads");
    const shown = shownBy(demandsOf(service));
    const missing = [...asked].filter(([field, file]) =>
      !shown.has(field) && !SAFE_FIELDS.has(field) && !ELSEWHERE.test(field) &&
      !NO_ANSWERS.has(file) && !DISPENSABLE.has(field)
    );
    assertEquals(missing, []);
  });
}

const DATE = "Mon, 30 Nov 2026 10:00:00 GMT";
const MD5 = "XUFAKrxLKna5cZ2REBfFkg==";

// All that a service says of a file, as far as it says something.
const ANSWERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: {
    "x-amz-checksum-sha256": "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
    "x-amz-checksum-type": "FULL_OBJECT",
    "x-amz-version-id": "v1",
    "x-amz-storage-class": "STANDARD_IA",
    "x-amz-server-side-encryption": "AES256",
    "x-amz-request-id": "R1",
    "x-amz-id-2": "host",
  },
  azure: {
    "content-md5": MD5,
    "x-ms-version": "2021-12-02",
    "x-ms-access-tier": "Cool",
    "x-ms-access-tier-inferred": "false",
    "x-ms-tag-count": "2",
    "x-ms-version-id": "v1",
    "x-ms-blob-type": "BlockBlob",
    "x-ms-request-id": "R1",
  },
};

const COMMON = {
  "accept-ranges": "bytes",
  "cache-control": "no-store",
  "content-disposition": "inline",
  "content-encoding": "identity",
  "content-language": "de",
  "content-length": "5",
  "content-type": "text/plain",
  "date": DATE,
  "etag": '"e1"',
  "last-modified": DATE,
  "server": "one",
};

function open(service: string, answer: Headers): Backend {
  const fetch = () => Promise.resolve(new Response(null, { headers: answer }));
  return service === "s3"
    ? new S3Backend({
      bucket: "bucket",
      endpoint: "http://s3.test",
      credentials: { accessKeyId: "A", secretAccessKey: "S" },
      dialect: "aws",
      fetch,
    })
    : new AzureBackend({
      container: "files",
      accountName: "fake",
      accountKey: btoa("key"),
      hns: false,
      fetch,
    });
}

async function infoOf(service: string, hidden: string | null): Promise<string> {
  const answer = new Headers({ ...COMMON, ...ANSWERS[service] });
  if (hidden !== null) answer.delete(hidden);
  const store = new Store({ backend: open(service, answer) });
  const { extra, ...info } = await store.getFileInfo("a");
  return JSON.stringify([info, info.digest?.value, extra]);
}

for (const service of ["s3", "azure"] as const) {
  Deno.test(`CORS-006: what getFileInfo() cannot tell without a field is named, on ${service}`, async () => {
    const whole = await infoOf(service, null);
    const shown = shownBy(demandsOf(service, ["head"]));
    const lost: string[] = [];
    for (const field of Object.keys({ ...COMMON, ...ANSWERS[service] })) {
      if (await infoOf(service, field) === whole) continue;
      if (!SAFE_FIELDS.has(field)) lost.push(field);
    }
    assert(lost.includes("content-disposition") && lost.length >= 5, `${lost}`);
    assertEquals(lost.filter((field) => !shown.has(field)), []);
  });
}

Deno.test("CORS-006: each checksum that S3 tells is named where it is asked for one", async () => {
  const values = {
    sha256: "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
    crc64nvme: "M3eFcAZSQlc=",
    sha1: "qvTGHdzF6KLavt4PO0gs2a6pQ00=",
    crc32c: "yZRlqg==",
    crc32: "NhCmhg==",
  };
  for (const [algorithm, value] of Object.entries(values)) {
    const field = `x-amz-checksum-${algorithm}`;
    const store = new Store({
      backend: open("s3", new Headers({ ...COMMON, [field]: value })),
    });
    const { digest } = await store.getFileInfo("a");
    assertEquals(digest?.algorithm, algorithm);
    assert(shownBy(demandsOf("s3", ["head"])).has(field), field);
    assert(shownBy(demandsOf("s3", ["write"])).has(field), field);
    assert(!shownBy(demandsOf("s3", ["list"])).has(field), field);
    for (const other of ["ceph", "r2"] as const) {
      assert(!shownBy(demandsOf(other)).has(field), field);
    }
  }
});
