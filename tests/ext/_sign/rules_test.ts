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

Deno.test("SIGN-032 what reads a file as well is valid no longer than what only reads it", async () => {
  const rules = (read: number, copy: number | undefined) =>
    new Rules(
      ({ operation }) => ({
        expiresIn: operation === "read" ? read : copy,
        contentType: "text/plain",
      }),
      REQUEST,
      1000,
    );
  const asked: AskedOperation = { ...READ, operation: "copy", source: "b" };
  for (const [read, copy] of [[5, 60], [60, 5], [5, undefined]] as const) {
    const grant = await rules(read, copy).require(asked);
    assertEquals(grant, { expiresIn: 5, contentType: "text/plain" });
  }
});
