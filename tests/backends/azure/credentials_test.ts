import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type CredentialOptions,
  toCredential,
} from "../../../backends/azure/credentials.ts";
import { InvalidArgumentError } from "../../../core/errors.ts";

// Signing adds to a request's fields, so each test gets its own.
const request = () => ({
  method: "GET",
  url: "https://acct.blob.core.windows.net/files/a?comp=x",
  headers: { "x-ms-date": "now" },
  body: null,
});
const ASKED = {
  key: "a",
  operation: "read",
  refresh: false,
  signal: undefined,
} as const;
const BLOB = {
  url: "https://acct.blob.core.windows.net/files/a",
  container: "files",
  key: "a",
  tagged: false,
  now: Date.UTC(2026, 5, 26, 12),
};

const SAS = { accountName: "acct", container: "files" };

Deno.test("AZ-001 a shared key signs the request, and a SAS for the source of a copy", async () => {
  const credential = toCredential({ accountKey: btoa("key") }, "acct");
  const { headers } = await credential.sign(request(), ASKED);
  assert(headers["authorization"]?.startsWith("SharedKey acct:"));
  const { url, authorization } = await credential.source(BLOB, undefined);
  assertEquals(authorization, null);
  const fields = new URL(url).searchParams;
  assertEquals(fields.get("spr"), "https");
  // By the time that it is given, and not by the device's.
  assertEquals(fields.get("se"), "2026-06-26T13:00:00Z");
  assertEquals(fields.get("sp"), "r");
  const tagged = await credential.source({ ...BLOB, tagged: true }, undefined);
  assertEquals(new URL(tagged.url).searchParams.get("sp"), "rt");
  assert(credential.isWhole && !credential.renewable);
  assert(credential.signSas?.(SAS, {}).includes("sig="));
});

Deno.test("AZ-001 a SAS goes behind the query, with or without its question mark", async () => {
  for (const sasToken of ["?sig=x", "sig=x", () => " ?sig=x "]) {
    const credential = toCredential({ sasToken }, null);
    const { url } = await credential.sign(request(), ASKED);
    assertEquals(url, `${request().url}&sig=x`);
    const source = await credential.source(BLOB, undefined);
    assertEquals(source.url, `${BLOB.url}?sig=x`);
    assertEquals(credential.renewable, typeof sasToken === "function");
    assertEquals(credential.isWhole, false);
    assertEquals(credential.signSas, undefined);
  }
});

Deno.test("AZ-001 a bearer's provider is asked for every request, and told when to refresh", async () => {
  const asked: boolean[] = [];
  const credential = toCredential({
    token: ({ refresh }) => {
      asked.push(refresh);
      return Promise.resolve("t");
    },
  }, null);
  const { headers } = await credential.sign(request(), ASKED);
  assertEquals(headers["authorization"], "Bearer t");
  await credential.sign(request(), { ...ASKED, refresh: true });
  const { authorization } = await credential.source(BLOB, undefined);
  assertEquals(authorization, "Bearer t");
  assertEquals(asked, [false, true, false]);
  assertEquals(credential.signSas, undefined);
});

Deno.test("AZ-032 without a credential a request goes as it is", async () => {
  const credential = toCredential({}, null);
  assertEquals(await credential.sign(request(), ASKED), request());
  const source = await credential.source(BLOB, undefined);
  assertEquals(source, { url: BLOB.url, authorization: null });
  assertEquals(credential.signSas, undefined);
});

Deno.test("AZ-001 what cannot be a credential is refused", async () => {
  const bad = [
    { accountKey: "" },
    { accountKey: 5 },
    { sasToken: 5 },
    { token: "a token, and no function" },
  ] as unknown as CredentialOptions[];
  for (const options of bad) {
    assertThrows(() => toCredential(options, "acct"), InvalidArgumentError);
  }
  const empty = toCredential({ token: () => "" }, null);
  await assertRejects(
    async () => await empty.sign(request(), ASKED),
    InvalidArgumentError,
  );
});

Deno.test("SEC-001 no credential shows its secret when it is printed", () => {
  const secret = btoa("a very secret key");
  const all = [{ accountKey: secret }, { sasToken: `sig=${secret}` }, {
    token: () => secret,
  }].map((options) => toCredential(options, "acct"));
  for (const credential of all) {
    const printed = Deno.inspect(credential, { depth: 9 }) +
      JSON.stringify(credential);
    assert(!printed.includes(secret), printed);
  }
});
