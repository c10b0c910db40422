import { Deferred } from "../../../ext/_digest/deferred.ts";
import { assertEquals, assertRejects } from "@std/assert";

Deno.test("Deferred is settled from outside", async () => {
  const yes = new Deferred<number>();
  yes.resolve(1);
  assertEquals(await yes.promise, 1);
  const no = new Deferred<number>();
  no.reject(new RangeError("no"));
  await assertRejects(() => no.promise, RangeError, "no");
});

Deno.test("Deferred needs no handler", async () => {
  new Deferred<number>().reject(new Error("nobody listens"));
  await new Promise((resolve) => setTimeout(resolve, 0));
});
