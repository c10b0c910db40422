import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  hiddenFailure,
  isRefusal,
  toError,
} from "../../../backends/s3/failures.ts";
import type { RemoteStoreError } from "../../../mod.ts";
import { errorXml } from "../../fakes/s3/answers.ts";

const ERRORS: readonly [status: number, code: string, expected: string][] = [
  [404, "NoSuchKey", "NotFound"],
  [404, "NoSuchBucket", "NotFound"],
  [404, "NoSuchUpload", "RemoteStoreError"],
  [404, "", "NotFound"],
  [403, "AccessDenied", "PermissionDenied"],
  [403, "", "PermissionDenied"],
  [401, "", "PermissionDenied"],
  [403, "SignatureDoesNotMatch", "PermissionDenied"],
  [403, "RequestTimeTooSkewed", "PermissionDenied"],
  [400, "ExpiredToken", "PermissionDenied"],
  [400, "KeyTooLongError", "InvalidPath"],
  [400, "BadDigest", "IntegrityError"],
  [400, "RequestTimeout", "BackendUnavailable"],
  [403, "QuotaExceeded", "QuotaExceeded"],
  [507, "XMinioStorageFull", "QuotaExceeded"],
  [403, "InvalidObjectState", "RemoteStoreError"],
  [408, "", "BackendUnavailable"],
  [429, "", "BackendUnavailable"],
  [500, "InternalError", "BackendUnavailable"],
  [503, "SlowDown", "BackendUnavailable"],
  [504, "", "BackendUnavailable"],
  [412, "PreconditionFailed", "RemoteStoreError"],
  [409, "ConditionalRequestConflict", "BackendUnavailable"],
  [400, "MalformedXML", "RemoteStoreError"],
  [501, "NotImplemented", "RemoteStoreError"],
];

const failure = (status: number, code: string, headers?: HeadersInit) => ({
  status,
  headers: new Headers(headers),
  text: code === "" ? "" : errorXml(code),
});
const request = { method: "PUT", url: "", headers: {}, body: null };

for (const [status, code, expected] of ERRORS) {
  Deno.test(`S3-015, S3-016, S3-017, S3-018: ${status} ${code || "without a code"} is ${expected}`, () => {
    const error = toError(failure(status, code), request, "b");
    assertEquals((error as RemoteStoreError).code, expected);
  });
}

Deno.test("BE-008: a 412 is about the condition that was sent, and a conflict under way about none", () => {
  const asked = (name: string, value: string) => ({
    ...request,
    headers: { [name]: value },
  });
  const cases = [
    [412, "PreconditionFailed", "if-none-match", "AlreadyExists"],
    [412, "PreconditionFailed", "if-match", "PreconditionFailed"],
    [409, "ConditionalRequestConflict", "if-none-match", "BackendUnavailable"],
    [409, "ConditionalRequestConflict", "if-match", "BackendUnavailable"],
    [404, "NoSuchKey", "if-match", "PreconditionFailed"],
    [404, "NoSuchBucket", "if-match", "NotFound"],
    [404, "NoSuchUpload", "if-match", "RemoteStoreError"],
  ] as const;
  for (const [status, code, name, expected] of cases) {
    const error = toError(failure(status, code), asked(name, "*"), "b");
    assertEquals((error as RemoteStoreError).code, expected, `${code} ${name}`);
  }
});

Deno.test("S3-001: an error names the bucket's region", () => {
  const { message } = toError(
    failure(301, "PermanentRedirect", { "x-amz-bucket-region": "eu-west-3" }),
    request,
    "b",
  );
  assertStringIncludes(message, "eu-west-3");
});

Deno.test("BE-019: an error inside of a 200 is found, behind white space too", () => {
  const response = new Response();
  for (
    const none of [
      "<CopyObjectResult/>",
      '<?xml version="1.0"?>\n<CopyObjectResult a="b"><ETag>"e"</ETag></CopyObjectResult>\n',
      "",
      " \n",
      "<html><body>Sign in</body></html>",
      "<Error><Code>InternalError</Code>",
    ]
  ) {
    assertEquals(hiddenFailure(response, none), null, none);
  }
  assertEquals(
    hiddenFailure(response, `\n \n${errorXml("SlowDown")}`)?.status,
    503,
  );
  assertEquals(
    hiddenFailure(response, errorXml("PreconditionFailed"))?.status,
    412,
  );
  for (
    const [code, status] of [
      ["NoSuchUpload", 404],
      ["NoSuchKey", 404],
      ["NoSuchBucket", 404],
      ["NotImplemented", 501],
    ] as const
  ) {
    assertEquals(hiddenFailure(response, errorXml(code))?.status, status);
  }
  assertEquals(hiddenFailure(response, errorXml("AccessDenied"))?.status, 403);
  assertEquals(hiddenFailure(response, errorXml("InvalidPart"))?.status, 400);
});

Deno.test("RET-015: only a refusal says that nothing was done", () => {
  assert(isRefusal("SlowDown"));
  assert(!isRefusal("InternalError"));
});
