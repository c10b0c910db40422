import { assertEquals, assertRejects } from "@std/assert";
import {
  createFolder,
  deletePath,
  rename,
} from "../../../backends/azure/dfs.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  DirectoryNotEmptyError,
  InvalidPathError,
  NotFoundError,
  ResourceLockedError,
} from "../../../mod.ts";
import { FakeDataLake } from "../../fakes/azure_dfs/service.ts";
import { createFake, once, type Sent } from "./fake_store.ts";

const HNS = { hns: true };
const NOW = { signal: undefined };

Deno.test("AZ-017 rename() reports the version, told by the answer or by a look", async () => {
  for (const tells of [true, false]) {
    const { settings, paths, service } = createFake(HNS);
    if (service instanceof FakeDataLake) service.renameTellsEtag = tells;
    const { etag } = paths.put("a", {});
    const facts = await rename(settings.container, {
      from: "a",
      to: "b",
      condition: { overwrite: false, ifMatch: null },
      source: { etag },
      isOwn: false,
      ...NOW,
    });
    assertEquals(facts.etag, etag);
    assertEquals(service.counts.get("HEAD"), tells ? undefined : 1);
  }
});

Deno.test("CAS-001 rename() claims no other writer's version for its own", async () => {
  const { settings, paths, service } = createFake(HNS);
  const { etag } = paths.put("a", {});
  const late = createFake({
    ...HNS,
    fetch: async (url, init) => {
      const response = await service.fetch(url, init);
      if (init.method === "PUT") paths.put("b", {});
      return response;
    },
  });
  assertEquals(settings.hns, true);
  const facts = await rename(late.settings.container, {
    from: "a",
    to: "b",
    condition: { overwrite: true, ifMatch: null },
    source: { etag },
    isOwn: false,
    ...NOW,
  });
  assertEquals(facts.etag, null);
});

Deno.test("AZ-025 rename() onto what somebody has leased is locked, into an absent container not found", async () => {
  const { settings, paths } = createFake(HNS);
  paths.put("a", {});
  paths.put("b", {});
  paths.leased.add("b");
  const to = {
    from: "a",
    to: "b",
    condition: { overwrite: true, ifMatch: null },
    source: { etag: null },
    isOwn: false,
    ...NOW,
  };
  await assertRejects(
    () => rename(settings.container, to),
    ResourceLockedError,
  );
  const absent = createFake({ ...HNS, container: "other" }).settings;
  await assertRejects(() => rename(absent.container, to), NotFoundError);
});

Deno.test("AZ-008 createFolder() makes those above it, and leaves one that exists", async () => {
  const { settings, paths } = createFake(HNS);
  await createFolder(settings.container, "a/b", undefined);
  const before = paths.nodes.get("a/b");
  await createFolder(settings.container, "a/b", undefined);
  assertEquals(paths.nodes.get("a/b"), before);
  assertEquals([...paths.nodes.keys()].sort(), ["a", "a/b"]);
  paths.put("file", {});
  await assertRejects(
    () => createFolder(settings.container, "file/x", undefined),
    InvalidPathError,
  );
});

Deno.test("AZ-015 deletePath() tells an absent path, a full folder, and its own work", async () => {
  const { settings, paths } = createFake(HNS);
  const { container } = settings;
  paths.put("d/a", {});
  assertEquals(await deletePath(container, "none", NOW), false);
  await assertRejects(
    () => deletePath(container, "d", { recursive: false, ...NOW }),
    DirectoryNotEmptyError,
  );
  assertEquals(await deletePath(container, "d/a", NOW), true);
  const isDelete = ({ method }: { method: string }) => method === "DELETE";
  const lossy = createFake(HNS, once(isDelete, "lost"));
  lossy.paths.put("a", {});
  assertEquals(await deletePath(lossy.settings.container, "a", NOW), true);
});

const CREATE = { overwrite: false, ifMatch: null };
const isRename = ({ headers }: Sent) => headers.has("x-ms-rename-source");

Deno.test("AZ-038 a rename whose answer was lost is known by its version at the target", async () => {
  for (const isOwn of [false, true]) {
    const { settings, paths } = createFake(HNS, once(isRename, "lost"));
    const { etag } = paths.put("a", {});
    const to = { from: "a", to: "b", condition: CREATE, source: { etag } };
    const facts = await rename(settings.container, { ...to, isOwn, ...NOW });
    assertEquals(facts.etag, etag);
  }
});

Deno.test("AZ-038 a source proves nothing by its absence, not even one that nobody else knows by name", async () => {
  for (
    const [there, isOwn] of [[false, false], [true, false], [false, true], [
      true,
      true,
    ]] as const
  ) {
    const { settings, paths } = createFake(HNS, (sent) => {
      if (!isRename(sent) || !paths.nodes.has("a")) return null;
      paths.nodes.delete("a");
      if (there) paths.put("b", {});
      return new TypeError("dropped");
    });
    const { etag } = paths.put("a", {});
    const error = await assertRejects(
      () =>
        rename(settings.container, {
          from: "a",
          to: "b",
          condition: CREATE,
          source: { etag },
          isOwn,
          ...NOW,
        }),
      BackendUnavailableError,
    );
    assertEquals(error.inDoubt, true);
  }
});

Deno.test("AZ-038 a rename that was refused and has left its source is refused", async () => {
  const dropped = new TypeError("dropped");
  const { settings, paths } = createFake(HNS, once(isRename, dropped));
  const { etag } = paths.put("a", {});
  paths.put("b", {});
  await assertRejects(
    () =>
      rename(settings.container, {
        from: "a",
        to: "b",
        condition: CREATE,
        source: { etag },
        isOwn: false,
        ...NOW,
      }),
    AlreadyExistsError,
  );
});

Deno.test("AZ-041 a page with a good status deletes and makes nothing", async () => {
  const page = () => new Response("<html>Sign in</html>");
  const { settings } = createFake({
    ...HNS,
    retry: { attempts: 2, minDelay: 0 },
  }, page);
  const { container } = settings;
  for (
    const call of [
      () => deletePath(container, "a", NOW),
      () => createFolder(container, "a", undefined),
      () =>
        rename(container, {
          from: "a",
          to: "b",
          condition: CREATE,
          source: { etag: null },
          isOwn: true,
          ...NOW,
        }),
    ]
  ) {
    const error = await assertRejects(call, BackendUnavailableError);
    assertEquals(error.inDoubt, true);
  }
});
