import { assertEquals, assertRejects } from "@std/assert";
import { head } from "../../../backends/r2/probing.ts";
import { BackendUnavailableError, RetryPolicy } from "../../../mod.ts";
import { at, createFake, numbered } from "./setup.ts";

Deno.test("R2-007: head() finds an object or none, and asks again", async () => {
  const { settings, store } = createFake(at("head", 1, numbered(10001)));
  assertEquals(await head(settings, "a", undefined), null);
  await store.write("a", "hello", { contentType: "text/plain" });
  const entry = await head(settings, "a", undefined);
  assertEquals([entry?.size, entry?.contentType], [5, "text/plain"]);
});

Deno.test("head() gives up when the policy does", async () => {
  const fault = at("head", 1, numbered(10001));
  const { settings } = createFake(fault, { retry: RetryPolicy.disabled() });
  await assertRejects(
    () => head(settings, "a", undefined),
    BackendUnavailableError,
    "(10001)",
  );
});
