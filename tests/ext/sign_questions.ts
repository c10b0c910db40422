/**
 * Pure: questions as no client of this library asks them, by class, with the reason for which
 * each is refused.
 *
 * @module
 */
import { formatDelete } from "../../backends/s3/deleting.ts";
import { formatParts } from "../../backends/s3/parts.ts";
import { createHash } from "node:crypto";

/** A question as JSON. */
export type Question = Record<string, unknown>;

/** A row: its class, the question, and why it is refused. */
export type Row = readonly [kind: number, question: Question, why: RegExp];

/** The bucket's URL. */
export const BUCKET = "http://s3.test/bucket";

/** The root's URL. */
export const HOME = `${BUCKET}/users/42`;

/** Returns a question for a file of the visitor's own, changed. */
export function question(change: Question = {}): Question {
  return {
    method: "GET",
    url: `${HOME}/a.txt`,
    headers: {},
    size: 0,
    ...change,
  };
}

function at(url: string, change: Question = {}): Question {
  return question({ url, ...change });
}

function put(headers: Record<string, string>, change: Question = {}): Question {
  return question({
    method: "PUT",
    headers: { "content-type": "text/plain", ...headers },
    size: 3,
    ...change,
  });
}

/** Returns a body as a question carries it. */
export function body(text: string | Uint8Array<ArrayBuffer>): Question {
  const bytes = typeof text === "string"
    ? new TextEncoder().encode(text)
    : text;
  return {
    body: bytes.toBase64?.() ?? btoa(String.fromCharCode(...bytes)),
    size: bytes.byteLength,
  };
}

function deletion(text: string | Uint8Array<ArrayBuffer>): Question {
  const bytes = typeof text === "string"
    ? new TextEncoder().encode(text)
    : text;
  return question({
    method: "POST",
    url: `${BUCKET}/?delete=`,
    headers: {
      "content-type": "application/xml",
      "x-amz-checksum-sha256": createHash("sha256").update(bytes).digest(
        "base64",
      ),
    },
    ...body(bytes),
  });
}

/** The plan of an upload of 20 MiB in three parts. */
export const PLAN = {
  size: 20 * 2 ** 20,
  partSize: 8 * 2 ** 20,
  create: false,
  ifMatch: null,
  contentType: null,
} as const;

/** Returns the opening of an upload. */
export function opening(change: Question = {}): Question {
  return question({
    method: "POST",
    url: `${HOME}/big.bin?uploads=`,
    headers: {},
    plan: PLAN,
    ...change,
  });
}

const OUTSIDE = /it names no file below the root|it lies outside of the root/;
const NOT_SO = /is not written as here/;
const NO_FIELD = /is not part of the operation/;
const BAD_FIELD = /is malformed/;
const NO_OPERATION = /is no operation/;
const NO_TICKET = /the ticket is none/;

const UPLOAD = `${HOME}/big.bin?uploadId=ABC`;
const xml = { "content-type": "application/xml" };
const copy = (source: string, more: Record<string, string> = {}) =>
  question({
    method: "PUT",
    url: `${HOME}/b.txt`,
    headers: { "x-amz-copy-source": source, ...more },
  });

