import { assertEquals, assertRejects } from "@std/assert";
import { HttpConnection } from "../../../backends/http/connection.ts";
import { Prober } from "../../../backends/http/probing.ts";
import { PermissionDeniedError } from "../../../core/errors.ts";

const URL_A = "https://h.example/a";

function probing(answer: (method: string) => Response) {
  const asked: string[] = [];
  const connection = new HttpConnection({
    baseUrl: "https://h.example/",
    fetch: (_, { method = "" }) => {
      asked.push(method);
      return Promise.resolve(answer(method));
    },
  });
  return { prober: new Prober(connection), asked };
}

const status = (code: number, headers: HeadersInit = {}) =>
  new Response(null, { status: code, headers });

Deno.test("HTTP-FALLBACK-001 a server that refuses HEAD is asked by GET from then on", async () => {
  const { prober, asked } = probing((method) =>
    method === "HEAD"
      ? status(405)
      : status(206, { "content-range": "bytes 0-0/7" })
  );
  for (let i = 0; i < 2; i++) {
    const entry = await prober.stat(URL_A, undefined);
    assertEquals(entry?.kind === "file" && entry.size, 7);
  }
  assertEquals(asked, ["HEAD", "GET", "GET"]);
});

Deno.test("HTTP-FALLBACK-001 what is refused in both ways is the file, not the method", async () => {
  const { prober, asked } = probing(() => status(403));
  for (let i = 0; i < 2; i++) {
    await assertRejects(
      () => prober.stat(URL_A, undefined),
      PermissionDeniedError,
    );
  }
  assertEquals(asked, ["HEAD", "GET", "HEAD", "GET"]);
});

Deno.test("HTTP-META-001 of an empty file no byte can be had, and its size is told all the same", async () => {
  const { prober } = probing((method) =>
    method === "HEAD"
      ? status(501)
      : status(416, { "content-range": "bytes */0" })
  );
  const entry = await prober.stat(URL_A, undefined);
  assertEquals(entry?.kind === "file" && entry.size, 0);
});

Deno.test("HTTP-EXIST-003 a folder's page that is refused is no file that is", async () => {
  const { prober } = probing(() => {
    const response = status(403);
    Object.defineProperties(response, {
      redirected: { value: true },
      url: { value: `${URL_A}/` },
    });
    return response;
  });
  assertEquals(await prober.stat(URL_A, undefined), null);
});
