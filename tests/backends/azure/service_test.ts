import { assertEquals, assertRejects } from "@std/assert";
import { toCredential } from "../../../backends/azure/credentials.ts";
import { AzureService } from "../../../backends/azure/service.ts";
import type { HttpFailure } from "../../../backends/_http/client.ts";
import { AzureBackend } from "../../../backends/azure/mod.ts";
import {
  PermissionDeniedError,
  RemoteStoreError,
  Store,
} from "../../../mod.ts";

const NOW = Date.UTC(2026, 5, 26, 12);
const TIMING = {
  now: () => NOW,
  random: () => 0,
  sleep: () => Promise.resolve(),
};
const REQUEST = {
  method: "GET",
  url: "https://acct.blob.core.windows.net/files/a",
  headers: {},
  body: null,
};

const failure = (status: number, code: string, date: number): HttpFailure => ({
  status,
  headers: new Headers({
    "x-ms-error-code": code,
    date: new Date(date).toUTCString(),
  }),
  text: "",
});

const sharedKey = () =>
  new AzureService(toCredential({ accountKey: btoa("k") }, "acct"), TIMING);

Deno.test("AZ-001 each request is dated and versioned", async () => {
  const { headers } = await sharedKey().sign(REQUEST, undefined);
  assertEquals(headers["x-ms-date"], "Fri, 26 Jun 2026 12:00:00 GMT");
  assertEquals(headers["x-ms-version"], "2023-11-03");
});

Deno.test("RET-015 a clock that is wrong is set by the service's, once", async () => {
  const service = sharedKey();
  const theirs = NOW + 3_600_000;
  const refused = failure(403, "AuthenticationFailed", theirs);
  const again = service.recover(refused, REQUEST);
  assertEquals(again, REQUEST);
  const { headers } = await service.sign(REQUEST, undefined);
  assertEquals(headers["x-ms-date"], "Fri, 26 Jun 2026 13:00:00 GMT");
  assertEquals(service.recover(refused, REQUEST), null);
});

Deno.test("RET-015 a wrong key is not taken for a wrong clock", () => {
  const service = sharedKey();
  const close = failure(403, "AuthenticationFailed", NOW + 60_000);
  assertEquals(service.recover(close, REQUEST), null);
  const other = failure(403, "AuthorizationFailure", NOW + 3_600_000);
  assertEquals(service.recover(other, REQUEST), null);
  const hidden = { ...close, headers: new Headers() };
  assertEquals(service.recover({ ...hidden, status: 401 }, REQUEST), null);
});

Deno.test("AZ-001 a refused token is replaced: only the repeated request asks for another", async () => {
  const asked: boolean[] = [];
  const token = ({ refresh }: { refresh: boolean }) => {
    asked.push(refresh);
    return "t";
  };
  const service = new AzureService(toCredential({ token }, null), TIMING);
  await service.sign(REQUEST, undefined);
  const refused = failure(401, "InvalidAuthenticationInfo", NOW);
  const again = service.recover(refused, REQUEST);
  await service.sign(again ?? REQUEST, undefined);
  await service.sign(REQUEST, undefined);
  assertEquals(asked, [false, true, false]);
});

Deno.test("AZ-025 toError() is the wire's", () => {
  const error = sharedKey().toError(failure(404, "BlobNotFound", NOW));
  assertEquals(error.name, "NotFoundError");
});

/** A store by bearer tokens `t1`, `t2`, …, and what it sent. */
function createBearer(answer: (authorization: string | null) => Response) {
  const sent: {
    url: string;
    authorization: string | null;
    redirect: unknown;
  }[] = [];
  let tokens = 0;
  const backend = new AzureBackend({
    container: "files",
    hns: false,
    accountName: "acct",
    token: () => `t${++tokens}`,
    fetch: (url, { headers, redirect }) => {
      const authorization = new Headers(headers).get("authorization");
      sent.push({ url, authorization, redirect });
      return Promise.resolve(answer(authorization));
    },
  });
  return { store: new Store({ backend }), sent };
}

Deno.test("AZ-001 a write whose token is refused is replayed with another, once", async () => {
  const refused = () => new Response("", { status: 401 });
  const created = () => new Response(null, { status: 201 });
  const renewed = createBearer((authorization) =>
    authorization === "Bearer t1" ? refused() : created()
  );
  await renewed.store.write("a", "1", { overwrite: true });
  const proofs = (sent: typeof renewed.sent) =>
    sent.map(({ authorization }) => authorization);
  assertEquals(proofs(renewed.sent), ["Bearer t1", "Bearer t2"]);
  const denied = createBearer(refused);
  await assertRejects(
    () => denied.store.write("a", "1", { overwrite: true }),
    PermissionDeniedError,
  );
  assertEquals(proofs(denied.sent), ["Bearer t1", "Bearer t2"]);
});

Deno.test("SEC-001 a redirect is an error: no token follows it, in a page neither", async () => {
  const location = "https://elsewhere.example/files/a";
  const answers = [
    () => new Response(null, { status: 307, headers: { location } }),
    // As a page sees one: without a status.
    () => Response.error(),
  ];
  for (const answer of answers) {
    const { store, sent } = createBearer(answer);
    await assertRejects(() => store.readText("a"), RemoteStoreError);
    assertEquals(sent.map(({ redirect }) => redirect), ["manual"]);
    assertEquals(new URL(sent[0]!.url).host, "acct.blob.core.windows.net");
  }
});
