import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CapabilityNotSupportedError,
  InvalidPathError,
  RemoteStoreError,
} from "../../../mod.ts";
import {
  Presigner,
  readDelegationKey,
} from "../../../backends/azure/presigning.ts";
import { createFake, type Fault } from "./fake_store.ts";

const HOUR = 3_600_000;
const soon = () => new Date(Date.now() + HOUR);

const keyXml = (expiry: Date) =>
  `\uFEFF<UserDelegationKey><SignedOid>o</SignedOid><SignedTid>t</SignedTid><SignedStart>2026-06-26T00:00:00Z</SignedStart><SignedExpiry>${
    expiry.toISOString().replace(/\.\d+/, "")
  }</SignedExpiry><SignedService>b</SignedService><SignedVersion>2022-11-02</SignedVersion><Value>a2V5</Value></UserDelegationKey>`;

Deno.test("PRESIGN with an account's key no request is sent", async () => {
  const { backend, sent } = createFake();
  const url = new URL(
    await backend.presign("a b", { permissions: "r", expires: soon() }),
  );
  assertEquals(url.pathname, "/files/a%20b");
  assertEquals(url.searchParams.get("sr"), "b");
  assertEquals(sent.length, 0);
});

Deno.test("PRESIGN with a token the service's key is asked for, and kept while it lasts", async () => {
  const answers: Fault = () =>
    new Response(keyXml(new Date(Date.now() + 24 * HOUR)));
  const token = { accountKey: undefined, token: () => "t" };
  const { backend, sent } = createFake(token, answers);
  const options = { permissions: "r", expires: soon() };
  const url = await backend.presign("a", options);
  assertEquals(new URL(url).searchParams.get("skoid"), "o");
  await backend.presign("b", options);
  assertEquals(sent.map(({ url }) => new URL(url).search), [
    "?restype=service&comp=userdelegationkey",
  ]);
  const later = new Date(Date.now() + 48 * HOUR);
  await backend.presign("b", { permissions: "r", expires: later });
  assertEquals(sent.length, 2);
});

Deno.test("PRESIGN whoever has only a SAS, or no account's name, cannot sign", async () => {
  const options = { permissions: "r", expires: soon() };
  const bySas = createFake({ accountKey: undefined, sasToken: "sig=x" });
  await assertRejects(
    () => bySas.backend.presign("a", options),
    CapabilityNotSupportedError,
  );
  const nameless = new Presigner(createFake().settings.container, null);
  await assertRejects(
    () => nameless.presign("a", options),
    CapabilityNotSupportedError,
  );
});

Deno.test("KEY-001 a key that the service would change is not signed for", async () => {
  const options = { permissions: "r", expires: soon() };
  await assertRejects(
    () => createFake().backend.presign("a\\b", options),
    InvalidPathError,
  );
});

Deno.test("PRESIGN readDelegationKey() misses nothing in silence", () => {
  assertEquals(readDelegationKey(keyXml(soon())).value, "a2V5");
  assertThrows(
    () => readDelegationKey("<UserDelegationKey/>"),
    RemoteStoreError,
    "SignedOid",
  );
});
