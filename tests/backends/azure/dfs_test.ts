import { assertEquals, assertRejects } from "@std/assert";
import {
  createFolder,
  deletePath,
  rename,
} from "../../../backends/azure/dfs.ts";
import {
  DirectoryNotEmptyError,
  InvalidPathError,
  NotFoundError,
  ResourceLockedError,
} from "../../../mod.ts";
import { FakeDataLake } from "../../fakes/azure_dfs/service.ts";
import { createFake, once } from "./fake_store.ts";

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
