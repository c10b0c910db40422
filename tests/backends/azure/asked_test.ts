import { assertEquals, assertThrows } from "@std/assert";
import { readAsked } from "../../../backends/azure/asked.ts";
import { formatBlockList } from "../../../backends/azure/writing.ts";
import type { SigningQuestion } from "../../../mod.ts";
import { createFake } from "./fake_store.ts";

const BASE = "https://fake.blob.core.windows.net/files";
const ID = (number: number) =>
  btoa(
    `${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}${
      String(number).padStart(12, "0")
    }`,
  );

function read(change: Partial<SigningQuestion>) {
  return readAsked({
    method: "GET",
    url: `${BASE}/users/42/a`,
    headers: {},
    size: 0,
    body: null,
    plan: null,
    expiresIn: null,
    ...change,
  }, createFake().settings.container);
}

Deno.test("SIGN-026 Azure's operations are read by their shapes", () => {
  assertEquals(read({}).name, "get");
  assertEquals(read({ method: "HEAD" }).name, "head");
  assertEquals(
    read({ method: "DELETE", headers: { "x-ms-delete-snapshots": "include" } })
      .name,
    "delete",
  );
  assertEquals(
    read({ method: "PUT", size: 3, headers: { "x-ms-blob-type": "BlockBlob" } })
      .name,
    "put",
  );
  const body = formatBlockList([ID(1), ID(2)]);
  const list = read({
    method: "PUT",
    url: `${BASE}/users/42/a?comp=blocklist`,
    headers: { "content-type": "application/xml" },
    size: body.byteLength,
    body,
  });
  assertEquals(list.blocks, [ID(1), ID(2)]);
});

Deno.test("SIGN-026 what this library does not ask of Azure is refused", () => {
  const rows: readonly (readonly [Partial<SigningQuestion>, RegExp])[] = [
    [{ url: `${BASE}2/users/42/a` }, /not one of the container/],
    [
      { url: `https://other.blob.core.windows.net/files/a` },
      /not one of the container/,
    ],
    [{ url: `${BASE}/users/42/%61` }, /not written as here/],
    [{ url: `${BASE}/users/42/a#b` }, /not written as here/],
    [{ url: `${BASE}/users/%E4` }, /malformed/],
    [{ url: `${BASE}/users/42/a?snapshot=1` }, /no operation|not taken/],
    [
      { url: `${BASE}/users/42/a?comp=metadata`, method: "PUT" },
      /no operation|not taken/,
    ],
    [
      { url: `${BASE}/users/42/a?comp=tier`, method: "PUT" },
      /no operation|not taken/,
    ],
    [
      { url: `${BASE}/users/42/a?comp=lease`, method: "PUT" },
      /no operation|not taken/,
    ],
    [{ url: `${BASE}/users/42/a?sig=1` }, /no operation|not taken/],
    [{ url: `${BASE}?restype=container&comp=acl` }, /no operation|not taken/],
    [
      { url: `${BASE}?restype=container`, method: "DELETE" },
      /no operation|not taken/,
    ],
    [
      { url: `${BASE}?restype=container&comp=batch`, method: "POST" },
      /no operation|not taken/,
    ],
    [{ method: "PATCH" }, /no operation|not taken/],
    [{ headers: { authorization: "a" } }, /not part of the operation/],
    [
      { headers: { "x-ms-version": "2010-01-01" } },
      /not part of the operation/,
    ],
    [
      { method: "PUT", size: 1, headers: { "x-ms-blob-type": "PageBlob" } },
      /malformed/,
    ],
    [
      { method: "PUT", size: 1, headers: { "x-ms-access-tier": "Archive" } },
      /not part of the operation/,
    ],
    [
      { method: "PUT", size: 1, headers: { "x-ms-meta-hdi_isfolder": "true" } },
      /metadata/,
    ],
    [{ method: "PUT", size: 1, headers: { "if-match": "*" } }, /malformed/],
    [{ method: "PUT", size: null }, /size/],
    [{
      method: "PUT",
      headers: { "x-ms-copy-source": "https://evil.test/files/a" },
    }, /not written as here/],
    [
      { method: "PUT", headers: { "x-ms-copy-source": `${BASE}/a?sig=1` } },
      /not written as here/,
    ],
    [
      { method: "PUT", size: 1, url: `${BASE}/a?comp=block&blockid=AAAA` },
      /not taken/,
    ],
    [{
      method: "PUT",
      size: 3,
      url: `${BASE}/a?comp=blocklist`,
      body: new Uint8Array(3),
    }, /not written as here/],
  ];
  for (const [change, why] of rows) {
    const error = assertThrows(
      () => read(change),
      TypeError,
      undefined,
      JSON.stringify(change),
    );
    assertEquals(why.test((error as Error).message), true, `${error}`);
  }
});
