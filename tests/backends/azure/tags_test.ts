import { assertEquals, assertRejects } from "@std/assert";
import { copyBlob } from "../../../backends/azure/copying.ts";
import { hasTags, readTags, tierOf } from "../../../backends/azure/tags.ts";
import { toEntry } from "../../../backends/azure/wire.ts";
import {
  BackendUnavailableError,
  PermissionDeniedError,
  type Store,
} from "../../../mod.ts";
import { createFake, refusal } from "./fake_store.ts";

const TAGS = { project: "a b", "x=y": "1&2" };

// What the version is called is no matter of tags.
async function extraOf(store: Store): Promise<Record<string, unknown>> {
  const { versionId: _, ...extra } = (await store.getFileInfo("b")).extra;
  return extra;
}

Deno.test("AZ-045 a copy and a move keep index tags and the tier that the file was given", async () => {
  for (const call of ["copy", "move"] as const) {
    const { store, paths, sent } = createFake();
    paths.put("a", { tags: TAGS, tier: "Cool" });
    await store[call]("a", "b");
    const node = paths.nodes.get("b");
    assertEquals([node?.tags, node?.tier], [TAGS, "Cool"]);
    const extra = await extraOf(store);
    assertEquals(extra, { accessTier: "Cool", tagCount: 2 });
    // No request more than for a file without.
    const plain = createFake();
    plain.paths.put("a", {});
    await plain.store[call]("a", "b");
    assertEquals(sent.length - 1, plain.sent.length);
    assertEquals(await extraOf(plain.store), {});
  }
});

Deno.test("AZ-045 a queued copy is given the tags, as the service does not take them along", async () => {
  const { settings, paths, sent } = createFake(
    {},
    ({ method }) =>
      method === "HEAD"
        ? new Response(null, { headers: { "x-ms-copy-status": "success" } })
        : null,
  );
  const headers = new Headers({ "x-ms-tag-count": "2" });
  paths.put("a", { tags: TAGS });
  const large = 300 * 1024 * 1024;
  await copyBlob(settings.container, {
    from: "a",
    to: "b",
    source: toEntry(headers, large),
    condition: { overwrite: false, ifMatch: null },
    named: false,
    sourceNamed: false,
    stored: null,
    budget: 1000,
    signal: undefined,
  });
  assertEquals(paths.nodes.get("b")?.tags, TAGS);
  assertEquals(sent.map(({ method }) => method), ["GET", "PUT"]);
});

Deno.test("AZ-045 tags that may not be read stop a copy before it is made", async () => {
  const denied = createFake(
    {},
    ({ headers }) =>
      headers.has("x-ms-copy-source-tag-option")
        ? refusal(403, "AuthorizationPermissionMismatch")
        : null,
  );
  denied.paths.put("a", { tags: TAGS });
  await assertRejects(() => denied.store.move("a", "b"), PermissionDeniedError);
  assertEquals([...denied.paths.nodes.keys()], ["a"]);
});

Deno.test("AZ-045 readTags() wants all of the document", async () => {
  const { settings, paths } = createFake();
  paths.put("a", { tags: TAGS });
  assertEquals(
    await readTags(settings.container, "a", undefined),
    "project=a%20b&x%3Dy=1%262",
  );
  const page = createFake({}, () => new Response("<Tags><TagSet>"));
  await assertRejects(
    () => readTags(page.settings.container, "a", undefined),
    BackendUnavailableError,
  );
});

Deno.test("AZ-045 hasTags() and tierOf() take what was given, and no tier that nothing is copied from", () => {
  const entry = (fields: Record<string, string>) =>
    toEntry(new Headers(fields), 1);
  assertEquals(hasTags(entry({})), false);
  assertEquals(hasTags(entry({ "x-ms-tag-count": "1" })), true);
  assertEquals(tierOf(entry({ "x-ms-access-tier": "Cold" })), "Cold");
  assertEquals(tierOf(entry({ "x-ms-access-tier": "Archive" })), null);
  const inferred = { "x-ms-access-tier-inferred": "true" };
  assertEquals(tierOf(entry({ "x-ms-access-tier": "Hot", ...inferred })), null);
});
