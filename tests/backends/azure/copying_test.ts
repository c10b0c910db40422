import { assertEquals, assertRejects } from "@std/assert";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  CapabilityNotSupportedError,
  NotFoundError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../../mod.ts";
import { copyBlob } from "../../../backends/azure/copying.ts";
import { parseDate } from "../../../backends/_http/headers.ts";
import { toEntry } from "../../../backends/azure/wire.ts";
import {
  createFake,
  type Fault,
  LONG_AGO,
  once,
  refusal,
} from "./fake_store.ts";

const MIB = 1024 * 1024;
const isCopy: (sent: { headers: Headers }) => boolean = ({ headers }) =>
  headers.has("x-ms-copy-source");
const CREATE = {
  condition: { overwrite: false, ifMatch: null },
  named: false,
  sourceNamed: false,
  stored: null,
  budget: 10_000,
  signal: undefined,
};
const DROPPED = new TypeError("no connection");

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
  const request = { ...CREATE, source, to: "c" };
  const changed = await assertRejects(
    () => copyBlob(settings.container, { ...request, from: "a" }),
    PreconditionFailedError,
  );
  assertEquals(changed.path, "a");
  const gone = await assertRejects(
    () => copyBlob(settings.container, { ...request, from: "none" }),
    NotFoundError,
  );
  assertEquals(gone.path, "none");
});

Deno.test("AZ-039 a copy whose answer was lost is known by what the target records", async () => {
  for (const overwrite of [false, true]) {
    const { store, paths } = createFake({}, once(isCopy, "lost"));
    paths.put("a", { bytes: new Uint8Array(5), modified: LONG_AGO });
    await store.copy("a", "b", { overwrite });
    assertEquals(paths.nodes.get("b")?.bytes.byteLength, 5);
    // Within one second the digests decide, which the service has of what it was sent whole.
    const young = createFake({}, once(isCopy, "lost"));
    await young.store.write("a", "A");
    await young.store.move("a", "b", { overwrite });
    assertEquals([...young.paths.nodes.keys()], ["b"]);
  }
});

Deno.test("AZ-039 what another writer has put at the target is no copy, whatever its size", async () => {
  for (const action of ["copy", "move"] as const) {
    const { store, paths, service } = createFake();
    const meddling = createFake({
      fetch: async (url, init) => {
        const sent = { method: "", url, headers: new Headers(init.headers) };
        if (!isCopy(sent) || paths.nodes.has("b")) {
          return await service.fetch(url, init);
        }
        paths.put("b", { bytes: new TextEncoder().encode("B") });
        throw DROPPED;
      },
    });
    paths.put("a", {
      bytes: new TextEncoder().encode("A"),
      modified: LONG_AGO,
    });
    const error = await assertRejects(
      () => meddling.store[action]("a", "b"),
      BackendUnavailableError,
    );
    // Somebody may as well have replaced what this call had copied.
    assertEquals(error.inDoubt, true);
    assertEquals(error.cause instanceof AlreadyExistsError, true);
    assertEquals(await store.readText("a"), "A");
    assertEquals(await store.readText("b"), "B");
  }
});

Deno.test("AZ-039 what was at the target before the call is a conflict, after a doubtful try too", async () => {
  const { store, paths } = createFake({}, once(isCopy, DROPPED));
  paths.put("a", { bytes: new Uint8Array(1), modified: LONG_AGO });
  // An earlier copy of the same version, too.
  const copy = {
    id: "1",
    source: "https://fake.blob.core.windows.net/files/a",
  };
  const headers = { "content-md5": "XrY7u+Ae7tCTyyK7j1rNww==" };
  paths.put("a", { bytes: new Uint8Array(1), headers, modified: LONG_AGO });
  paths.put("b", {
    bytes: new Uint8Array(1),
    headers,
    copy,
    modified: LONG_AGO,
  });
  await assertRejects(() => store.move("a", "b"), AlreadyExistsError);
  assertEquals([...paths.nodes.keys()], ["a", "b"]);
});

Deno.test("AZ-039 a copy of another version, or by another call that named one, is no evidence", async () => {
  const seen = (source: Date, copied: Date, named: boolean) => {
    const fake = createFake({}, once(isCopy, DROPPED));
    const { paths, settings } = fake;
    const node = paths.put("a", { bytes: new Uint8Array(5), modified: source });
    paths.put("b", {
      bytes: new Uint8Array(5),
      modified: copied,
      copy: { id: "1", source: "https://fake.blob.core.windows.net/files/a" },
    });
    const entry = {
      ...toEntry(new Headers(), 5),
      etag: node.etag,
      lastModified: parseDate(source.toUTCString()),
    };
    const copy = { ...CREATE, from: "a", to: "b", source: entry, named };
    return copyBlob(settings.container, copy);
  };
  const now = new Date();
  await seen(LONG_AGO, now, false);
  for (const named of [false, true]) {
    // Within one second nobody can tell whether the source was made after that copy.
    const error = await assertRejects(
      () => seen(named ? LONG_AGO : now, now, named),
      BackendUnavailableError,
    );
    assertEquals(error.inDoubt, true);
  }
});

