// These cases run against whatever `@std/assert` is linked: the stand-in, or
// with STD_DIR the real package. Both must agree.
import * as std from "@std/assert";

/** Untyped: the tables also hold what types would refuse. */
type Call = [
  name: string,
  args: readonly unknown[],
  /** How the message begins; none where the assertion must hold. */
  message?: string,
];

const assertions: Readonly<Record<string, unknown>> = std;

/** Not `assert…`: what is tested may not judge itself. */
async function outcome(name: string, args: readonly unknown[]) {
  const assertion = assertions[name];
  if (typeof assertion !== "function") throw new Error(`No ${name}`);
  try {
    return { value: await assertion(...args) };
  } catch (error) {
    return { error };
  }
}

function table(name: string, calls: readonly Call[]) {
  Deno.test(name, async () => {
    for (const [assertion, args, message] of calls) {
      const { error } = await outcome(assertion, args);
      const found = error instanceof std.AssertionError
        ? error.message
        : error && `not an AssertionError: ${error}`;
      const holds = message === undefined
        ? found === undefined
        : typeof found === "string" && found.startsWith(message);
      if (holds) continue;
      throw new Error(`${assertion}(${args.map(String)}): ${found}`);
    }
  });
}

const object = {};
const raise = (error: unknown) => () => {
  throw error;
};
const reject = (error: unknown) => () => Promise.reject(error);
class Special extends TypeError {}

table("assertions on one value", [
  ["assert", [1]],
  ["assert", ["0"]],
  ["assert", [0], ""],
  ["assert", ["", "words"], "words"],
  ["fail", [], "Failed assertion."],
  ["fail", ["words"], "Failed assertion: words"],
  ["assertExists", [0]],
  ["assertExists", [""]],
  ["assertExists", [null], 'Expected actual: "null" to not be null or'],
  ["assertExists", [undefined, "words"], 'Expected actual: "undefined"'],
  ["assertInstanceOf", [new Special(), TypeError]],
  ["assertInstanceOf", [[], Object]],
  ["assertInstanceOf", [{}, Date], "Expected object to be an instance of"],
  [
    "assertInstanceOf",
    [null, Date, "words"],
    'Expected object to be an instance of "Date" but was "null": words',
  ],
  [
    "assertInstanceOf",
    ["text", String],
    'Expected object to be an instance of "String" but was "string".',
  ],
  [
    "assertInstanceOf",
    [Date, Date],
    'Expected object to be an instance of "Date" but was not an instanced',
  ],
  ["assertMatch", ["abc", /b/]],
  ["assertMatch", ["abc", /^b/], 'Expected actual: "abc" to match: "/^b/".'],
  ["assertStringIncludes", ["abc", "bc"]],
  ["assertStringIncludes", ["abc", ""]],
  [
    "assertStringIncludes",
    ["abc", "ac", "words"],
    'Expected actual: "abc" to contain: "ac": words',
  ],
]);

table("assertions on order", [
  ["assertGreater", [2, 1]],
  ["assertGreater", [1, 1], "Expect 1 > 1"],
  ["assertGreater", [1, 2, "words"], "words"],
  ["assertGreater", ["a", "b"], 'Expect "a" > "b"'],
  ["assertGreater", [NaN, 1], "Expect NaN > 1"],
  ["assertLess", [1n, 2n]],
  ["assertLess", [2n, 1n], "Expect 2n < 1n"],
  ["assertLess", [new Date(0), new Date(1)]],
  ["assertAlmostEquals", [1, 1 + 1e-8]],
  ["assertAlmostEquals", [0, 1e-8], 'Expected actual: "0" to be close to'],
  ["assertAlmostEquals", [1e-8, 0], "Expected actual"],
  ["assertAlmostEquals", [1, 2, 1]],
  ["assertAlmostEquals", [NaN, NaN]],
  ["assertAlmostEquals", [NaN, 1], "Expected actual"],
  ["assertAlmostEquals", [Infinity, Infinity]],
  ["assertAlmostEquals", [1, Infinity], "Expected actual"],
  [
    "assertAlmostEquals",
    [0.5, 0.25, 0.125, "words"],
    'Expected actual: "5e-1" to be close to "2.5e-1": delta "2.5e-1" is ' +
    'greater than "1.25e-1": words',
  ],
]);

