import { assertEquals, assertRejects } from "@std/assert";
import { askSigner, ofStatus } from "../../../backends/_http/signing.ts";
import {
  isRemoteStoreError,
  PermissionDeniedError,
  type RemoteStoreError,
} from "../../../mod.ts";

const REQUEST = {
  method: "PUT",
  url: "http://s3.test/b/a",
  headers: { "content-type": "text/plain" },
  body: new Uint8Array(3),
};

async function codeOf(thrown: unknown): Promise<string> {
  const asked = askSigner(
    () => Promise.reject(thrown),
    REQUEST,
    false,
    undefined,
  );
  const error = await assertRejects(() => asked);
  return isRemoteStoreError(error) ? error.code : `${error}`;
}

Deno.test("SEAM-001 what a signer throws has a type", async () => {
  assertEquals(
    await codeOf(new TypeError("Failed to fetch")),
    "BackendUnavailable",
  );
  for (const status of [408, 429, 500, 503, 520]) {
    assertEquals(
      await codeOf(new Response("later", { status })),
      "BackendUnavailable",
      `${status}`,
    );
  }
  for (const status of [401, 403]) {
    assertEquals(
      await codeOf(new Response(null, { status })),
      "PermissionDenied",
    );
  }
  assertEquals(
    await codeOf(new Response(null, { status: 400 })),
    "RemoteStoreError",
  );
  assertEquals(await codeOf(new Error("other")), "RemoteStoreError");
  const own = new PermissionDeniedError("not this one");
  const asked = askSigner(() => Promise.reject(own), REQUEST, false, undefined);
  assertEquals(await asked.catch((error) => error), own);
});

Deno.test("SEAM-001 an abort is no failure of the signer's", async () => {
  const stop = new AbortController();
  const asked = askSigner(
    () => new Promise(() => {}),
    REQUEST,
    false,
    stop.signal,
  );
  stop.abort("enough");
  assertEquals(await asked.catch((reason) => reason), "enough");
});

Deno.test("SEAM-002 a signer is told size and plan, the body only where it names keys, and what follows", async () => {
  const told: unknown[] = [];
  const plan = {
    size: 9,
    partSize: 5,
    create: false,
    ifMatch: null,
    contentType: null,
    source: null,
  };
  const body = new Uint8Array([1, 2]);
  const signed = await askSigner(
    (request, { ahead, refresh }) => {
      told.push(request, ...ahead, refresh);
      return Promise.resolve({ url: "u", headers: {} });
    },
    {
      ...REQUEST,
      body,
      names: true,
      plan,
      ahead: () => [{ ...REQUEST, size: 4, plan }],
    },
    true,
    undefined,
  );
  const { method, url, headers } = REQUEST;
  assertEquals(told, [
    { method, url, headers, size: 2, body, plan },
    { method, url, headers, size: 4, plan },
    true,
  ]);
  assertEquals(signed, { method: "PUT", url: "u", headers: {}, body });
});

Deno.test("SEAM-001 a signer that gives no request is an error of its own", async () => {
  for (const given of [undefined, {}, { url: "a" }]) {
    const error = await assertRejects(() =>
      askSigner(
        // deno-lint-ignore no-explicit-any -- what a caller may give
        () => Promise.resolve(given as any),
        REQUEST,
        false,
        undefined,
      )
    );
    assertEquals((error as RemoteStoreError).code, "RemoteStoreError");
  }
  assertEquals(ofStatus(404).message, "the signer answered 404");
});
