import { assertEquals, assertRejects } from "@std/assert";
import { deleteBlob, deleteBlobs } from "../../../backends/azure/deleting.ts";
import {
  BackendUnavailableError,
  isRemoteStoreError,
  NotFoundError,
  PreconditionFailedError,
} from "../../../mod.ts";
import {
  createFake,
  type Fault,
  LONG_AGO,
  once,
  refusal,
  type Sent,
} from "./fake_store.ts";

const isDelete = ({ method }: { method: string }) => method === "DELETE";
const NOW = { ifMatch: null, signal: undefined };

Deno.test("AZ-016 deleteBlob() takes snapshots along, and tells an absent file", async () => {
  const { settings, paths, sent } = createFake();
  paths.put("a", {});
  assertEquals(await deleteBlob(settings.container, "a", NOW), true);
  assertEquals(sent[0]?.headers.get("x-ms-delete-snapshots"), "include");
  assertEquals(await deleteBlob(settings.container, "a", NOW), false);
});

Deno.test("RET-001 deleteBlob() knows its own work where the answer was lost, with a condition too", async () => {
  for (const conditional of [false, true]) {
    const { settings, paths } = createFake({}, once(isDelete, "lost"));
    const { etag } = paths.put("a", {});
    const request = { ...NOW, ifMatch: conditional ? etag : null };
    assertEquals(await deleteBlob(settings.container, "a", request), true);
  }
});

Deno.test("CAS-005 deleteBlob() deletes no other version", async () => {
  const { settings, paths } = createFake();
  paths.put("a", {});
  const request = { ...NOW, ifMatch: '"other"' };
  await assertRejects(
    () => deleteBlob(settings.container, "a", request),
    PreconditionFailedError,
  );
  assertEquals(paths.nodes.has("a"), true);
});

Deno.test("AZ-016 deleteBlobs() sends batches of 256 and says what failed, each by its key", async () => {
  const { settings, paths, service } = createFake();
  const keys = Array.from({ length: 300 }, (_, n) => `a/${n}`);
  for (const key of keys) paths.put(key, {});
  paths.leased.add("a/7");
  const asked = [...keys, "absent"];
  const failed = await deleteBlobs(settings.container, asked, NOW);
  assertEquals(service.counts.get("POST batch"), 2);
  assertEquals([...paths.nodes.keys()], ["a/7"]);
  const codes = [...failed].map(([key, error]) => [
    key,
    isRemoteStoreError(error) ? error.code : error,
  ]);
  assertEquals(codes, [["a/7", "ResourceLocked"], ["absent", "NotFound"]]);
});

const isBatch = ({ url }: Sent) => url.includes("comp=batch");

/** A fake with three files, whose batches meet a fault. */
function three(fault: Fault) {
  const fake = createFake({}, fault);
  for (const key of KEYS) fake.paths.put(key, {});
  return fake;
}

const KEYS = ["a", "b", "c"];

Deno.test("AZ-040 a batch whose answer was lost, breaks off or is a page has failed for nobody", async () => {
  const broken = new ReadableStream({
    pull: (controller) => controller.error(new Error("reset")),
  });
  const faults = [
    "lost" as const,
    new TypeError("no connection"),
    new Response(broken, { status: 202 }),
    new Response("", { status: 202 }),
    new Response("<html>Sign in</html>", { status: 202 }),
    new Response("<html>Sign in</html>", { status: 200 }),
    refusal(503, "ServerBusy"),
  ];
  for (const fault of faults) {
    const { settings, paths } = three(once(isBatch, fault));
    const failed = await deleteBlobs(settings.container, KEYS, NOW);
    assertEquals([...failed.keys()], []);
    assertEquals(paths.nodes.size, 0);
  }
});

Deno.test("AZ-040 what no batch answers for is deleted singly, and only what was sent may be gone by this call", async () => {
  const { settings, service, paths } = three((sent) =>
    isBatch(sent) ? "lost" : null
  );
  const failed = await deleteBlobs(settings.container, KEYS, NOW);
  assertEquals(failed.size, 0);
  assertEquals(service.counts.get("DELETE"), 3);
  assertEquals(paths.nodes.size, 0);
  const none = three(() => null);
  const absent = await deleteBlobs(none.settings.container, ["x"], NOW);
  assertEquals(absent.get("x") instanceof NotFoundError, true);
});

/** The answer to a batch of three: to the second part, `part`. */
function answering(part: string): Response {
  const done = "HTTP/1.1 202 Accepted\r\n\r\n";
  const parts = [done, part, done].map((text, number) =>
    `--x\r\nContent-Type: application/http\r\nContent-ID: ${number}\r\n\r\n${text}\r\n`
  );
  return new Response(`${parts.join("")}--x--`, { status: 202 });
}