Deno.test("AZ-043 a copy by a wrong clock is signed for anew once the clock is set", async () => {
  const theirs = () => Date.now() + 2 * 3_600_000;
  const strict: Fault = ({ headers }) => {
    const date = parseDate(headers.get("x-ms-date"));
    const refused = refusal(403, "AuthenticationFailed");
    refused.headers.set("date", new Date(theirs()).toUTCString());
    if (Math.abs((date ?? 0) - theirs()) > 900_000) return refused;
    const source = headers.get("x-ms-copy-source");
    const end = source && new URL(source).searchParams.get("se");
    return end && Date.parse(end) < theirs()
      ? refusal(403, "CannotVerifyCopySource")
      : null;
  };
  const { store, settings, paths } = createFake({}, strict);
  const { etag } = paths.put("a", { bytes: new Uint8Array(5) });
  await store.copy("a", "b");
  // As the very first request.
  const first = createFake({}, strict);
  first.paths.put("a", { bytes: new Uint8Array(5) });
  const source = { ...toEntry(new Headers(), 5), etag };
  await copyBlob(first.settings.container, {
    ...CREATE,
    from: "a",
    to: "b",
    source,
  });
  assertEquals(first.paths.nodes.has("b"), true);
  assertEquals(settings.hns, false);
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
    const { headers: fields } = state(looks++ < pending ? "pending" : last);
    return new Response(null, { headers: fields });
  };
}

const large = () => ({
  ...CREATE,
  from: "a",
  to: "b",
  source: toEntry(new Headers(), 300 * MIB),
});

Deno.test("AZ-017 a large source is queued and looked after until it is done", async () => {
  const { settings, sent } = createFake({}, queueing(1, "success"));
  await copyBlob(settings.container, large());
  assertEquals(sent[0]?.headers.has("x-ms-requires-sync"), false);
  assertEquals(sent.map(({ method }) => method), ["PUT", "HEAD", "HEAD"]);
});

Deno.test("AZ-017 a queued copy that fails, or outlasts its budget, is aborted and reported", async () => {
  const hidden: Fault = ({ method }) => {
    const headers = { "last-modified": LONG_AGO.toUTCString() };
    return method === "HEAD"
      ? new Response(null, { headers })
      : new Response(null, { status: 202 });
  };
  const unseen = createFake({}, hidden);
  const error = await assertRejects(
    () => copyBlob(unseen.settings.container, large()),
    BackendUnavailableError,
    "may have been made",
  );
  assertEquals(`${error.cause}`.includes("CORS"), true);
  const failing = createFake({}, queueing(0, "failed"));
  await assertRejects(
    () => copyBlob(failing.settings.container, large()),
    RemoteStoreError,
    "failed",
  );
  const slow = createFake({}, queueing(99, "success"));
  await assertRejects(
    () => copyBlob(slow.settings.container, { ...large(), budget: 1 }),
    BackendUnavailableError,
  );
  assertEquals(slow.sent.at(-1)?.headers.get("x-ms-copy-action"), "abort");
});

Deno.test("ABT-002 an abort ends the wait for a queued copy and the copy itself", async () => {
  const { settings, sent } = createFake({}, queueing(99, "success"));
  const controller = new AbortController();
  const copy = copyBlob(settings.container, {
    ...large(),
    signal: controller.signal,
  });
  setTimeout(() => controller.abort("enough"), 20);
  assertEquals(await copy.catch((reason) => reason), "enough");
  assertEquals(sent.at(-1)?.headers.get("x-ms-copy-action"), "abort");
});

Deno.test("CPM-001 a copy with another type is put from the source's URL, with all that stays", async () => {
  const { store, sent } = createFake();
  const { etag } = await store.write("a", "A", {
    metadata: { k: "v" },
    cacheControl: "no-store",
  });
  await store.copy("a", "b", { contentType: "text/x" });
  const { headers } = sent.find(isCopy) ?? { headers: new Headers() };
  assertEquals(headers.get("x-ms-blob-type"), "BlockBlob");
  assertEquals(headers.get("x-ms-copy-source-blob-properties"), "false");
  assertEquals(headers.get("x-ms-requires-sync"), null);
  assertEquals(headers.get("x-ms-source-if-match"), etag);
  const info = await store.getFileInfo("b");
  assertEquals([info.contentType, info.metadata], ["text/x", { k: "v" }]);
  assertEquals(info.extra["cacheControl"], "no-store");
});

Deno.test("CPM-001 what Azure cannot put from a URL is refused before it is asked to", async () => {
  const { settings, sent } = createFake();
  const headers = {
    contentType: "a/b",
    cacheControl: null,
    contentDisposition: null,
    contentEncoding: null,
    contentLanguage: null,
  };
  const source = toEntry(new Headers(), 5000 * MIB + 1);
  const stored = { headers, metadata: null };
  await assertRejects(
    () =>
      copyBlob(settings.container, {
        ...CREATE,
        from: "a",
        to: "b",
        source,
        stored,
      }),
    CapabilityNotSupportedError,
    "5,000 MiB",
  );
  assertEquals(sent, []);
});
