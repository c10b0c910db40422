import { assert, assertEquals, assertRejects } from "@std/assert";
import { DECODING, inRuntime } from "../_http/runtime.ts";
import {
  deletedBy,
  holds,
  madeOf,
  overtaken,
  saysGone,
} from "../../../backends/azure/evidence.ts";
import { look } from "../../../backends/azure/probing.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  PreconditionFailedError,
} from "../../../mod.ts";
import { createFake, LONG_AGO, once, type Sent } from "./fake_store.ts";

const isPut = ({ method }: Sent) => method === "PUT";
const isCommit = ({ method, url }: Sent) =>
  method === "PUT" && url.includes("comp=blocklist");
const BLOCKS = { blockSize: 4 };
const LONG = "0123456789";
const NOW = undefined;

for (
  const [way, content, isIt] of [["Put Blob", "A", isPut], [
    "Put Block List",
    LONG,
    isCommit,
  ]] as const
) {
  Deno.test(`RET-001 ${way}: a create whose answer was lost is no conflict with itself`, async () => {
    const { store, paths } = createFake(BLOCKS, once(isIt, "lost"));
    const result = await store.write("a", content);
    assertEquals(result.etag, paths.nodes.get("a")?.etag);
    assertEquals(await store.readText("a"), content);
  });

  Deno.test(`AZ-038 ${way}: a replacement of a version, its answer lost and another writer's built on it, is in doubt`, async () => {
    const { store, paths, service } = createFake(BLOCKS);
    const { etag } = await store.write("a", "old");
    const meddling = createFake({
      ...BLOCKS,
      fetch: async (url, init) => {
        const sent = {
          method: init.method ?? "",
          url,
          headers: new Headers(init.headers),
        };
        const response = await service.fetch(url, init);
        if (!isIt(sent) || response.status !== 201) return response;
        paths.put("a", { bytes: new TextEncoder().encode("B") });
        throw new TypeError("the connection broke");
      },
    });
    const error = await assertRejects(
      () => meddling.store.write("a", content, { ifMatch: etag ?? "" }),
      BackendUnavailableError,
    );
    assertEquals(error.inDoubt, true);
    assert(error.cause instanceof PreconditionFailedError);
    assertEquals(await store.readText("a"), "B");
  });

  Deno.test(`AZ-038 ${way}: what was there before the call is a conflict, after a doubtful try too`, async () => {
    for (const named of [false, true]) {
      const dropped = once(isIt, new TypeError("no connection"));
      const { store, paths } = createFake(BLOCKS, (sent) => {
        // Behind the look with which a write of blocks begins.
        const bytes = new TextEncoder().encode(content);
        if (isIt(sent)) paths.put("a", { bytes, modified: LONG_AGO });
        return dropped(sent);
      });
      const ifMatch = named ? paths.put("a", {}).etag : undefined;
      const error = await store.write("a", content, { ifMatch })
        .then(() => null, (reason) => reason);
      const Wanted = named ? PreconditionFailedError : AlreadyExistsError;
      assertEquals(error?.constructor, Wanted);
    }
  });

  Deno.test(`AZ-038 ${way}: after a doubtful try another writer's younger file leaves doubt`, async () => {
    const { store, paths } = createFake(BLOCKS, (sent) => {
      if (!isIt(sent) || paths.nodes.has("a")) return null;
      paths.put("a", { bytes: new TextEncoder().encode("B") });
      return new TypeError("no connection");
    });
    const error = await assertRejects(
      () => store.write("a", content),
      BackendUnavailableError,
    );
    assertEquals(error.inDoubt, true);
    assert(error.cause instanceof AlreadyExistsError);
  });

  Deno.test(`AZ-038 ${way}: what is lost each time is in doubt, or found`, async () => {
    const lost = createFake(BLOCKS, (sent) => isIt(sent) ? "lost" : null);
    await lost.store.write("a", content);
    const dropped = createFake(
      BLOCKS,
      (sent) => isIt(sent) ? new TypeError("dropped") : null,
    );
    const error = await assertRejects(
      () => dropped.store.write("a", content),
      BackendUnavailableError,
    );
    assertEquals(error.inDoubt, true);
  });
}

