/**
 * Pure: questions whose path or operation no client of this library asks for, by class.
 *
 * @module
 */
import { at, BUCKET, HOME, put, question, type Row } from "./sign_questions.ts";

const UPLOAD = `${HOME}/big.bin?uploadId=ABC`;

const OUTSIDE = /it names no file below the root|it lies outside of the root/;
const NOT_SO = /is not written as here/;
const NO_FIELD = /is not part of the operation/;
const NO_OPERATION = /is no operation/;

/** Classes 1 to 30. */
export const PATH_ROWS: readonly Row[] = [
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
      `${BUCKET}/?list-type=2&encoding-type=url&prefix=users%2F42%2F&start-after=a&continuation-token=x`,
    ),
    NOT_SO,
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
];
