import { assert, assertEquals, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "../../../mod.ts";
import { request } from "../sign_asking.ts";
import { scene, SIGN_URL } from "../sign_fixture.ts";
import { question } from "../sign_questions.ts";

Deno.test("SIGN-008 another site's page, a form and a link get nothing", async () => {
  const { sign } = scene({ handler: { origins: ["https://other.example"] } });
  const body = { v: 1, requests: [question()] };
  const status = async (asked: Request) => {
    const response = await sign(asked);
    const { headers } = response;
    assertEquals(headers.get("cache-control") ?? "no-store", "no-store");
    const text = await response.text();
    assert(response.ok || !text.includes("X-Amz-"));
    return response.status;
  };
  const without = (name: string, more: Record<string, string> = {}) => {
    const asked = request(body, more);
    asked.headers.delete(name);
    return asked;
  };
  assertEquals(await status(request(body)), 200);
  assertEquals(
    await status(request(body, { origin: "https://other.example" })),
    200,
  );
  assertEquals(
    await status(request(body, { origin: "https://evil.example" })),
    403,
  );
  assertEquals(await status(request(body, { origin: "null" })), 403);
  assertEquals(await status(without("x-remote-store")), 403);
  assertEquals(await status(without("origin", { cookie: "a=b" })), 403);
  assertEquals(
    await status(without("origin", { "sec-fetch-site": "cross-site" })),
    403,
  );
  assertEquals(
    await status(without("origin", { "sec-fetch-site": "same-site" })),
    403,
  );
  assertEquals(
    await status(
      without("origin", { cookie: "a=b", "sec-fetch-site": "same-origin" }),
    ),
    200,
  );
  for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
    assertEquals(await status(request(body, { "content-type": type })), 415);
  }
  assertEquals(
    await status(request(body, { "content-encoding": "gzip" })),
    415,
  );
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "PATCH"]) {
    assertEquals(await status(new Request(SIGN_URL, { method })), 405, method);
  }
  assertEquals(await status(request("x".repeat(2 ** 23 + 1))), 413);
});

Deno.test("SIGN-008 a browser's question is answered for the origins that are named", async () => {
  const { sign } = scene({ handler: { origins: ["https://other.example"] } });
  const preflight = (origin: string) =>
    sign(
      new Request(SIGN_URL, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type,x-remote-store",
        },
      }),
    );
  const yes = await preflight("https://other.example");
  assertEquals(yes.status, 204);
  assertEquals(
    yes.headers.get("access-control-allow-origin"),
    "https://other.example",
  );
  const no = await preflight("https://evil.example");
  assertEquals(no.status, 403);
  assertEquals(no.headers.get("access-control-allow-origin"), null);
});

Deno.test("SIGN-008 an origin that no page's browser sends, or each hidden one's, is refused", () => {
  for (
    const origin of [
      "null",
      "*",
      "",
      "app.example.com",
      "https://app.example.com/",
      "https://APP.example.com",
      "https://app.example.com:443",
      "data:text/html,",
    ]
  ) {
    assertThrows(
      () => scene({ handler: { origins: [origin] } }),
      InvalidArgumentError,
      "is no origin",
      origin,
    );
  }
});

Deno.test("SIGN-008 the origins of apps that show pages are taken", async () => {
  for (
    const origin of [
      "capacitor://localhost",
      "tauri://localhost",
      "http://tauri.localhost",
      "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    ]
  ) {
    const { sign } = scene({ handler: { origins: [origin] } });
    const { status } = await sign(
      new Request("https://app.example.com/sign", {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      }),
    );
    assertEquals(status, 204, origin);
  }
});
