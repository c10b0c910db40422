// These cases run against whatever `@std/assert` is linked: the stand-in, or
// with STD_DIR the real package. Both must agree.
import { equal } from "@std/assert";

class Point {
  x: number;
  constructor(x: number) {
    this.x = x;
  }
}
class OtherPoint extends Point {}
class Hidden {
  readonly #value: number;
  constructor(value: number) {
    this.#value = value;
  }
  get value() {
    return this.#value;
  }
}

const symbol = Symbol("s");
const noop = () => {};
const circle = (size: number) => {
  const start: Record<string, unknown> = { size };
  start["self"] = start;
  return start;
};
const nullProto = (fields: object) =>
  Object.assign(Object.create(null), fields);
const bytes = (...values: number[]) => new Uint8Array(values);

/** Not `assert…`: what is tested may not judge itself. */
function check(name: string, expected: boolean, pairs: [unknown, unknown][]) {
  Deno.test(name, () => {
    pairs.forEach(([a, b], index) => {
      if (equal(a, b) !== expected || equal(b, a) !== expected) {
        throw new Error(`Pair ${index} of "${name}" is not as expected`);
      }
    });
  });
}

check("equal() holds for equal values", true, [
  [1, 1],
  [NaN, NaN],
  [0, -0],
  ["", ""],
  [1n, 1n],
  [null, null],
  [undefined, undefined],
  [symbol, symbol],
  [noop, noop],
  [[], []],
  [[1, [2, { a: 3 }]], [1, [2, { a: 3 }]]],
  [{}, {}],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }],
  [{ [symbol]: 1 }, { [symbol]: 1 }],
  [{ a: undefined }, { a: undefined }],
  [{ a: 1 }, nullProto({ a: 1 })],
  [{ a: 1 }, Object.freeze({ a: 1 })],
  [{
    get a() {
      return 1;
    },
  }, { a: 1 }],
  [new Point(1), new Point(1)],
  [new Hidden(1), new Hidden(1)],
  [new Date(0), new Date(0)],
  [new Date(NaN), new Date(NaN)],
  [/a/g, /a/g],
  [new URL("http://a/"), new URL("http://a")],
  [new URLSearchParams("a=1"), new URLSearchParams({ a: "1" })],
  [new Intl.Locale("en"), new Intl.Locale("en")],
  [bytes(1, 2), bytes(1, 2)],
  [bytes(0, 1, 2).subarray(1), bytes(1, 2)],
  [new Float64Array([NaN, 0]), new Float64Array([NaN, -0])],
  [bytes(1).buffer, bytes(1).buffer],
  [new DataView(bytes(1).buffer), new DataView(bytes(1).buffer)],
  [new Set([1, 2]), new Set([2, 1])],
  [new Set([{ a: 1 }, { b: 1 }]), new Set([{ b: 1 }, { a: 1 }])],
  [
    new Map([[1, { a: 1 }], [2, { a: 2 }]]),
    new Map([[2, { a: 2 }], [1, {
      a: 1,
    }]]),
  ],
  [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]])],
  [circle(1), circle(1)],
  [new String("a"), new String("a")],
  [new WeakRef(noop), new WeakRef(noop)],
]);

check("equal() fails for different values", false, [
  [1, 2],
  [1, "1"],
  [1, 1n],
  [0, null],
  [null, undefined],
  [null, {}],
  ["a", new String("a")],
  [Symbol("s"), Symbol("s")],
  [() => 1, () => 1],
  [[], {}],
  [[1, 2], [2, 1]],
  [[1], [1, undefined]],
  [[undefined], Array(1)],
  [[1], Object.assign([1], { more: 1 })],
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { b: 1 }],
  [{ a: undefined }, {}],
  [{ a: undefined }, { b: undefined }],
  [{ [symbol]: 1 }, { [symbol]: 2 }],
  [{ [symbol]: 1 }, {}],
  [{ x: 1 }, new Point(1)],
  [new Point(1), new Point(2)],
  [new Point(1), new OtherPoint(1)],
  [new Hidden(1), new Hidden(2)],
  [new Date(0), new Date(1)],
  [new Date(0), new Date(NaN)],
  [new Date(0), 0],
  [/a/, /a/g],
  [new URL("http://a/"), new URL("http://b/")],
  [new URL("http://a/"), "http://a/"],
  [new URLSearchParams("a=1"), new URLSearchParams("a=2")],
  [bytes(1, 2), bytes(1, 3)],
  [bytes(1, 2), bytes(1)],
  [bytes(1, 2), new Uint16Array([1, 2])],
  [bytes(1, 2), [1, 2]],
  [bytes(1).buffer, bytes(2).buffer],
  [bytes(1).buffer, bytes(1)],
  [new DataView(bytes(1).buffer), new DataView(bytes(2).buffer)],
  [new Set([1]), new Set([2])],
  [new Set([1]), new Set([1, 2])],
  [new Set([{ a: 1 }]), new Set([{ a: 2 }])],
  [new Set([1]), new Map([[1, 1]])],
  [new Map([[1, 1]]), new Map([[1, 2]])],
  [new Map([[1, undefined]]), new Map([[2, undefined]])],
  [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 2]])],
  [circle(1), circle(2)],
  [new Error("a"), new Error("b")],
  [new Error("a"), new TypeError("a")],
  [new Blob(["a"]), new Blob(["ab"])],
]);

Deno.test("equal() cannot look into weak collections", () => {
  for (const make of [() => new WeakMap(), () => new WeakSet()]) {
    let thrown: unknown;
    try {
      equal(make(), make());
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof TypeError)) {
      throw new Error("Weak collections were compared");
    }
  }
});
