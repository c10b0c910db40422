import { assertEquals, assertThrows } from "@std/assert";
import { CapabilityNotSupportedError, Store } from "@remote-store/core";
import { requireUploads } from "../../../ext/_resume/job.ts";
import { FlatBackend } from "../../fakes/flat_backend.ts";
import { memory } from "./fixture.ts";

Deno.test("RES-013 a store without uploads in parts is refused by its capability", () => {
  const store = new Store({ backend: new FlatBackend() });
  const error = assertThrows(
    () => requireUploads(store, "a"),
    CapabilityNotSupportedError,
  );
  assertEquals([error.capability, error.path], ["resumable_upload", "a"]);
  requireUploads(memory(), "a");
});
