import { assertEquals, assertThrows } from "@std/assert";
import { Capability, CapabilitySet } from "../../mod.ts";

Deno.test("CAP-001 the values are the Python library's, and some more", () => {
  assertEquals(Object.values(Capability).sort(), [
    "atomic_move",
    "atomic_write",
    "conditional_copy",
    "conditional_delete",
    "conditional_write",
    "copy",
    "copy_metadata",
    "create_folder",
    "delete",
    "glob",
    "lazy_read",
    "list",
    "list_from",
    "metadata",
    "move",
    "presign",
    "read",
    "resumable_upload",
    "seekable_read",
    "user_metadata",
    "versions",
    "write",
    "write_result_native",
  ]);
  for (const [name, value] of Object.entries(Capability)) {
    assertEquals(name.toLowerCase(), value);
  }
});

Deno.test("CAP-001 neither the names nor a set can be changed", () => {
  assertThrows(() => Object.assign(Capability, { READ: "x" }), TypeError);
  const set = new CapabilitySet(["read"]);
  for (
    const change of [
      () => set.add("write"),
      () => set.delete("read"),
      () => set.clear(),
    ]
  ) {
    assertThrows(change, TypeError, "it is immutable");
  }
  assertEquals([...set], ["read"]);
});

Deno.test("CAP-003 a set is not empty and knows what it holds", () => {
  assertThrows(() => new CapabilitySet([]), TypeError, "one is needed");
  assertThrows(
    () => new CapabilitySet(["fly" as never]),
    TypeError,
    'the capability "fly"',
  );
  assertEquals(new CapabilitySet(["read", "read"]).size, 1);
});