table("assertions on equality", [
  ["assertEquals", [{ a: [1] }, { a: [1] }]],
  ["assertEquals", [0, -0]],
  ["assertEquals", [{ a: 1 }, { a: 2 }], "Values are not equal."],
  ["assertEquals", ["a", "b", "words"], "Values are not equal: words"],
  ["assertNotEquals", [{ a: 1 }, { a: 2 }]],
  ["assertNotEquals", [1, 1], "Expected actual: 1 not to be: 1."],
  ["assertStrictEquals", [object, object]],
  ["assertStrictEquals", [NaN, NaN]],
  ["assertStrictEquals", [0, -0], "Values are not strictly equal."],
  ["assertStrictEquals", [1, 2, "words"], "Values are not strictly equal: w"],
  [
    "assertStrictEquals",
    [{}, {}],
    "Values have the same structure but are not reference-equal.",
  ],
  ["assertNotStrictEquals", [{}, {}]],
  ["assertNotStrictEquals", [0, -0]],
  [
    "assertNotStrictEquals",
    [1, 1, "words"],
    'Expected "actual" to not be strictly equal to: 1: words',
  ],
]);

table("assertThrows()", [
  ["assertThrows", [raise(new Error("boom"))]],
  ["assertThrows", [raise(1)]],
  ["assertThrows", [raise(undefined)]],
  ["assertThrows", [() => 1], "Expected function to throw."],
  ["assertThrows", [() => 1, "words"], "Expected function to throw: words"],
  ["assertThrows", [raise(new Special("boom")), TypeError]],
  ["assertThrows", [raise(new Special("boom")), Special, "oo"]],
  ["assertThrows", [raise(new Error("\x1b[31mb\x1b[0moom")), Error, "boo"]],
  [
    "assertThrows",
    [raise(new Error("boom")), Error, "bang", "words"],
    'Expected error message to include "bang", but got "boom": words',
  ],
  [
    "assertThrows",
    [raise(new Error("boom")), Special],
    'Expected error to be instance of "Special", but was "Error".',
  ],
  ["assertThrows", [raise(1), Error], "A non-Error object was thrown."],
  ["assertThrows", [raise(1), Date]],
  ["assertThrows", [() => 1, Date, "words"], "Expected function to throw: w"],
]);

table("assertRejects()", [
  ["assertRejects", [reject(new Error("boom"))]],
  ["assertRejects", [reject(1)]],
  ["assertRejects", [() => Promise.resolve()], "Expected function to reject."],
  ["assertRejects", [() => Promise.resolve(), "words"], "Expected function to"],
  ["assertRejects", [reject(new Special("boom")), TypeError, "boo"]],
  [
    "assertRejects",
    [reject(new Error("boom")), Error, "bang"],
    'Expected error message to include "bang", but got "boom".',
  ],
  [
    "assertRejects",
    [reject(new Error("boom")), Special, "boom", "words"],
    'Expected error to be instance of "Special", but was "Error": words',
  ],
  ["assertRejects", [reject(1), Error], "A non-Error object was rejected."],
  [
    "assertRejects",
    [raise(new Error("boom"))],
    "Function throws when expected to reject.",
  ],
  [
    "assertRejects",
    [() => 1, Error, "", "words"],
    "Function throws when expected to reject: words",
  ],
]);

Deno.test("assertThrows() and assertRejects() hand the error over", async () => {
  const error = new Special("boom");
  for (
    const found of [
      std.assertThrows(raise(error), Special),
      std.assertThrows(raise(error)),
      await std.assertRejects(reject(error), Special),
      await std.assertRejects(reject(error)),
    ]
  ) {
    if (found !== error) throw new Error("Another error came back");
  }
});

Deno.test("AssertionError is an Error with its own name and cause", () => {
  const error = new std.AssertionError("words", { cause: object });
  if (
    !(error instanceof Error) || error.name !== "AssertionError" ||
    error.message !== "words" || error.cause !== object
  ) throw new Error("AssertionError is not as expected");
});

Deno.test("assertions narrow types", async () => {
  const maybe: Special | undefined = Math.random() < 2
    ? new Special("boom")
    : undefined;
  std.assertExists(maybe);
  const special: Special = maybe;
  const unknown: unknown = special;
  std.assertInstanceOf(unknown, Special);
  const text: string = unknown.message;
  const word: unknown = text;
  std.assertStrictEquals(word, "boom" as const);
  const boom: "boom" = word;
  std.assert(typeof boom === "string");
  const thrown: Special = std.assertThrows(raise(special), Special);
  const rejected: Special = await std.assertRejects(reject(thrown), Special);
  std.assertEquals<Special>(rejected, special);
});
