import { assertEquals } from "@std/assert";
import { formatBatch, parseBatch } from "../../../backends/azure/batch.ts";

Deno.test("AZ-016 formatBatch() writes one part a request, lines ended as the format wants", () => {
  const part = (url: string) => ({
    method: "DELETE",
    url,
    headers: { "x-ms-date": "now", authorization: "SharedKey a:b" },
    body: null,
  });
  assertEquals(
    formatBatch([part("https://a.example/c/x%20y?sig=1")], "batch_1"),
    [
      "--batch_1",
      "Content-Type: application/http",
      "Content-Transfer-Encoding: binary",
      "Content-ID: 0",
      "",
      "DELETE /c/x%20y?sig=1 HTTP/1.1",
      "x-ms-date: now",
      "authorization: SharedKey a:b",
      "content-length: 0",
      "",
      "--batch_1--",
      "",
    ].join("\r\n"),
  );
});

Deno.test("AZ-016 parseBatch() reads each part's status, code and body, in any order", () => {
  const text = [
    "--batchresponse_1",
    "Content-Type: application/http",
    "Content-ID: 1",
    "",
    "HTTP/1.1 404 The specified blob does not exist.",
    "x-ms-error-code: BlobNotFound",
    "",
    "<Error><Code>BlobNotFound</Code></Error>",
    "--batchresponse_1",
    "Content-Type: application/http",
    "Content-ID: 0",
    "",
    "HTTP/1.1 202 Accepted",
    "",
    "",
    "--batchresponse_1--",
  ].join("\r\n");
  const answers = parseBatch(text);
  assertEquals([...answers.keys()].sort(), [0, 1]);
  assertEquals(answers.get(0)?.status, 202);
  assertEquals(answers.get(1)?.status, 404);
  assertEquals(answers.get(1)?.headers.get("x-ms-error-code"), "BlobNotFound");
});

Deno.test("AZ-016 parseBatch() keeps an answer to the whole, and takes what is no batch for nothing", () => {
  const text =
    "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 400 No\r\nx-ms-error-code: ExceedsMaxBatchRequestCount\r\n\r\n--b--";
  assertEquals(parseBatch(text).get(-1)?.status, 400);
  assertEquals(parseBatch("").size, 0);
  assertEquals(parseBatch("no batch").size, 0);
});

Deno.test("DOUBT-009 parseBatch() takes no part without a number for another's, nor for the whole of several", () => {
  const part = (status: number, id: number | null) =>
    `--b\r\nContent-Type: application/http\r\n${
      id === null ? "" : `Content-ID: ${id}\r\n`
    }\r\nHTTP/1.1 ${status} Word\r\n\r\n`;
  const parsed = (...parts: string[]) =>
    [...parseBatch(`${parts.join("")}--b--`)].map(([number, { status }]) => [
      number,
      status,
    ]);
  assertEquals(parsed(part(202, null)), []);
  assertEquals(parsed(part(403, null), part(202, null)), []);
  assertEquals(parsed(part(202, null), part(403, null)), []);
  assertEquals(parsed(part(202, 0), part(403, null)), [[0, 202]]);
  assertEquals(parsed(part(403, null)), [[-1, 403]]);
});
