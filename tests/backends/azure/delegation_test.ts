import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
  RemoteStoreError,
} from "../../../mod.ts";
import {
  type BlobSas,
  Presigner,
  toDelegationKey,
} from "../../../backends/azure/delegation.ts";
import { presignerOf } from "../../../backends/azure/presigning.ts";
import { AzureBackend, createServiceSas } from "../../../backends/azure/mod.ts";
import { createFake, type Fault } from "./fake_store.ts";

const HOUR = 3_600_000;

/** Signs a URL that reads, and returns it. */
const signed = async (
  backend: AzureBackend,
  key = "a",
  seconds = 3600,
  more: Partial<BlobSas> = {},
) => {
  const sas = { permissions: "r", seconds, ...more };
  const { url } = await presignerOf(backend).presign(key, sas, undefined);
  return url;
};

const keyXml = (expiry: Date) =>
  `\uFEFF<UserDelegationKey><SignedOid>o</SignedOid><SignedTid>t</SignedTid><SignedStart>2026-06-26T00:00:00Z</SignedStart><SignedExpiry>${
    expiry.toISOString().replace(/\.\d+/, "")
  }</SignedExpiry><SignedService>b</SignedService><SignedVersion>2022-11-02</SignedVersion><Value>a2V5</Value></UserDelegationKey>`;

Deno.test("PRESIGN with an account's key no request is sent", async () => {
  const { backend, sent } = createFake();
  const url = new URL(
    await signed(backend, "a b"),
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
  const url = await signed(backend);
  assertEquals(new URL(url).searchParams.get("skoid"), "o");
  await signed(backend, "b");
  assertEquals(sent.map(({ url }) => new URL(url).search), [
    "?restype=service&comp=userdelegationkey",
  ]);
  await signed(backend, "b", 48 * 3600);
  assertEquals(sent.length, 2);
});

Deno.test("PRESIGN whoever has only a SAS, or no account's name, cannot sign", async () => {
  const bySas = createFake({ accountKey: undefined, sasToken: "sig=x" });
  await assertRejects(
    () => signed(bySas.backend),
    CapabilityNotSupportedError,
  );
  const nameless = new Presigner(createFake().settings.container, null);
  await assertRejects(
    () => nameless.presign("a", { permissions: "r", seconds: 60 }, undefined),
    CapabilityNotSupportedError,
  );
});

Deno.test("KEY-001 a key that the service would change is not signed for", async () => {
  await assertRejects(
    () => signed(createFake().backend, "a\\b"),
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
    const url = await signed(backend);
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
      fetch: async (_, { body }) => {
        const text = await new Response(body).text();
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
    const url = await signed(backend);
    // The URL ends by the service's clock, too.
    const ends = Date.parse(new URL(url).searchParams.get("se") ?? "");
    assert(Math.abs(ends - theirs() - HOUR) < 60_000, `${ends}`);
    assertEquals(starts.length, 2);
    assertEquals(starts[1]! < theirs(), true);
  }
});

Deno.test("AZ-044 PRESIGN a URL of plain http is allowed for it, one of https is not", async () => {
  const protocols = async (accountUrl: string, more = {}) => {
    const { backend } = createFake({ accountUrl });
    const url = await signed(backend, "a", 600, more);
    return new URL(url).searchParams.get("spr");
  };
  const emulator = "http://127.0.0.1:10000/fake";
  assertEquals(await protocols(emulator), "https,http");
  assertEquals(await protocols(emulator, { allowHttp: false }), "https");
  assertEquals(await protocols("https://fake.blob.core.windows.net"), "https");
});

Deno.test("PRESIGN a delegation key is never asked for beyond the seven days that it lives", async () => {
  const SEVEN_DAYS = 7 * 24 * HOUR;
  const asked: number[][] = [];
  const backend = new AzureBackend({
    container: "files",
    hns: false,
    accountName: "fake",
    token: () => "t",
    fetch: async (_, { body }) => {
      const text = await new Response(body).text();
      const said = text.matchAll(/<(?:Start|Expiry)>(.*?)</g);
      const times = Array.from(said, ([, time]) => Date.parse(`${time}`));
      asked.push(times);
      return Promise.resolve(new Response(keyXml(new Date(times[1] ?? 0))));
    },
  });
  const url = await signed(backend, "a", SEVEN_DAYS / 1000);
  const [[starts = 0, ends = 0] = []] = asked;
  assert(ends - starts <= SEVEN_DAYS, `${ends - starts}`);
  assert(starts <= Date.now(), "it begins in the future");
  // The URL does not outlive its key.
  const se = new URL(url).searchParams.get("se") ?? "";
  assert(Date.parse(se) <= ends, se);
});

Deno.test("OPT-006: what is no date ends no signature", () => {
  const sas = { accountName: "fake", container: "files", permissions: "r" };
  for (const expires of [600, "2027-01-01", null, undefined]) {
    assertThrows(
      () => createServiceSas({ ...sas, expires } as never, "a2V5"),
      InvalidArgumentError,
      "a Date is needed",
    );
  }
});
