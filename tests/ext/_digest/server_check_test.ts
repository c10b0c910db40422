import { IntegrityError } from "../../../mod.ts";
import { ServerCheck } from "../../../ext/_digest/server_check.ts";
import { digestOf } from "../../../ext/_digest/engine.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";

const ABC = new TextEncoder().encode("abc");

Deno.test("EW-001: a check gives the digest of the whole, and of a part", async () => {
  const check = new ServerCheck("md5");
  check.follow(digestOf("md5", ABC));
  assertEquals(
    `${await check.digest()}`,
    "md5:900150983cd24fb0d6963f7d28e17f72",
  );
  assertEquals(
    `${await check.digestOf(ABC.subarray(0, 1))}`,
    "md5:0cc175b9c0f1b6a831c399e269772661",
  );
});

Deno.test("EW-001: a check of a write that failed fails too, quietly", async () => {
  const check = new ServerCheck("md5");
  check.follow(Promise.reject(new RangeError("broken")));
  await assertRejects(() => check.digest(), RangeError, "broken");
});

Deno.test("EW-001: a write whose digest nobody asked for is not called verified", async () => {
  const check = new ServerCheck("md5");
  assertThrows(
    () => check.requireAsked("a"),
    IntegrityError,
    'Cannot verify "a": it is written, but the store did not have the service check it',
  );
  await check.digestOf(ABC);
  check.requireAsked("a");
});
