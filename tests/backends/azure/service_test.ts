import { assert, assertEquals, assertRejects } from "@std/assert";
import { toCredential } from "../../../backends/azure/credentials.ts";
import { AzureService } from "../../../backends/azure/service.ts";
import type { HttpFailure } from "../../../backends/_http/answer.ts";
import { parseDate } from "../../../backends/_http/headers.ts";
import {
  AzureBackend,
  type AzureBackendOptions,
} from "../../../backends/azure/mod.ts";
import {
  PermissionDeniedError,
  RemoteStoreError,
  Store,
} from "../../../mod.ts";
import { createFake, type Fault, once, refusal } from "./fake_store.ts";

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
  new AzureService(
    toCredential({ accountKey: btoa("k") }, "acct"),
    TIMING,
    "files",
  );

Deno.test("AZ-001 each request is dated and versioned", async () => {
  const { headers } = await sharedKey().sign(REQUEST, undefined);
  assertEquals(headers["x-ms-date"], "Fri, 26 Jun 2026 12:00:00 GMT");
  assertEquals(headers["x-ms-version"], "2023-11-03");
});

/** What a service makes of a request that has failed. */
async function repaired(service: AzureService, failure: HttpFailure) {
  const signed = await service.sign(REQUEST, undefined);
  for (const repair of service.repairs) {
    const other = repair.mend(failure, REQUEST, signed);
    if (other !== null) return other;
  }
  return null;
}

Deno.test("RET-015 a clock that is wrong is set by the service's, once", async () => {
  const service = sharedKey();
  const theirs = NOW + 3_600_000;
  const refused = failure(403, "AuthenticationFailed", theirs);
  assertEquals(await repaired(service, refused), REQUEST);
  const { headers } = await service.sign(REQUEST, undefined);
  assertEquals(headers["x-ms-date"], "Fri, 26 Jun 2026 13:00:00 GMT");
  assertEquals(await repaired(service, refused), null);
});

Deno.test("RET-015 a wrong key is not taken for a wrong clock", async () => {
  const service = sharedKey();
  const close = failure(403, "AuthenticationFailed", NOW + 60_000);
  assertEquals(await repaired(service, close), null);
  const other = failure(403, "AuthorizationFailure", NOW + 3_600_000);
  assertEquals(await repaired(service, other), null);
  const hidden = { ...close, headers: new Headers() };
  assertEquals(await repaired(service, { ...hidden, status: 401 }), null);
});

/** A store by an account's key, whose service has a clock and tokens of its own. */
function createStrict(options: Partial<AzureBackendOptions>, token?: string) {
  const theirs = Date.now() + 3_600_000;
  let sent = 0;
  const backend = new AzureBackend({
    container: "files",
    hns: false,
    accountName: "acct",
    ...options,
    fetch: async (_, init) => {
      sent++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      const fields = new Headers(init.headers);
      const date = Date.parse(fields.get("x-ms-date") ?? "");
      const known = token === undefined ||
        fields.get("authorization") === `Bearer ${token}`;
      if (known && Math.abs(date - theirs) < 900_000) {
        return new Response(null, { status: 201 });
      }
      const headers = {
        date: new Date(theirs).toUTCString(),
        "x-ms-error-code": "AuthenticationFailed",
      };
      return new Response(null, { status: 403, headers });
    },
  });
  return { store: new Store({ backend }), count: () => sent };
}

Deno.test("RET-015 calls that meet the wrong clock at once are all repeated", async () => {
  const { store, count } = createStrict({ accountKey: btoa("k") });
  const names = ["a", "b", "c", "d"];
  await Promise.all(
    names.map((name) => store.write(name, "1", { overwrite: true })),
  );
  assertEquals(count(), 8);
});

Deno.test("RET-015 one call repairs a refused token and a wrong clock, each once", async () => {
  let tokens = 0;
  const token = ({ refresh }: { refresh: boolean }) =>
    refresh || tokens === 0 ? `t${++tokens}` : `t${tokens}`;
  const { store, count } = createStrict({ token }, "t2");
  await store.write("a", "1", { overwrite: true });
  assertEquals(count(), 3);
  const denied = createStrict({ token }, "none");
  await assertRejects(
    () => denied.store.write("a", "1", { overwrite: true }),
    PermissionDeniedError,
  );
  assertEquals(denied.count(), 3);
});

Deno.test("AZ-001 a refused token is replaced: only the repeated request asks for another", async () => {
  const asked: boolean[] = [];
  const token = ({ refresh }: { refresh: boolean }) => {
    asked.push(refresh);
    return "t";
  };
  const service = new AzureService(
    toCredential({ token }, null),
    TIMING,
    "files",
  );
  const refused = failure(401, "InvalidAuthenticationInfo", NOW);
  const again = await repaired(service, refused);
  await service.sign(again ?? REQUEST, undefined);
  await service.sign(REQUEST, undefined);
  assertEquals(asked, [false, true, false]);
});

