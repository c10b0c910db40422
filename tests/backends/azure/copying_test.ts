import { assertEquals, assertRejects } from "@std/assert";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  NotFoundError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../../mod.ts";
import { copyBlob } from "../../../backends/azure/copying.ts";
import { toEntry } from "../../../backends/azure/wire.ts";
import { createFake, type Fault, once } from "./fake_store.ts";

const MIB = 1024 * 1024;
const isCopy: (sent: { headers: Headers }) => boolean = ({ headers }) =>
  headers.has("x-ms-copy-source");
const CREATE = { overwrite: false, ifMatch: null };

Deno.test("AZ-017, AZ-018 a small source is copied at once, signed for, in the version that was seen", async () => {
  const { store, sent } = createFake();
  const { etag } = await store.write("a b", "A", { metadata: { k: "v" } });
  await store.copy("a b", "c");
  assertEquals((await store.getFileInfo("c")).metadata, { k: "v" });
  const { headers } = sent.find(isCopy) ?? { headers: new Headers() };
  assertEquals(headers.get("x-ms-requires-sync"), "true");
  assertEquals(headers.get("x-ms-source-if-match"), etag);
  assertEquals(headers.get("if-none-match"), "*");
  const source = new URL(headers.get("x-ms-copy-source") ?? "");
  assertEquals(source.pathname, "/files/a%20b");
  assertEquals(source.searchParams.get("sp"), "r");
});

Deno.test("AZ-017 the source is authorised as the credential allows", async () => {
  const token = createFake({ accountKey: undefined, token: () => "t" });
  token.paths.put("a", {});
  await token.store.copy("a", "b");
  const byToken = token.sent.find(isCopy)?.headers;
  assertEquals(byToken?.get("x-ms-copy-source-authorization"), "Bearer t");
  const sas = createFake({ accountKey: undefined, sasToken: "?sv=1&sig=x" });
  sas.paths.put("a", {});
  await sas.store.copy("a", "b");
  assertEquals(
    sas.sent.find(isCopy)?.headers.get("x-ms-copy-source"),
    "https://fake.blob.core.windows.net/files/a?sv=1&sig=x",
  );
});

Deno.test("CAS-001 a copy replaces only where it may; a source that is gone or changed is its own error", async () => {
  const { store, settings, paths } = createFake();
  paths.put("a", {});
  paths.put("b", {});
  await assertRejects(() => store.copy("a", "b"), AlreadyExistsError);
  const source = { ...toEntry(new Headers(), 1), etag: '"old"' };
  const request = { condition: CREATE, source, signal: undefined };
  const changed = await assertRejects(
    () => copyBlob(settings.container, "a", "c", request, 1000),
    PreconditionFailedError,
  );
  assertEquals(changed.path, "a");
  const gone = await assertRejects(
    () => copyBlob(settings.container, "none", "c", request, 1000),
    NotFoundError,
  );
  assertEquals(gone.path, "none");
});

Deno.test("RET-001 a copy whose answer was lost is no conflict with itself", async () => {
  const { store, paths } = createFake({}, once(isCopy, "lost"));
  paths.put("a", { bytes: new Uint8Array(5) });
  await store.copy("a", "b");
  assertEquals(paths.nodes.get("b")?.bytes.byteLength, 5);
});

/** Answers of a service that queues: pending at first, then `last`. */
function queueing(pending: number, last: string): Fault {
  let looks = 0;
  const state = (status: string) =>
    new Response(null, {
      status: 202,
      headers: { "x-ms-copy-status": status, "x-ms-copy-id": "1" },
    });
  return ({ method, headers }) => {
    if (headers.has("x-ms-copy-action")) {
      return new Response(null, { status: 204 });
    }
    if (headers.has("x-ms-copy-source")) return state("pending");
    if (method !== "HEAD") return null;
    return state(looks++ < pending ? "pending" : last);
  };
}

const large = (etag: string | null = null) => ({
  condition: CREATE,
  source: { ...toEntry(new Headers(), 300 * MIB), etag },
  signal: undefined,
});

Deno.test("AZ-017 a large source is queued and looked after until it is done", async () => {
  const { settings, sent } = createFake({}, queueing(1, "success"));
  await copyBlob(settings.container, "a", "b", large(), 10_000);
  assertEquals(sent[0]?.headers.has("x-ms-requires-sync"), false);
  assertEquals(sent.map(({ method }) => method), ["PUT", "HEAD", "HEAD"]);
});

Deno.test("AZ-017 a queued copy that fails, or outlasts its budget, is aborted and reported", async () => {
  const failing = createFake({}, queueing(0, "failed"));
  await assertRejects(
    () => copyBlob(failing.settings.container, "a", "b", large(), 10_000),
    RemoteStoreError,
    "failed",
  );
  const slow = createFake({}, queueing(99, "success"));
  await assertRejects(
    () => copyBlob(slow.settings.container, "a", "b", large(), 1),
    BackendUnavailableError,
  );
  assertEquals(slow.sent.at(-1)?.headers.get("x-ms-copy-action"), "abort");
});

Deno.test("ABT-002 an abort ends the wait for a queued copy and the copy itself", async () => {
  const { settings, sent } = createFake({}, queueing(99, "success"));
  const controller = new AbortController();
  const copy = copyBlob(settings.container, "a", "b", {
    ...large(),
    signal: controller.signal,
  }, 10_000);
  setTimeout(() => controller.abort("enough"), 20);
  assertEquals(await copy.catch((reason) => reason), "enough");
  assertEquals(sent.at(-1)?.headers.get("x-ms-copy-action"), "abort");
});
