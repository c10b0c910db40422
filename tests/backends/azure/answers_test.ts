import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  ACCEPTED,
  blob,
  CREATED,
  documentOf,
  properties,
} from "../../../backends/azure/answers.ts";
import { text } from "../../../backends/_http/document.ts";
import { BackendUnavailableError } from "../../../mod.ts";
import { createFake, type Sent } from "./fake_store.ts";

Deno.test("AZ-041 documentOf() reads a whole document, and the fields beside it", async () => {
  const read = documentOf("A", { B: text });
  const headers = { etag: '"1"' };
  const answer = await read(new Response("<A><B>1</B></A>", { headers }));
  assertEquals([answer.found, answer.headers.get("etag")], [{ B: "1" }, '"1"']);
  for (const other of ["", "<A><B>1</B>", "<html></html>", "{}"]) {
    await assertRejects(
      async () => await read(new Response(other)),
      BackendUnavailableError,
    );
  }
});

Deno.test("AZ-041 blob() and properties() take what has a field of the service's, or a time", async () => {
  const known = [
    { "x-ms-version": "2023-11-03" },
    { "x-ms-is-hns-enabled": "true" },
    { "last-modified": "Fri, 26 Jun 2026 23:39:12 GMT" },
  ];
  for (const headers of known) {
    const response = new Response("x", { headers });
    assertEquals(blob(response), response);
    assertEquals(
      (await properties(response)).has(Object.keys(headers)[0]!),
      true,
    );
    assertEquals(response.bodyUsed, true);
  }
  const page = new Response("<html>", { headers: { etag: '"1"' } });
  assertThrows(() => blob(page), BackendUnavailableError);
  await assertRejects(() => properties(page), BackendUnavailableError);
});

Deno.test("AZ-041 CREATED and ACCEPTED are what the service documents, without content", async () => {
  assertEquals([Object.keys(CREATED), Object.keys(ACCEPTED)], [["201"], [
    "202",
  ]]);
  await assertRejects(
    async () => await CREATED[201](new Response("<html></html>")),
    BackendUnavailableError,
  );
});

const page = () => new Response("<html><body>Sign in</body></html>");

Deno.test("AZ-041 where every answer is a page no call succeeds, and a change is in doubt", async () => {
  for (const hns of [false, true]) {
    const { store, backend } = createFake({ hns, blockSize: 1000 }, page);
    const asking = [
      () => store.ping(),
      () => store.readText("a"),
      () => store.exists("a"),
      () => store.getFileInfo("a"),
      () => store.getFolderInfo("a"),
      () => Array.fromAsync(store.listFiles("")),
      () => store.deleteFolder("a", { recursive: true }),
      () => store.copy("a", "b"),
      () => store.move("a", "b"),
    ];
    for (const call of asking) {
      await assertRejects(call, BackendUnavailableError, "", `${call}`);
    }
    const small = () => store.write("a", "12345", { overwrite: true });
    const large = () =>
      store.write("a", new Uint8Array(2500), { overwrite: true });
    const removal = () =>
      backend.delete("a", { ifMatch: null, signal: undefined });
    for (const call of [small, large, removal]) {
      await assertRejects(call, BackendUnavailableError, "", `${call}`);
    }
  }
});

Deno.test("AZ-041 a page in place of a commit's answer leaves it in doubt, or proves it", async () => {
  const isPut = ({ method }: Sent) => method === "PUT";
  const pages = (sent: Sent) => isPut(sent) ? page() : null;
  const flat = createFake({}, pages);
  const error = await assertRejects(
    () => flat.store.write("a", "12345", { overwrite: true }),
    BackendUnavailableError,
  );
  assertEquals(error.inDoubt, true);
  flat.paths.put("a", {});
  for (const call of ["copy", "move"] as const) {
    const lost = await assertRejects(
      () => flat.store[call]("a", "b"),
      BackendUnavailableError,
    );
    assertEquals(lost.inDoubt, true);
    assertEquals([...flat.paths.nodes.keys()], ["a"]);
  }
  const deleting = createFake(
    {},
    ({ method }) => method === "DELETE" ? page() : null,
  );
  deleting.paths.put("a", {});
  const left = await assertRejects(
    () => deleting.store.delete("a"),
    BackendUnavailableError,
  );
  assertEquals(left.inDoubt, true);
});
