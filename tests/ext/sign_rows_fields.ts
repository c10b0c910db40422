/**
 * Pure: questions whose fields, bodies or plans no client of this library asks with, by
 * class, and requests that are malformed as a whole.
 *
 * @module
 */
import { formatDelete } from "../../backends/s3/deleting.ts";
import { formatParts } from "../../backends/s3/upload_calls.ts";
import {
  at,
  body,
  deletion,
  HOME,
  opening,
  PLAN,
  put,
  type Question,
  question,
  type Row,
} from "./sign_questions.ts";

const OUTSIDE = /it names no file below the root|it lies outside of the root/;
const NOT_SO = /is not written as here/;
const NO_FIELD = /is not part of the operation/;
const BAD_FIELD = /is malformed/;
const NO_TICKET = /the ticket is none/;

const UPLOAD = `${HOME}/big.bin?uploadId=ABC`;
const xml = { "content-type": "application/xml" };
const copy = (source: string, more: Record<string, string> = {}) =>
  question({
    method: "PUT",
    url: `${HOME}/b.txt`,
    headers: { "x-amz-copy-source": source, ...more },
  });

/** Classes 31 to 57. */
export const FIELD_ROWS: readonly Row[] = [
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
  [46, at(UPLOAD), NO_TICKET],
  [46, at(`${UPLOAD}&part-number-marker=1000`), NO_TICKET],
  ...["0", "-1", "10001", "", "1.5"].map((marker): Row => [
    47,
    at(`${UPLOAD}&part-number-marker=${marker}`),
    /is not taken/,
  ]),
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
