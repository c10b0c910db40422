import { assertEquals } from "@std/assert";
import { explain, type Logged } from "./explain.ts";

let clock = 0;

/** An operation after all others, or beside the one before where `beside`. */
function op(fields: Partial<Logged>, beside = false): Logged {
  const start = beside ? clock - 1 : ++clock;
  return {
    kind: "read",
    path: "a",
    code: null,
    start,
    end: ++clock,
    ...fields,
  };
}

Deno.test("explain() takes what some order gives", () => {
  const one = [
    op({ kind: "create", text: "x", etag: "1" }),
    op({ found: "y", etag: "2" }, true),
  ];
  const two = [op({ kind: "replace", text: "y", etag: "2" }, true)];
  // Beside each other, so the second one may come before the read.
  const all = { start: 0, end: clock };
  const beside = [{ ...two[0], ...all } as Logged];
  assertEquals(explain(one, beside).explained, 3);
});

Deno.test("explain() finds lost updates, mixtures, double winners and reads of the past", () => {
  clock = 0;
  const lost = explain(
    [
      op({ kind: "create", text: "x", etag: "1" }),
      op({ kind: "swap", ifMatch: "1", text: "y", etag: "2" }),
    ],
    [op({ kind: "swap", ifMatch: "1", text: "z", etag: "3" }, true)],
  );
  assertEquals(lost.explained, 2);
  const twice = explain(
    [op({ kind: "create", text: "x", etag: "1" })],
    [op({ kind: "create", text: "y", etag: "2" }, true)],
  );
  assertEquals(twice.explained, 1);
  const past = explain(
    [op({ kind: "create", text: "x", etag: "1" }), op({ code: "NotFound" })],
    [],
  );
  assertEquals(past.explained, 1);
  const mixed = explain([
    op({ kind: "create", text: "xx", etag: "1" }),
    op({ found: "xy", etag: "1" }),
  ], []);
  assertEquals(mixed.explained, 1);
});

Deno.test("explain() takes no order from a clock within its steps", () => {
  const write = { kind: "replace", text: "x", etag: "1" } as const;
  const read = { code: "AlreadyExists", kind: "create" } as const;
  const at = (start: number, end: number) => ({ start, end });
  const first = op({ ...read, ...at(83, 84) });
  const within = op({ ...write, ...at(84.0002, 84.0002) });
  assertEquals(explain([first], [within]).explained, 2);
  // The one's origin is rounded by almost all of a step, and what has passed too.
  const rounded = op({ ...write, ...at(85.9, 85.9) });
  assertEquals(explain([first], [rounded]).explained, 2);
  const behind = op({ ...write, ...at(86, 86) });
  assertEquals(explain([first], [behind]).explained, 0);
});
