import { assertEquals, assertRejects } from "@std/assert";
import { Rules } from "../../../ext/_sign/rules.ts";
import type { AskedOperation } from "../../../mod.ts";

const READ: AskedOperation = {
  operation: "read",
  path: "a",
  source: null,
  size: null,
  create: false,
  ifMatch: null,
  contentType: null,
  cacheControl: null,
  contentDisposition: null,
  contentEncoding: null,
  contentLanguage: null,
  metadata: null,
  digest: null,
};

const REQUEST = new Request("http://app.test/");

Deno.test("SIGN-006 the rules are asked once for the same, and of a copy for both ends", async () => {
  const asked: string[] = [];
  const rules = new Rules(
    ({ operation, path, source }, request) => {
      asked.push(`${operation} ${path} ${source}`);
      return request === REQUEST && path !== "b";
    },
    REQUEST,
    1000,
  );
  await rules.require(READ);
  await rules.require({ ...READ });
  await rules.require({ ...READ, operation: "copy", path: "c", source: "a" });
  assertEquals(asked, ["read a null", "copy c a"]);
  await assertRejects(() =>
    rules.require({ ...READ, operation: "copy", path: "c", source: "b" })
  );
});
