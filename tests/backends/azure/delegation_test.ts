import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
  RemoteStoreError,
} from "../../../mod.ts";
import {
  Presigner,
  toDelegationKey,
} from "../../../backends/azure/delegation.ts";
import { AzureBackend } from "../../../backends/azure/mod.ts";
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

const FOUND = {
  SignedOid: "o",
  SignedTid: "t",
  SignedStart: "2026-06-26T00:00:00Z",
  SignedExpiry: "2026-06-27T00:00:00Z",
  SignedService: "b",
  SignedVersion: "2022-11-02",
  Value: "a2V5",
};

Deno.test("PRESIGN toDelegationKey() misses nothing in silence", () => {
  assertEquals(toDelegationKey(FOUND).value, "a2V5");
  for (const name of Object.keys(FOUND)) {
    assertThrows(
      () => toDelegationKey({ ...FOUND, [name]: null }),
      RemoteStoreError,
      name,
    );
  }
});

Deno.test("AZ-041 PRESIGN a key that is cut off, or a page, is asked for again", async () => {
  const key = keyXml(new Date(Date.now() + 24 * HOUR));
  const token = { accountKey: undefined, token: () => "t" };
  for (const bad of [key.slice(0, -20), "<html></html>", ""]) {
    const answers = [bad, key];
    const { backend, sent } = createFake(
      token,
      () => new Response(answers.shift()),
    );
    const url = await backend.presign("a", {
      permissions: "r",
      expires: soon(),
    });
    assertEquals(new URL(url).searchParams.get("skoid"), "o");
    assertEquals(sent.length, 2);
  }
});

Deno.test("AZ-043 PRESIGN the service's clock dates the delegation key, told by its answer or its refusal", async () => {
  const theirs = () => Date.now() - 3 * HOUR;
  for (const refuses of [false, true]) {
    const starts: number[] = [];
    const backend = new AzureBackend({
      container: "files",
      hns: false,
      accountName: "fake",
      token: () => "t",
      retry: { attempts: 1 },
      fetch: (_, { body }) => {
        const text = new TextDecoder().decode(body as Uint8Array);
        const start = Date.parse(/<Start>(.*?)</.exec(text)?.[1] ?? "");
        starts.push(start);
        const headers = { date: new Date(theirs()).toUTCString() };
        const late = refuses && start > theirs();
        const said = "<Error><Code>InvalidXmlNodeValue</Code></Error>";
        return Promise.resolve(
          late
            ? new Response(said, { status: 400, headers })
            : new Response(keyXml(new Date(theirs() + 24 * HOUR)), { headers }),
        );
      },
    });
    await backend.presign("a", { permissions: "r", expires: soon() });
    assertEquals(starts.length, 2);
    assertEquals(starts[1]! < theirs(), true);
  }
});

Deno.test("AZ-044 PRESIGN a URL of plain http is allowed for it, one of https is not", async () => {
  const options = { permissions: "r", expires: soon() };
  const protocols = async (accountUrl: string, more = {}) => {
    const { backend } = createFake({ accountUrl });
    const url = await backend.presign("a", { ...options, ...more });
    return new URL(url).searchParams.get("spr");
  };
  const emulator = "http://127.0.0.1:10000/fake";
  assertEquals(await protocols(emulator), "https,http");
  assertEquals(await protocols(emulator, { allowHttp: false }), "https");
  assertEquals(await protocols("https://fake.blob.core.windows.net"), "https");
});

Deno.test("OPT-006: what is no date ends no signature, and nothing is asked", async () => {
  const bearer = { accountKey: undefined, token: () => "token" } as never;
  for (const options of [{}, bearer]) {
    const { backend, sent } = createFake(options);
    for (const expires of [600, "2027-01-01", null, undefined]) {
      await assertRejects(
        () => backend.presign("a", { permissions: "r", expires } as never),
        InvalidArgumentError,
        "a Date is needed",
      );
    }
    assertEquals(sent, []);
  }
});
