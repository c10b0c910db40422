/**
 * What S3 promises of versions beside the conformance suite: the same on the strict fake
 * and on a server.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Fetch,
  S3Backend,
  type S3Options,
} from "../../../backends/s3/mod.ts";
import { NotFoundError, Store } from "../../../mod.ts";

/** A bucket that keeps no versions until it is told to. */
export interface VersionedPlace {
  /** Where it is. */
  readonly options: S3Options;
  /** What sends requests there. */
  readonly fetch: Fetch;
  /** Has it keep versions from now on. */
  readonly enable: () => unknown;
}

/** Holds a bucket to what its versions promise. */
export async function holdVersions(place: VersionedPlace): Promise<void> {
  const deletions: Headers[] = [];
  const fetch: Fetch = async (url, init) => {
    const response = await place.fetch(url, init);
    if (init.method === "DELETE") deletions.push(response.headers);
    return response;
  };
  const backend = new S3Backend({ ...place.options, fetch });
  const store = new Store({ backend });
  await fromBefore(store, place);
  await currentDeleted(store);
  assertEquals(deletions.at(-1)!.get("x-amz-delete-marker"), null);
  await markerDeleted(store, deletions);
  await copied(store);
}

// The version from before has a name, although no answer may tell it.
async function fromBefore(store: Store, place: VersionedPlace): Promise<void> {
  const before = { versionId: "null" };
  const { versionId } = await store.write("early", "before");
  assertEquals(versionId, null);
  assertEquals(await store.readText("early", before), "before");
  await place.enable();
  await store.write("early", "after", { overwrite: true });
  assertEquals(await store.readText("early", before), "before");
  const info = await store.getFileInfo("early", before);
  assertEquals([info.size, info.extra["versionId"]], [6, "null"]);
  await store.delete("early", before);
  await assertRejects(() => store.readText("early", before), NotFoundError);
  assertEquals(await store.readText("early"), "after");
}

async function currentDeleted(store: Store): Promise<void> {
  const one = await store.write("a b/ü", "one");
  const two = await store.write("a b/ü", "two", { overwrite: true });
  assert(one.versionId !== null && two.versionId !== null);
  await store.delete("a b/ü", { versionId: two.versionId });
  assertEquals(await store.readText("a b/ü"), "one");
  await store.delete("a b/ü", { versionId: one.versionId });
  assertEquals(await store.exists("a b/ü"), false);
  assertEquals(await store.exists("a b"), false);
}

async function markerDeleted(
  store: Store,
  deletions: readonly Headers[],
): Promise<void> {
  await store.write("back", "it is back");
  await store.delete("back");
  const marked = deletions.at(-1)!;
  assertEquals(marked.get("x-amz-delete-marker"), "true");
  const marker = { versionId: marked.get("x-amz-version-id")! };
  assertEquals(await store.isFile("back"), false);
  for (
    const call of [
      () => store.readText("back", marker),
      () => store.getFileInfo("back", marker),
      () => store.openBlob("back", marker),
    ]
  ) await assertRejects(call, NotFoundError);
  await store.delete("back", marker);
  assertEquals(await store.readText("back"), "it is back");
  await assertRejects(() => store.delete("back", marker), NotFoundError);
  assertEquals(await store.readText("back"), "it is back");
}

// What is copied has a version of its own.
async function copied(store: Store): Promise<void> {
  const { versionId } = await store.write("from", "from");
  await store.copy("from", "to");
  const own = (await store.getFileInfo("to")).extra["versionId"];
  assert(own !== versionId && typeof own === "string");
  await assertRejects(
    () => store.readText("to", { versionId: versionId! }),
    NotFoundError,
  );
}