/** Questions about single requests. */
export const ROWS: readonly Row[] = [
  [1, at(`${HOME}/../43/a.txt`), OUTSIDE],
  [1, at(`${HOME}/./a.txt`), OUTSIDE],
  [1, at(`${HOME}/a/../../43/a.txt`), OUTSIDE],
  [1, at(`${HOME}/..`, { method: "DELETE" }), OUTSIDE],
  [2, at(`${HOME}/%2E%2E/43/a.txt`), NOT_SO],
  [2, at(`${HOME}/.%2e/43/a.txt`), NOT_SO],
  [3, at(`${HOME}/%252e%252e%252f43`, { method: "LINK" }), NO_OPERATION],
  [3, at(`${BUCKET}/%252e%252e/bucket/users/42/a`), OUTSIDE],
  [4, at(`${HOME}%2F..%2F43%2Fa.txt`), NOT_SO],
  [4, at(`${BUCKET}/users%2F42/a.txt`), NOT_SO],
  [5, at(`${HOME}\\..\\43\\a.txt`), NOT_SO],
  [5, at(`${HOME}/%5C..%5C43`), OUTSIDE],
  [6, at(`${HOME}//a.txt`), OUTSIDE],
  [6, at(`${BUCKET}//users/42/a.txt`), OUTSIDE],
  [6, at(`${HOME}/a.txt/`), OUTSIDE],
  [6, at(`${HOME}/`), OUTSIDE],
  [7, at("http://s3.test/other/users/42/a.txt"), /not one of the bucket/],
  [7, at("http://s3.test/bucket2/users/42/a.txt"), /not one of the bucket/],
  [8, at("http://other.test/bucket/users/42/a.txt"), /not one of the bucket/],
  [8, at("http://bucket.s3.test/users/42/a.txt"), /not one of the bucket/],
  [8, at("https://s3.test/bucket/users/42/a.txt"), /not one of the bucket/],
  [9, at(`${BUCKET}/users/421/a.txt`), OUTSIDE],
  [9, at(`${BUCKET}/users/42.txt`), OUTSIDE],
  [
    9,
    at(`${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F42`),
    OUTSIDE,
  ],
  [9, at(`${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F4`), OUTSIDE],
  [10, at(`${BUCKET}/Users/42/a.txt`), OUTSIDE],
  [10, at(`${BUCKET}/USERS/42/a.txt`), OUTSIDE],
  [11, at(`${BUCKET}/users%E2%88%9542/a.txt`), OUTSIDE],
  [11, at(`${BUCKET}/u%EF%BD%93ers/42/a.txt`), OUTSIDE],
  [11, at(`${BUCKET}/users/%EF%BC%94%EF%BC%92/a.txt`), OUTSIDE],
  [12, at(`${HOME}/%ED%A0%80`), /the URL is malformed/],
  [12, at(`${HOME}/%FF`), /the URL is malformed/],
  [12, at(`${HOME}/%C0%AE%C0%AE/43`), /the URL is malformed/],
  [12, at(`${HOME}/\ud800`), /is no Unicode/],
  [13, at(`${HOME}/a%00.txt`), OUTSIDE],
  [13, at(`${HOME}/a\n.txt`), NOT_SO],
  [13, at(`${HOME}/a\r\nx-amz-acl: public-read`), NOT_SO],
  [14, at(`${HOME}/${"a".repeat(1024)}`), /1024/],
  [15, at(`${BUCKET}/`), NO_OPERATION],
  [15, at(BUCKET), /not one of the bucket/],
  [15, put({}, { url: `${BUCKET}/` }), NO_OPERATION],
  [16, at(`${HOME}/a.txt#b`), NOT_SO],
  [16, at("http://me@s3.test/bucket/users/42/a.txt"), /not one of the bucket/],
  [16, at("http://s3.test:80/bucket/users/42/a.txt"), /not one of the bucket/],
  [
    16,
    at("http://s3.test@evil.test/bucket/users/42/a"),
    /not one of the bucket/,
  ],
  [17, at(`${HOME}/%c3%bc`), NOT_SO],
  [17, at(`${HOME}/%61.txt`), NOT_SO],
  [17, at(`${HOME}/a!.txt`), NOT_SO],
  [18, at(`${HOME}/a+b.txt`), NOT_SO],
  [
    18,
    at(`${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F42%2Fa+b`),
    NOT_SO,
  ],
  ...[
    "acl",
    "policy",
    "cors",
    "lifecycle",
    "versioning",
    "website",
    "logging",
    "replication",
    "uploads",
    "notification",
  ]
    .map((name): Row => [19, at(`${BUCKET}/?${name}=`), NO_OPERATION]),
  ...["acl", "tagging", "retention", "legal-hold", "torrent", "attributes"]
    .map((name): Row => [19, at(`${HOME}/a.txt?${name}=`), NO_OPERATION]),
  [19, at(`${HOME}/a.txt?tagging=`, { method: "PUT" }), NO_OPERATION],
  [
    19,
    at(`${HOME}/a.txt?select=&select-type=2`, { method: "POST" }),
    NO_OPERATION,
  ],
  [19, at(`${HOME}/a.txt?restore=`, { method: "POST" }), NO_OPERATION],
  [19, at(`${BUCKET}/?policy=`, { method: "PUT" }), NO_OPERATION],
  [20, at(`${HOME}/a.txt?x=1`), NO_OPERATION],
  [
    20,
    at(`${HOME}/a.txt?x-amz-acl=public-read`, { method: "PUT" }),
    NO_OPERATION,
  ],
  [20, at(`${HOME}/a.txt?`), /the URL is malformed/],
  [
    21,
    at(`${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F42%2F&prefix=`),
    /the URL is malformed/,
  ],
  [
    21,
    at(
      `${HOME}/a.txt?response-content-type=image%2Fpng&response-content-type=text%2Fhtml`,
    ),
    /the URL is malformed/,
  ],
  [
    22,
    at(`${BUCKET}/?List-Type=2&encoding-type=url&prefix=users%2F42%2F`),
    NO_OPERATION,
  ],
  [
    22,
    at(`${UPLOAD.replace("uploadId", "uploadid")}`, { method: "DELETE" }),
    NO_OPERATION,
  ],
  [23, at(`${HOME}/a.txt?versionId=1`), NO_OPERATION],
  [23, at(`${HOME}/a.txt?versionId=1`, { method: "DELETE" }), NO_OPERATION],
  [24, at(`${HOME}/a.txt?response-content-type=text%2Fhtml`), /is not taken/],
  [
    24,
    at(`${HOME}/a.txt?response-content-type=image%2Fsvg%2Bxml`),
    /is not taken/,
  ],
  [
    24,
    at(`${HOME}/a.txt?response-content-type=image%2Fpng%0D%0Ax%3Ay`),
    /is not taken/,
  ],
  [24, at(`${HOME}/a.txt?response-content-disposition=inline`), /is not taken/],
  [24, at(`${HOME}/a.txt?response-content-encoding=gzip`), NO_OPERATION],
  [25, at(`${BUCKET}/?list-type=2&encoding-type=url`), OUTSIDE],
  [25, at(`${BUCKET}/?list-type=2&encoding-type=url&prefix=`), /is not taken/],
  [25, at(`${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F`), OUTSIDE],
  [
    25,
    at(
      `${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F42%2F&delimiter=2`,
    ),
    /is not taken/,
  ],
  [
    25,
    at(
      `${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F42%2F&fetch-owner=true`,
    ),
    NO_OPERATION,
  ],
  [
    25,
    at(
      `${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F42%2F&start-after=a`,
    ),
    NO_OPERATION,
  ],
  [
    25,
    at(`${BUCKET}/?list-type=1&encoding-type=url&prefix=users%2F42%2F`),
    /is not taken/,
  ],
  [25, at(`${BUCKET}/?prefix=users%2F42%2F`), NO_OPERATION],
  [
    25,
    at(`${BUCKET}/?list-type=2&prefix=users%2F42%2F&encoding-type=url`),
    NOT_SO,
  ],
  [
    26,
    at(
      `${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F43%2F&continuation-token=x`,
    ),
    OUTSIDE,
  ],
  [
    26,
    at(`${BUCKET}/?list-type=2&encoding-type=url&continuation-token=x`),
    OUTSIDE,
  ],
  ...["0", "-1", "1001", "99999999999", "1e3", "0x10", "NaN", "1.5", "", "01"]
    .map((
      count,
    ): Row => [
      27,
      at(
        `${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F42%2F&max-keys=${count}`,
      ),
      /is not taken/,
    ]),
  [28, question({ headers: { "x-http-method-override": "DELETE" } }), NO_FIELD],
  ...["get", "OPTIONS", "PATCH", "TRACE", "CONNECT", "", "GET ", "PROPFIND"]
    .map((method): Row => [28, question({ method }), NO_OPERATION]),
  [29, at(`${HOME}/a.txt`, { method: "POST" }), NO_OPERATION],
  [
    29,
    at(`${BUCKET}/`, {
      method: "POST",
      headers: { "content-type": "multipart/form-data" },
    }),
    NO_OPERATION,
  ],
  [30, at(`${HOME}/a.txt?X-Amz-Expires=604800`), NO_OPERATION],
  [30, at(`${HOME}/a.txt?X-Amz-Signature=0`), NO_OPERATION],
  [
    30,
    at(`${HOME}/a.txt?AWSAccessKeyId=A&Signature=B&Expires=1`),
    NO_OPERATION,
  ],
  ...["x-amz-acl", "x-amz-grant-read", "x-amz-grant-full-control"]
    .map((name): Row => [31, put({ [name]: "public-read" }), NO_FIELD]),
  [31, opening({ headers: { "x-amz-acl": "public-read" } }), NO_FIELD],
  [
    32,
    put({ "x-amz-website-redirect-location": "https://evil.test" }),
    NO_FIELD,
  ],
  [
    33,
    put({ "x-amz-copy-source": "/bucket/users/42/b.txt" }),
    /is not part of the operation|it has no body/,
  ],
  [33, copy("/bucket/users/42/c.txt?versionId=1"), NOT_SO],
  [33, copy("/other/users/42/c.txt"), NOT_SO],
  [33, copy("arn:aws:s3:eu-west-1:1:accesspoint/a/object/b"), NOT_SO],
  [33, copy("http://s3.test/bucket/users/42/c.txt"), NOT_SO],
  [33, copy("bucket/users/42/c.txt"), NOT_SO],
  [
    33,
    at(`${HOME}/big.bin?partNumber=1&uploadId=ABC`, {
      method: "PUT",
      headers: {
        "x-amz-copy-source": "/bucket/users/43/c",
        "x-amz-copy-source-range": "bytes=0-1",
      },
    }),
    OUTSIDE,
  ],
  [34, copy("/bucket/users/43/c.txt"), OUTSIDE],
  [34, copy("/bucket/users/42/../43/c.txt"), OUTSIDE],
  [
    34,
    copy("/bucket/users/42/secret/c.txt"),
    /Cannot read "secret\/c.txt": it is not allowed/,
  ],
  [
    35,
    copy("/bucket/users/42/c.txt", { "x-amz-metadata-directive": "REPLACE" }),
    NO_FIELD,
  ],
  [
    35,
    copy("/bucket/users/42/c.txt", { "x-amz-tagging-directive": "REPLACE" }),
    NO_FIELD,
  ],
  [35, put({ "x-amz-tagging": "a=b" }), NO_FIELD],
  ...[
    "x-amz-object-lock-mode",
    "x-amz-object-lock-retain-until-date",
    "x-amz-object-lock-legal-hold",
  ]
    .map((name): Row => [36, put({ [name]: "ON" }), NO_FIELD]),
  [
    36,
    question({
      method: "DELETE",
      headers: { "x-amz-bypass-governance-retention": "true" },
    }),
    NO_FIELD,
  ],
  ...[
    "x-amz-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
  ]
    .map((name): Row => [37, put({ [name]: "AES256" }), NO_FIELD]),
  ...[
    "x-amz-storage-class",
    "x-amz-request-payer",
    "x-amz-expected-bucket-owner",
  ]
    .map((name): Row => [38, put({ [name]: "GLACIER" }), NO_FIELD]),
  ...[
    "authorization",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-content-sha256",
    "date",
  ]
    .map((
      name,
    ): Row => [
      39,
      put({ [name]: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" }),
      NO_FIELD,
    ]),
  ...[
    "x-amz-trailer",
    "transfer-encoding",
    "x-amz-decoded-content-length",
    "x-amz-sdk-checksum-algorithm",
    "expect",
    "connection",
  ]
    .map((name): Row => [40, put({ [name]: "x" }), NO_FIELD]),
  [40, put({ "content-encoding": "aws-chunked" }), BAD_FIELD],
  [40, put({ "content-encoding": "gzip, AWS-chunked" }), BAD_FIELD],
  [41, put({ "Content-Type": "text/html" }), /lower case/],
  [
    41,
    put({ "content-disposition": "a\r\nx-amz-acl: public-read" }),
    BAD_FIELD,
  ],
  [41, put({ "content-disposition": "a\tb" }), BAD_FIELD],
  [41, put({ "content-disposition": "ä" }), BAD_FIELD],
  [41, put({ "content-disposition": " a" }), BAD_FIELD],
  [41, put({ "content-type ": "text/html" }), /lower case/],
  [42, question({ headers: { host: "evil.test" } }), NO_FIELD],
  [
    43,
    put(
      Object.fromEntries(
        Array.from({ length: 65 }, (_, n) => [`x-amz-meta-${n}`, "a"]),
      ),
    ),
    /too much user metadata/,
  ],
  [43, put({ "x-amz-meta-a": "b".repeat(8200) }), /too much user metadata/],
  [43, put({ "x-amz-meta-a:b": "c" }), /lower case/],
  [43, put({ "x-amz-meta-": "c" }), BAD_FIELD],
  [43, put({ "x-amz-meta_a": "c" }), NO_FIELD],
  ...[
    "text/html, image/png",
    "image/png;",
    "image",
    "image/png\ntext/html",
    "image/png; a",
    "*/*, a/b",
  ]
    .map((type): Row => [44, put({ "content-type": type }), BAD_FIELD]),
  [45, put({ "if-match": "*" }), BAD_FIELD],
  [45, put({ "if-none-match": '"abc"' }), BAD_FIELD],
  [45, put({}, { url: `${HOME}/only-new/a.txt` }), /it is not allowed/],
  [46, at(UPLOAD, { method: "DELETE" }), NO_TICKET],
  [46, at(`${UPLOAD}&max-parts=1`), NO_TICKET],
  ...["0", "-1", "10001", "1.5", "", "01", "1e1"].map((number): Row => [
    47,
    at(`${HOME}/big.bin?partNumber=${number}&uploadId=ABC`, {
      method: "PUT",
      size: 1,
    }),
    /is not taken/,
  ]),
  [
    47,
    at(`${HOME}/big.bin?uploadId=ABC&partNumber=1`, { method: "PUT", size: 1 }),
    NOT_SO,
  ],
  [
    49,
    at(`${HOME}/big.bin?partNumber=1&uploadId=ABC`, { method: "PUT", size: 1 }),
    NO_TICKET,
  ],
  [
    49,
    at(`${HOME}/big.bin?partNumber=1&uploadId=ABC`, {
      method: "PUT",
      size: 1,
      ticket: "a.b",
    }),
    NO_TICKET,
  ],
  ...[
    "<CompleteMultipartUpload/>",
    '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></CompleteMultipartUpload>',
    "<CompleteMultipartUpload><Part><PartNumber>2</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
    '<!DOCTYPE x [<!ENTITY a "b">]><CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&a;</ETag></Part></CompleteMultipartUpload>',
    `${formatParts([{ etag: '"a"', sha256: null }])} `,
    "\u0000",
  ].map((
    text,
  ): Row => [
    50,
    at(UPLOAD, { method: "POST", headers: xml, ...body(text) }),
    NOT_SO,
  ]),
  [
    50,
    at(UPLOAD, {
      method: "POST",
      headers: xml,
      ...body(formatPartsBytes([{ etag: "<a>", sha256: null }])),
    }),
    NOT_SO,
  ],
  [
    50,
    at(UPLOAD, {
      method: "POST",
      headers: xml,
      ...body(
        formatPartsBytes(
          Array.from({ length: 10_001 }, () => ({ etag: '"a"', sha256: null })),
        ),
      ),
    }),
    NOT_SO,
  ],
  [50, at(UPLOAD, { method: "POST", headers: xml }), /has to come along/],
  [
    52,
    at(`${HOME}/big.bin?uploadId=ABC`, { method: "DELETE", ticket: "x.y" }),
    NO_TICKET,
  ],
  [54, deletion(formatDelete(["users/42/a", "users/43/b"])), OUTSIDE],
  [54, deletion(formatDelete(["users/42/a", "users/42/../43/b"])), OUTSIDE],
  [54, deletion(formatDelete(["users/42/a", "users/42/a"])), NOT_SO],
  [
    54,
    deletion(
      formatDelete(Array.from({ length: 1001 }, (_, n) => `users/42/${n}`)),
    ),
    NOT_SO,
  ],
  [
    54,
    deletion(
      "<Delete><Object><Key>users/42/a</Key><VersionId>1</VersionId></Object></Delete>",
    ),
    NOT_SO,
  ],
  [
    54,
    deletion(
      "<Delete><Quiet>true</Quiet><Object><Key>users/42/a</Key></Object></Delete>",
    ),
    NOT_SO,
  ],
  [
    54,
    deletion(
      '<!DOCTYPE d [<!ENTITY e "users/43/a">]><Delete><Object><Key>&e;</Key></Object></Delete>',
    ),
    NOT_SO,
  ],
  [
    54,
    deletion(
      "<Delete><Object><Key>users/42/a</Key><Key>users/43/b</Key></Object></Delete>",
    ),
    NOT_SO,
  ],
  [54, deletion(new Uint8Array([0xff, 0xfe])), /no UTF-8/],
  [55, {
    ...deletion(formatDelete(["users/42/a"])),
    ...body(formatDelete(["users/42/b"])),
  }, /the checksum is not that of the list/],
  [
    55,
    { ...deletion(formatDelete(["users/42/a"])), size: 3 },
    /another size than was said/,
  ],
  [55, put({}, body("abc")), /its body is not wanted/],
  [56, put({}, { size: null }), /size of the body is needed/],
  [56, question({ size: 3 }), /it has no body/],
  [
    56,
    opening({ plan: { ...PLAN, size: 0 } }),
    /plan of the upload is impossible/,
  ],
  [
    56,
    opening({ plan: { ...PLAN, partSize: 0 } }),
    /plan of the upload is impossible/,
  ],
  [
    56,
    opening({ plan: { ...PLAN, size: 2 ** 52, partSize: 5 * 2 ** 20 } }),
    /plan of the upload is impossible/,
  ],
  [56, opening({ plan: undefined }), /needs its plan/],
  [57, put({}, { size: undefined }), /size of the body is needed/],
  [57, put({ "content-length": "3" }), NO_FIELD],
  [57, put({}, { size: null, expiresIn: 60 }), /size of the body is needed/],
];

function formatPartsBytes(parts: Parameters<typeof formatParts>[0]) {
  return new TextEncoder().encode(formatParts(parts));
}

/** Questions that make all of the request malformed, with what it is told. */
export const MALFORMED:
  readonly (readonly [kind: number, body: unknown, why: RegExp])[] = [
    [56, ask({ size: -1 }), /no whole number/],
    [56, ask({ size: 1.5 }), /no whole number/],
    [56, ask({ size: 2 ** 53 }), /no whole number/],
    [56, ask({ size: "3" }), /no whole number/],
    [
      59,
      { v: 1, requests: Array.from({ length: 101 }, () => question()) },
      /more than 100/,
    ],
    [59, { requests: [question()] }, /version/],
    [59, { v: "1", requests: [question()] }, /version/],
    [59, { v: 2, requests: [question()] }, /version/],
    [59, { v: 1, requests: {} }, /no list/],
    [59, { v: 1, requests: [] }, /asks nothing/],
    [59, [], /no object/],
    [59, null, /no object/],
    [59, { v: 1, requests: [[]] }, /no object/],
    [59, ask({ extra: 1 }), /not known/],
    [59, { v: 1, requests: [question()], extra: 1 }, /not known/],
    [
      59,
      JSON.parse(
        `{"v":1,"requests":[${
          JSON.stringify(question())
        }],"__proto__":{"a":1}}`,
      ),
      /not known/,
    ],
    [59, {
      v: 1,
      requests: [JSON.parse(`{"__proto__":{"method":"GET"},"url":"a"}`)],
    }, /not known/],
    [59, ask({ url: ["a"] }), /no text/],
    [59, ask({ method: null }), /no text/],
    [59, ask({ headers: { a: 1 } }), /no text/],
    [59, ask({ headers: [] }), /no object/],
    [59, ask({ url: "x".repeat(20_000) }), /too long/],
    [59, ask({ body: "***" }), /no base64/],
    [59, ask({ plan: { size: 1 } }), /plan is not whole/],
    [
      59,
      ask({
        headers: Object.fromEntries(
          Array.from({ length: 101 }, (_, n) => [`a${n}`, ""]),
        ),
      }),
      /too many fields/,
    ],
    [64, ask({ now: "2020-01-01" }), /not known/],
  ];

function ask(change: Question): Question {
  return { v: 1, requests: [question(change)] };
}
