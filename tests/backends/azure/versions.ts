/**
 * What becomes of the id of a version where the service ignores it: the same on the fake
 * and on the emulator.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { CapabilityNotSupportedError, type Store } from "../../../mod.ts";

/** Holds a store to giving no other version, and to losing none. */
export async function holdIgnored(store: Store): Promise<void> {
  const { versionId } = await store.write("a", "content");
  assertEquals(versionId, null);
  const id = { versionId: "2026-11-30T16:00:00.0000001Z" };
  for (
    const call of [
      () => store.readText("a", id),
      () => store.readBytes("a", { ...id, range: { suffix: 2 } }),
      () => store.open("a", id),
      () => store.getFileInfo("a", id),
      () => store.openBlob("a", id),
      () => store.delete("a", id),
    ]
  ) {
    await assertRejects(
      call,
      CapabilityNotSupportedError,
      "the answer does not tell its version",
    );
  }
  assertEquals(await store.readText("a"), "content");
}
