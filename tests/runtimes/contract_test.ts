import { assertEquals, assertRejects } from "@std/assert";
import { HttpBackend } from "../../backends/http/mod.ts";
import { Store } from "../../mod.ts";
import { requireUsed, runContract } from "./contract.ts";

const BOUNDS = { patience: 60_000, lanes: 1 };
const HTTP = {
  namespace: "flat",
  create: () =>
    new Store({ backend: new HttpBackend({ baseUrl: "http://127.0.0.1/" }) }),
} as const;

Deno.test("a skip of what the backend cannot do is refused, as nothing is left out by it", async () => {
  const test = "BE-020, ASYNC-022 getFolderInfo: after a close";
  const skip = [{ test, reason: "there are no folders" }];
  await assertRejects(
    () => runContract("http", { ...HTTP, skip }, BOUNDS),
    TypeError,
    `Cannot skip "${test}": there is nothing to skip`,
  );
});

Deno.test("a skip that leaves something out is taken, and all are where tests are chosen", () => {
  const skip = [{ test: "WR-001", reason: "a reason" }];
  assertEquals(requireUsed({ skip }, skip), undefined);
  assertEquals(requireUsed({ skip, only: ["WR-002"] }, []), undefined);
});