Deno.test("AZ-038 equal bytes prove no replacement of a version: two writers may store the same", async () => {
  const { store, service } = createFake();
  const { etag } = await store.write("a", "0");
  const lossy = createFake({
    fetch: withFault(service.fetch, once(isPut, "lost")),
  });
  const error = await assertRejects(
    () => lossy.store.write("a", "1", { ifMatch: etag ?? "" }),
    BackendUnavailableError,
  );
  assertEquals(error.inDoubt, true);
});

Deno.test("AZ-038 blocks have names of their own: a version that is made of them is this call's", async () => {
  const { store, service } = createFake(BLOCKS);
  const { etag } = await store.write("a", "0");
  const lossy = createFake({
    ...BLOCKS,
    fetch: withFault(service.fetch, once(isCommit, "lost")),
  });
  const result = await lossy.store.write("a", LONG, { ifMatch: etag ?? "" });
  assertEquals(await store.readText("a"), LONG);
  assertEquals(result.etag, (await store.getFileInfo("a")).etag);
});

Deno.test("AZ-038 after a doubtful try a file that fetch would decode proves nothing", async () => {
  const { store } = createFake({}, once(isPut, "lost"));
  const error = await inRuntime(DECODING, () =>
    assertRejects(
      () => store.write("a", "x", { contentEncoding: "gzip" }),
      BackendUnavailableError,
    ));
  assertEquals(error.inDoubt, true);
});

function withFault(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  fault: ReturnType<typeof once>,
) {
  return async (url: string, init: RequestInit) => {
    const sent = { method: init.method ?? "", url, headers: new Headers() };
    const response = await fetch(url, init);
    if (fault(sent) === null) return response;
    await response.body?.cancel();
    throw new TypeError("the connection broke");
  };
}

Deno.test("AZ-038 holds() compares bytes, madeOf() the names of blocks", async () => {
  const { settings, paths } = createFake();
  const { container } = settings;
  const bytes = new TextEncoder().encode("AB");
  const blocks = ["1", "2"].map((id) => ({ id, bytes }));
  paths.put("a", { bytes, blocks });
  const seen = await look(container, "a", NOW);
  assert(seen !== null);
  assertEquals(await holds(container, "a", seen, bytes, NOW), true);
  for (const other of ["AC", "A", "ABC"]) {
    const sent = new TextEncoder().encode(other);
    assertEquals(await holds(container, "a", seen, sent, NOW), false);
  }
  const verdict = async (key: string, ids: string[]) =>
    (await madeOf(container, key, ids, NOW)).verdict;
  assertEquals(await verdict("a", ["1", "2"]), "mine");
  for (const ids of [["2", "1"], ["1"], ["1", "2", "3"], []]) {
    assertEquals(await verdict("a", ids), "unknown");
  }
  assertEquals(await verdict("none", ["1"]), "unknown");
});

Deno.test("AZ-038 overtaken() takes a refusal and an older version together for a proof", async () => {
  const { settings, paths } = createFake();
  const { container } = settings;
  paths.put("old", { modified: LONG_AGO });
  paths.put("new", {});
  const of = async (key: string, error: Error) =>
    overtaken(
      container,
      { outcome: "refused", error, failure: null },
      await look(container, key, NOW),
      container.now(),
    ).verdict;
  assertEquals(await of("old", new AlreadyExistsError()), "not mine");
  assertEquals(await of("new", new AlreadyExistsError()), "unknown");
  assertEquals(await of("old", new BackendUnavailableError()), "unknown");
  assertEquals(await of("none", new PreconditionFailedError()), "unknown");
});

Deno.test("AZ-038 deletedBy() takes what is gone for a proof, and an older version for its contrary", async () => {
  const { settings, paths } = createFake();
  const { container } = settings;
  paths.put("old", { modified: LONG_AGO });
  paths.put("new", {});
  const error = new PreconditionFailedError();
  const attempt = { outcome: "doubtful", error, failure: null } as const;
  const headers = new Headers({ "x-ms-error-code": "BlobNotFound" });
  const failure = { status: 404, headers, text: "" };
  const of = async (key: string, isGone = false) => {
    const seen = isGone ? { ...attempt, failure } : attempt;
    assertEquals(saysGone(seen), isGone);
    const proof = deletedBy(container, { key }, seen, container.now(), NOW);
    return (await proof()).verdict;
  };
  assertEquals(await of("new", true), "mine");
  assertEquals(await of("none"), "mine");
  assertEquals(await of("old"), "not mine");
  assertEquals(await of("new"), "unknown");
});
