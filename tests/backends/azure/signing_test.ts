import { assertEquals, assertThrows } from "@std/assert";
import { azureSigning } from "../../../backends/azure/signing.ts";
import { CapabilityNotSupportedError } from "../../../mod.ts";
import { createFake } from "./fake_store.ts";

Deno.test("SIGN-028 it signs for flat accounts, with what can sign", () => {
  const service = azureSigning(createFake().store);
  assertEquals(service.describe()["service"], "azure");
  assertEquals(service.keyOf("a/b"), "a/b");
  assertEquals(service.deriveKey("a")?.byteLength, 32);
  assertThrows(
    () => azureSigning(createFake({ hns: true }).store),
    TypeError,
    "hierarchical",
  );
  const sas = createFake(
    { accountKey: undefined, sasToken: "sig=a" } as Record<string, unknown>,
  );
  assertThrows(
    () => azureSigning(sas.store),
    CapabilityNotSupportedError,
  );
});