Deno.test("AZ-040 a part that is answered with later, or in nobody's words, is repeated", async () => {
  const later = [
    "HTTP/1.1 503 Busy\r\nx-ms-error-code: ServerBusy\r\n\r\n",
    "HTTP/1.1 500 No\r\nx-ms-error-code: OperationTimedOut\r\n\r\n",
    "HTTP/1.1 403 No\r\nx-ms-error-code: AuthenticationFailed\r\n\r\n",
    "HTTP/1.1 404 No\r\n\r\n<html></html>",
    "HTTP/1.1 200 OK\r\n\r\n",
  ];
  for (const part of later) {
    const { settings, paths, service } = three(
      once(isBatch, answering(part)),
    );
    const failed = await deleteBlobs(settings.container, KEYS, NOW);
    assertEquals([...failed.keys()], [], part);
    assertEquals([...paths.nodes.keys()], ["a", "c"]);
    assertEquals(service.counts.get("POST batch"), 1);
  }
  const locked = three(once(
    isBatch,
    answering("HTTP/1.1 412 No\r\nx-ms-error-code: LeaseIdMissing\r\n\r\n"),
  ));
  const failed = await deleteBlobs(locked.settings.container, KEYS, NOW);
  assertEquals([...failed.keys()], ["b"]);
});

Deno.test("AZ-040 a batch that is refused has failed for each key, and for no other batch's", async () => {
  const keys = Array.from({ length: 257 }, (_, number) => `a/${number}`);
  let batches = 0;
  const { settings, paths } = createFake(
    {},
    (sent) =>
      isBatch(sent) && ++batches === 2
        ? refusal(403, "AuthorizationPermissionMismatch")
        : null,
  );
  for (const key of keys) paths.put(key, {});
  const failed = await deleteBlobs(settings.container, keys, NOW);
  assertEquals([...failed.keys()], ["a/256"]);
});

Deno.test("AZ-038 deleteBlob() by version: after a lost answer a younger file leaves doubt, an older one is another version", async () => {
  const { paths, settings, service } = createFake();
  const { etag } = paths.put("a", {});
  const meddling = createFake({
    fetch: async (url, init) => {
      const response = await service.fetch(url, init);
      if (init.method !== "DELETE" || response.status !== 202) return response;
      paths.put("a", {});
      throw new TypeError("the connection broke");
    },
  });
  const request = { ...NOW, ifMatch: etag };
  const error = await assertRejects(
    () => deleteBlob(meddling.settings.container, "a", request),
    BackendUnavailableError,
  );
  assertEquals(error.inDoubt, true);
  assertEquals(error.cause instanceof PreconditionFailedError, true);
  const dropped = createFake({}, once(isDelete, new TypeError("dropped")));
  dropped.paths.put("a", { modified: LONG_AGO });
  const other = { ...NOW, ifMatch: '"other"' };
  await assertRejects(
    () => deleteBlob(dropped.settings.container, "a", other),
    PreconditionFailedError,
  );
  assertEquals(settings.hns, false);
});

Deno.test("AZ-016 an absent container is an error of the whole batch", async () => {
  const { settings } = createFake({ container: "other" });
  await assertRejects(
    () => deleteBlobs(settings.container, ["a"], NOW),
    NotFoundError,
  );
});

Deno.test("AZ-016 without a key for the account there are no batches, and single deletes do it", async () => {
  const { store, paths, service } = createFake({
    accountKey: undefined,
    sasToken: "sig=x",
  });
  for (const name of ["d/a", "d/b"]) paths.put(name, {});
  await store.deleteFolder("d", { recursive: true });
  assertEquals(paths.nodes.size, 0);
  assertEquals(service.counts.get("DELETE"), 2);
});

Deno.test("AZ-009 deleteBlob() and deleteBlobs() take names as a listing gave them", async () => {
  const { settings, paths } = createFake();
  for (const name of ["d", "d/", "d//e", "d/e"]) paths.put(name, {});
  await deleteBlob(settings.container, "d/", NOW);
  await deleteBlobs(settings.container, ["d//e"], NOW);
  assertEquals([...paths.nodes.keys()], ["d", "d/e"]);
});

Deno.test("CAS-006 a condition on what is absent is an absence, whatever the service calls it", async () => {
  const { store } = createFake(
    {},
    ({ method }) =>
      method === "DELETE" ? refusal(412, "ConditionNotMet") : null,
  );
  const ifMatch = '"0x1"';
  await assertRejects(() => store.delete("a", { ifMatch }), NotFoundError);
  await store.delete("a", { ifMatch, missingOk: true });
  await store.write("a", "A");
  await assertRejects(
    () => store.delete("a", { ifMatch }),
    PreconditionFailedError,
  );
});

Deno.test("DOUBT-009 a batch whose answers do not say what they are about has deleted nothing for sure", async () => {
  const { paths, service } = createFake();
  const { settings } = createFake({
    fetch: async (url, init) => {
      const response = await service.fetch(url, init);
      if (!url.includes("comp=batch")) return response;
      const text = await response.text();
      const { status, headers } = response;
      // As a gateway that knows nothing of batches might hand them on.
      const stripped = text.replace(/content-id:.*\r?\n/gi, "");
      return new Response(stripped, { status, headers });
    },
  });
  for (const key of ["a", "b", "c"]) paths.put(key, {});
  paths.leased.add("a");
  const failed = await deleteBlobs(settings.container, ["a", "b", "c"], NOW);
  assertEquals([...failed.keys()], ["a"]);
  assertEquals([...paths.nodes.keys()], ["a"]);
});
