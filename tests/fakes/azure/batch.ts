/**
 * Blob Batch of the fake service.
 *
 * @module
 */
import { Refusal } from "./account.ts";
import { answer } from "./answers.ts";
import type { Asked, FakeAzure } from "./service.ts";

/** The most parts that the service takes. */
const MAX_PARTS = 256;

/** Answers each part of a batch on its own. */
export async function batch(
  service: FakeAzure,
  asked: Asked,
): Promise<Response> {
  const type = asked.headers.get("content-type") ?? "";
  const boundary = /^multipart\/mixed; boundary=(\S+)$/.exec(type)?.[1];
  if (boundary === undefined) throw new Refusal(400, "InvalidHeaderValue");
  const text = new TextDecoder().decode(asked.body);
  const parts = text.split(`--${boundary}`).slice(1, -1);
  const answers: string[] = [];
  for (const part of parts) {
    const number = /Content-ID: (\d+)/.exec(part)?.[1];
    const failed = parts.length > MAX_PARTS
      ? new Refusal(400, "ExceedsMaxBatchRequestCount")
      : null;
    answers.push(
      failed === null
        ? `Content-ID: ${number}\r\n\r\n${await one(service, asked, part)}`
        : `\r\nHTTP/1.1 400 ${failed.code}\r\nx-ms-error-code: ${failed.code}\r\n\r\n`,
    );
    if (failed !== null) break;
  }
  const mark = "--batchresponse_1";
  const body = answers.map((a) =>
    `${mark}\r\nContent-Type: application/http\r\n${a}\r\n`
  );
  return answer(202, {
    "content-type": `multipart/mixed; boundary=${mark.slice(2)}`,
  }, `${body.join("")}${mark}--`);
}

async function one(
  service: FakeAzure,
  asked: Asked,
  part: string,
): Promise<string> {
  const http = part.slice(part.indexOf("\r\n\r\n") + 4);
  const [line = "", ...fields] = http.split("\r\n\r\n")[0]?.split("\r\n") ?? [];
  const [method = "", target = ""] = line.split(" ");
  const headers = new Headers(
    fields.filter((field) => field !== "").map((field) => {
      const at = field.indexOf(": ");
      return [field.slice(0, at), field.slice(at + 2)] as [string, string];
    }),
  );
  const { pathname, searchParams } = new URL(target, "https://fake.example");
  const [container = "", ...rest] = pathname.slice(1).split("/");
  const response = await service.answer({
    method,
    host: asked.host,
    container,
    path: decodeURIComponent(rest.join("/")),
    query: searchParams,
    headers,
    body: new Uint8Array(0),
  });
  const code = response.headers.get("x-ms-error-code");
  const body = await response.text();
  return `HTTP/1.1 ${response.status} x\r\n${
    code === null ? "" : `x-ms-error-code: ${code}\r\n`
  }\r\n${body}`;
}
