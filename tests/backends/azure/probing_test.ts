import { assertEquals, assertRejects } from "@std/assert";
import { look, statBlob } from "../../../backends/azure/probing.ts";
import {
  BackendUnavailableError,
  NotFoundError,
  RemoteStoreError,
} from "../../../mod.ts";
import { createFake, refusal } from "./fake_store.ts";

Deno.test("BE-006 look() brings what stands at a key, and the fields beside it", async () => {
  const { settings, paths } = createFake();
  const { etag } = paths.put("a", { bytes: new Uint8Array(3) });
  const seen = await look(settings.container, "a", undefined);
  assertEquals([seen?.entry.size, seen?.entry.etag], [3, etag]);
  assertEquals(seen?.headers.has("date"), true);
  assertEquals(await look(settings.container, "b", undefined), null);
});

Deno.test("CORS-001 a 404 to a HEAD without a word is an absent file, one with another word is none", async () => {
  const bare = createFake({}, () => new Response(null, { status: 404 }));
  assertEquals(await statBlob(bare.settings.container, "a", undefined), null);
  const other = createFake({}, () => refusal(404, "AccountNotFound"));
  await assertRejects(
    () => statBlob(other.settings.container, "a", undefined),
    RemoteStoreError,
  );
});

Deno.test("AZ-042 an absent container is an error that names it", async () => {
  const { settings } = createFake({ container: "back-up" });
  await assertRejects(
    () => statBlob(settings.container, "a", undefined),
    NotFoundError,
    '"back-up"',
  );
});

Deno.test("AZ-041 a page is no file", async () => {
  const page = () => new Response("<html>", { headers: { age: "1" } });
  const { settings, sent } = createFake({}, page);
  await assertRejects(
    () => statBlob(settings.container, "a", undefined),
    BackendUnavailableError,
  );
  assertEquals(sent.length, 3);
});

Deno.test("SIGN-027 a create that only creation is permitted for is told of the file that is there", async () => {
  const mismatch = () =>
    new Response(
      '<?xml version="1.0"?><Error><Code>AuthorizationPermissionMismatch</Code></Error>',
      { status: 403, headers: { "content-type": "application/xml" } },
    );
  const fake = createFake(
    {},
    ({ method }) => method === "PUT" && taken ? mismatch() : null,
  );
  let taken = false;
  await fake.store.write("a", "a");
  taken = true;
  const codeOf = (call: Promise<unknown>) =>
    call.then(() => null, (error) => error.code);
  assertEquals(await codeOf(fake.store.write("a", "b")), "AlreadyExists");
  assertEquals(await codeOf(fake.store.write("new", "b")), "PermissionDenied");
  assertEquals(
    await codeOf(fake.store.write("a", "b", { overwrite: true })),
    "PermissionDenied",
  );
});

Deno.test("SIGN-027 a create that may replace nothing is told so, also where it may not look", async () => {
  const { store } = createFake({}, () =>
    new Response(
      '<?xml version="1.0"?><Error><Code>UnauthorizedBlobOverwrite</Code></Error>',
      { status: 403, headers: { "content-type": "application/xml" } },
    ));
  const codeOf = (call: Promise<unknown>) =>
    call.then(() => null, (error) => error.code);
  assertEquals(await codeOf(store.write("a", "b")), "AlreadyExists");
  const over = store.write("a", "b", { overwrite: true });
  assertEquals(await codeOf(over), "PermissionDenied");
});
