import { assertEquals, assertThrows } from "@std/assert";
import {
  hasNames,
  inOrder,
  type QueryRules,
} from "../../../backends/_http/asked_query.ts";
import { InvalidArgumentError } from "../../../mod.ts";

const isNumber = (value: string) => /^\d+$/.test(value);
const RULES: QueryRules = { uploadId: () => true, "partNumber?": isNumber };

const queryOf = (query: Record<string, string>) =>
  new Map(Object.entries(query));

Deno.test("hasNames() wants each name that is needed, and takes no other", () => {
  const rows = [
    [{ uploadId: "a" }, true],
    [{ partNumber: "1", uploadId: "a" }, true],
    [{ partNumber: "1" }, false],
    [{ uploadId: "a", versionId: "b" }, false],
    [{ uploadId: "a", "partNumber?": "1" }, false],
    [{}, false],
  ] as const;
  for (const [query, isRight] of rows) {
    assertEquals(hasNames(RULES, queryOf(query)), isRight);
  }
  assertEquals(hasNames({}, new Map()), true);
});

Deno.test("inOrder() orders by the rules, and refuses a value that is none", () => {
  const query = queryOf({ partNumber: "7", uploadId: "a" });
  assertEquals(Object.entries(inOrder(RULES, query)), [
    ["uploadId", "a"],
    ["partNumber", "7"],
  ]);
  assertThrows(
    () => inOrder(RULES, queryOf({ uploadId: "a", partNumber: "x" })),
    InvalidArgumentError,
    'Cannot sign the request: the parameter "partNumber" has a value that is not taken',
  );
});
