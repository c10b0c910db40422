import { assert, assertEquals, assertRejects } from "@std/assert";
import { azureSigning } from "../../../backends/azure/signing.ts";
import { InvalidArgumentError, type SigningQuestion } from "../../../mod.ts";
import { createFake } from "./fake_store.ts";
import { defineProto } from "../_http/runtime.ts";

const BASE = "https://fake.blob.core.windows.net/files";

function read(change: Partial<SigningQuestion>) {
  const { store } = createFake();
  return azureSigning(store).read({
    method: "GET",
    url: `${BASE}/users/42/a`,
    headers: {},
    size: 0,
    body: null,
    plan: null,
    expiresIn: null,
    ...change,
  });
}

Deno.test("SIGN-027 a signature is for one blob, and permits what is needed", async () => {
  const permitted = async (change: Partial<SigningQuestion>) => {
    const understood = await read(change);
    const { url } = await understood.sign({ seconds: 60 });
    const { searchParams } = new URL(url);
    assertEquals(searchParams.get("sr"), "b");
    return searchParams.get("sp");
  };
  assertEquals(await permitted({}), "r");
  assertEquals(await permitted({ method: "HEAD" }), "r");
  assertEquals(await permitted({ method: "DELETE" }), "d");
  assertEquals(await permitted({ method: "PUT", size: 1 }), "cw");
  assertEquals(
    await permitted({
      method: "PUT",
      size: 1,
      headers: { "if-none-match": "*" },
    }),
    "c",
  );
  const copy = await read({
    method: "PUT",
    headers: { "x-ms-copy-source": `${BASE}/users/42/b` },
  });
  const { headers } = await copy.sign({ seconds: 60 });
  const source = new URL(headers["x-ms-copy-source"] ?? "");
  assertEquals(source.searchParams.get("sp"), "r");
});

Deno.test("SIGN-027 no metadata is signed that a rule does not see, whatever its key", async () => {
  using _ = defineProto();
  const { operations: [write] } = await read({
    method: "PUT",
    size: 1,
    headers: { "x-ms-meta-__proto__": "a" },
  });
  assertEquals(Object.entries(write?.metadata ?? {}), [["__proto__", "a"]]);
});

Deno.test("SIGN-027 no signature is for a folder, so a listing is sent from here", async () => {
  const list = await read({
    url:
      `${BASE}?restype=container&comp=list&prefix=users%2F42%2F&include=metadata`,
  });
  assert(list.onlyHere);
  assertEquals(list.operations[0]?.key, "users/42/");
  const response = await list.send(
    { seconds: 60 },
    new AbortController().signal,
  );
  assertEquals(response.status, 200);
  assert((await response.text()).includes("EnumerationResults"));
});

Deno.test("SIGN-027 a type is stored always, that of the grant where there is one", async () => {
  const put = await read({
    method: "PUT",
    size: 1,
    headers: { "x-ms-meta-a": "b" },
  });
  const plain = await put.sign({ seconds: 60 });
  assertEquals(
    plain.headers["x-ms-blob-content-type"],
    "application/octet-stream",
  );
  const fixed = await put.sign({
    seconds: 60,
    contentType: "image/png",
    metadata: { c: "d" },
  });
  assertEquals(fixed.headers, {
    "x-ms-meta-c": "d",
    "x-ms-blob-content-type": "image/png",
  });
});

Deno.test("SIGN-027 a list of blocks is sent from here: a signature for it would be one for reading", async () => {
  const plan = {
    size: 10,
    partSize: 5,
    create: true,
    ifMatch: null,
    contentType: "text/plain",
    source: null,
  };
  const list = await read({
    url: `${BASE}/users/42/a?comp=blocklist&blocklisttype=all`,
    plan,
  });
  assert(list.onlyHere);
  assertEquals([list.upload?.step, list.upload?.opens], ["check", true]);
  const [operation] = list.operations;
  assertEquals(
    [operation?.operation, operation?.size, operation?.create],
    ["write", 10, true],
  );
  assertEquals(operation?.contentType, "text/plain");
  const committed = await read({
    url: `${BASE}/users/42/a?comp=blocklist&blocklisttype=committed`,
  });
  assertEquals([committed.onlyHere, committed.upload], [false, null]);
  await assertRejects(
    () =>
      read({
        url: `${BASE}/users/42/a?comp=blocklist&blocklisttype=uncommitted`,
      }),
    InvalidArgumentError,
  );
});
