import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { AnswerFailure } from "../../../backends/_http/answer.ts";
import { text } from "../../../backends/_http/document.ts";
import { documentOf, noPage, object } from "../../../backends/s3/answers.ts";
import { BackendUnavailableError } from "../../../mod.ts";
import { errorXml } from "../../fakes/s3/answers.ts";

const read = documentOf(["CopyPartResult", "CopyObjectResult"], { ETag: text });

Deno.test("S3-031: a document is read by any of its roots, white space in front or not", async () => {
  for (const root of ["CopyPartResult", "CopyObjectResult"]) {
    const xml = ` \n<?xml version="1.0"?>\n<${root}><ETag>"e"</ETag></${root}>`;
    const { found, headers } = await read(
      new Response(xml, { headers: { a: "b" } }),
    );
    assertEquals([found.ETag, headers.get("a")], ['"e"', "b"]);
  }
});

Deno.test("S3-031: an error inside of a good status is one, and what is no document is no answer", async () => {
  const error = await assertRejects(
    () => read(new Response(errorXml("NoSuchKey"))) as Promise<unknown>,
    AnswerFailure,
  );
  assertEquals(error.failure.status, 404);
  for (
    const xml of ["", "<html></html>", "<CopyPartResult>", "<Error><Code>x</C"]
  ) {
    await assertRejects(
      () => read(new Response(xml)) as Promise<unknown>,
      BackendUnavailableError,
    );
  }
});

Deno.test("S3-031: an object has a tag or a time, one of which CORS rules may hide", () => {
  for (
    const headers of [{ etag: '"e"' }, {
      "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
    }]
  ) {
    const response = new Response("x", {
      headers: { ...headers } as HeadersInit,
    });
    assertEquals(object(response), response);
  }
  assertThrows(() => object(new Response("x")), BackendUnavailableError);
});

Deno.test("S3-031: a page with the answer to a HEAD is no bucket", async () => {
  const answer = (type: string) =>
    new Response(null, { headers: { "content-type": type } });
  await noPage(answer("application/xml"));
  await noPage(new Response(null));
  await assertRejects(
    () => noPage(answer("text/html; charset=utf-8")),
    BackendUnavailableError,
  );
});
