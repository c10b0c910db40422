import { assertEquals, assertStringIncludes } from "@std/assert";
import { Preflights } from "../../../ext/_cors/answers.ts";
import { hiddenBy, refusedBy } from "../../../ext/_cors/looking.ts";
import { type Demands, OPERATIONS } from "../../../ext/_cors/requests.ts";
import { EXPOSED, type FakeRule, ORIGIN, serviceOf } from "../cors_fixture.ts";

const DEMANDS: Demands = {
  service: "s3",
  operations: OPERATIONS,
  signing: "header",
  metadata: ["author"],
  fields: [],
};

async function problemsOf(rules: readonly FakeRule[], demands = DEMANDS) {
  const { fetch } = serviceOf({ rules });
  const preflights = new Preflights(fetch, "https://s3.test/b/a", undefined);
  return await refusedBy(preflights, ORIGIN, demands);
}

Deno.test("CORS-001: refusedBy() names the method, and what it breaks", async () => {
  const [problem, ...more] = await problemsOf([
    { methods: ["GET", "HEAD", "POST", "DELETE"] },
  ]);
  assertEquals(more, []);
  assertEquals([problem?.kind, problem?.name], ["method", "PUT"]);
  assertEquals(problem?.message, "PUT is not allowed: write, copy will fail");
});

Deno.test("CORS-001: refusedBy() names each field, and what it breaks", async () => {
  const fields = [
    ..."authorization x-amz-content-sha256 x-amz-date if-match range".split(
      " ",
    ),
    "x-amz-checksum-mode",
  ];
  const operations = ["read", "head"] as const;
  const problems = await problemsOf([{ fields }], { ...DEMANDS, operations });
  assertEquals(problems.map(({ message }) => message), [
    "if-none-match is not among the allowed headers: read will fail",
  ]);
});

Deno.test("CORS-001: what two rules allow apart is no leave for both", async () => {
  const own = ["authorization", "x-amz-content-sha256", "x-amz-date"];
  const [problem] = await problemsOf([
    { fields: [...own, "if-match"] },
    { fields: [...own, "if-none-match", "range"] },
  ], { ...DEMANDS, operations: ["read"] });
  assertEquals([problem?.kind, problem?.name], ["combination", "GET"]);
  assertStringIncludes(
    problem?.message ?? "",
    "one rule has to allow them all",
  );
});

Deno.test("CORS-001: one problem is told for an origin that may do nothing", async () => {
  const other = ORIGIN.replace("https", "http");
  const cases = [
    [[], "no rule names it, or there are no rules"],
    [[{ origin: `${ORIGIN}/` }], "with a slash at its end"],
    [[{ origin: other }], `a rule names ${other}`],
  ] as const;
  for (const [rules, hint] of cases) {
    const problems = await problemsOf(rules);
    assertEquals(problems.map(({ kind }) => kind), ["origin"]);
    assertStringIncludes(problems[0]?.message ?? "", hint);
  }
});

Deno.test("CORS-001: a service that redirects is no service without rules", async () => {
  const fetch = () => Promise.resolve(new Response(null, { status: 307 }));
  const preflights = new Preflights(fetch, "https://s3.test/b/a", undefined);
  const [problem] = await refusedBy(preflights, ORIGIN, DEMANDS);
  assertStringIncludes(problem?.message ?? "", "is it the right region?");
});

Deno.test("CORS-002: hiddenBy() judges by answers that a page sees, and by those that have the field", () => {
  const answer = (shown: string, fields: Record<string, string> = {}) =>
    new Headers({
      "access-control-allow-origin": ORIGIN,
      "access-control-expose-headers": shown,
      ...fields,
    });
  assertEquals(hiddenBy([new Headers()], ORIGIN, DEMANDS), null);
  const names = (answers: Headers[], demands = DEMANDS) =>
    hiddenBy(answers, ORIGIN, demands)?.map(({ name }) => name);
  assertEquals(
    names([answer("ETag, Content-Range, x-amz-meta-author")]),
    EXPOSED.slice(2),
  );
  const [hidden] = hiddenBy([answer(EXPOSED.slice(1).join())], ORIGIN, {
    ...DEMANDS,
    operations: ["head", "list"],
    metadata: [],
  }) ?? [];
  assertEquals([hidden?.name, hidden?.operations], ["etag", ["head", "list"]]);
  const azure = { ...DEMANDS, service: "azure" } as const;
  const literal = "etag, content-range, content-encoding, content-md5";
  assertEquals(names([answer(literal)], azure), []);
  const refusal = answer("", { "x-ms-error-code": "AuthenticationFailed" });
  assertEquals(names([answer(literal), refusal], azure), ["x-ms-error-code"]);
  // A star shows what an answer has: what none has is neither shown nor hidden.
  const part = answer(literal, { "content-disposition": "inline" });
  assertEquals(names([part], azure), ["content-disposition"]);
});