Deno.test("SIO-005 an abort ends the wait for a provider that does not listen", async () => {
  const stop = new AbortController();
  const token = () => {
    queueMicrotask(() => stop.abort("enough"));
    return new Promise<never>(() => {});
  };
  const { store } = createStrict({ token });
  const error = await store.write("a", "1", { signal: stop.signal })
    .catch((reason) => reason);
  assertEquals(error, "enough");
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
    retry: { minDelay: 0 },
    fetch: (url, { headers, redirect }) => {
      const authorization = new Headers(headers).get("authorization");
      sent.push({ url, authorization, redirect });
      return Promise.resolve(answer(authorization));
    },
  });
  return { store: new Store({ backend }), sent };
}

Deno.test("AZ-001 a write whose token is refused is replayed with another, once", async () => {
  const refused = () => refusal(401, "InvalidAuthenticationInfo");
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
    for (const { redirect, url } of sent) {
      assertEquals(redirect, "manual");
      assertEquals(new URL(url).host, "acct.blob.core.windows.net");
    }
  }
});

Deno.test("AZ-042 isOwn() takes the service's words only, and a HEAD, which has none", () => {
  const service = sharedKey();
  const { headers } = failure(404, "BlobNotFound", NOW);
  const bare = { status: 404, headers: new Headers(), text: "" };
  const page = { ...bare, text: "<html><body>Not here</body></html>" };
  assertEquals(service.isOwn({ ...bare, headers }, REQUEST), true);
  assertEquals(service.isOwn(bare, { ...REQUEST, method: "HEAD" }), true);
  assertEquals(service.isOwn({ ...bare, status: 304 }, REQUEST), true);
  assertEquals(service.isOwn({ ...page, status: 503 }, REQUEST), true);
  assertEquals(service.isOwn(bare, REQUEST), false);
  assertEquals(service.isOwn(page, REQUEST), false);
});

Deno.test("DOUBT-007 a request that the service was too busy to receive has changed nothing", async () => {
  const service = sharedKey();
  assert(service.changedNothing(failure(503, "ServerBusy", NOW)));
  assert(service.changedNothing(failure(429, "", NOW)));
  assert(!service.changedNothing(failure(503, "", NOW)));
  assert(!service.changedNothing(failure(500, "OperationTimedOut", NOW)));
  for (const [code, done] of [["ServerBusy", false], ["InternalError", true]]) {
    const fault = once(
      ({ method }) => method === "PUT",
      refusal(503, `${code}`),
    );
    const { store, paths } = createFake({}, fault);
    paths.put("a", { bytes: new TextEncoder().encode("B") });
    const error = await assertRejects(() =>
      store.write("a", "A", { ifMatch: '"x"' })
    );
    assertEquals(
      (error as RemoteStoreError).code,
      done ? "BackendUnavailable" : "PreconditionFailed",
    );
  }
});

const HOUR = 3_600_000;

/** Refuses what is not dated by its own clock, as the service does. */
function strictBy(theirs: () => number, fields: () => Record<string, string>) {
  const strict: Fault = ({ headers }) => {
    const date = parseDate(headers.get("x-ms-date")) ?? 0;
    if (Math.abs(date - theirs()) < 900_000) return null;
    const time = new Date(theirs()).toISOString();
    const text =
      `<Error><Code>AuthenticationFailed</Code><Message>No.\nTime:${time}</Message></Error>`;
    return new Response(text, { status: 403, headers: fields() });
  };
  return strict;
}

Deno.test("AZ-043 the service's own words set the clock where a proxy's Date is wrong, or hidden", async () => {
  const wrong = new Date(Date.now() - 5 * HOUR).toUTCString();
  const theirs = () => Date.now() + 2 * HOUR;
  for (const fields of [{ date: wrong }, {}, { date: wrong, age: "10800" }]) {
    const { store, sent } = createFake({}, strictBy(theirs, () => fields));
    await store.write("a", "A");
    await store.readText("a");
    assertEquals(sent.length, 3);
  }
});

Deno.test("AZ-043 what comes from a cache sets no clock", async () => {
  const old = failure(403, "AuthenticationFailed", NOW - 3 * HOUR);
  old.headers.set("age", "10800");
  const service = sharedKey();
  assertEquals(await repaired(service, old), null);
  const { headers } = await service.sign(REQUEST, undefined);
  assertEquals(headers["x-ms-date"], new Date(NOW).toUTCString());
});

Deno.test("AZ-043 a clock that was set by a guess is set back where the guess did not help", async () => {
  const denied = () => {
    const response = refusal(403, "AuthenticationFailed");
    const date = new Date(Date.now() - HOUR).toUTCString();
    response.headers.set("date", date);
    return response;
  };
  let open = false;
  const { store, settings } = createFake({}, () => open ? null : denied());
  await assertRejects(() => store.write("a", "A"), PermissionDeniedError);
  const { clock } = settings.container;
  assertEquals(Math.abs(clock.now() - Date.now()) < 60_000, true);
  open = true;
  const strict = createFake({}, (sent) => {
    const date = parseDate(sent.headers.get("x-ms-date")) ?? 0;
    return Math.abs(date - Date.now()) < 60_000 ? null : denied();
  });
  await strict.store.write("a", "A");
  await store.write("a", "A");
});
