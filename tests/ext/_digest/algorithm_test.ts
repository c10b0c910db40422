import { InvalidArgumentError } from "../../../mod.ts";
import { WEB_NAMES } from "../../../digest/algorithm.ts";
import { toAlgorithm } from "../../../ext/_digest/algorithm.ts";
import { assertEquals, assertThrows } from "@std/assert";

Deno.test("STR-005: both spellings are accepted and one is stored", () => {
  for (const [short, web] of Object.entries(WEB_NAMES)) {
    for (const name of [short, short.toUpperCase(), web, web.toUpperCase()]) {
      assertEquals(toAlgorithm(name), short);
    }
  }
});

Deno.test("STR-005: an unsupported algorithm is refused, with those that are not", () => {
  for (const name of ["sha3-256", "", "toString", "crc64", "sha 256"]) {
    assertThrows(
      () => toAlgorithm(name),
      InvalidArgumentError,
      `Cannot compute a ${JSON.stringify(name)} hash: the algorithms are sha1,`,
    );
  }
});
