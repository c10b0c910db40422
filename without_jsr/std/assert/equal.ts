/** Says whether two values are deeply equal: same shape, same prototypes, `NaN` equal to itself, `0` to `-0`. */
export function equal(a: unknown, b: unknown): boolean {
  return isEqual(a, b, new Map());
}

/** The pairs under comparison, so that a cycle ends where it began. */
type Visited = Map<object, object>;

function isEqual(a: unknown, b: unknown, visited: Visited): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (a instanceof Date && b instanceof Date) {
    return Object.is(a.getTime(), b.getTime());
  }
  if (kind(a) !== kind(b)) return false;
  if (isTypedArray(a)) return haveEqualItems(a, b as ArrayLike<unknown>);
  if (isBuffer(a)) {
    return haveEqualItems(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
  }
  if (a instanceof WeakMap || a instanceof WeakSet) {
    const name = a instanceof WeakMap ? "WeakMap" : "WeakSet";
    throw new TypeError(`Cannot compare ${name} instances`);
  }
  if (a instanceof WeakRef) {
    return isEqual(a.deref(), (b as WeakRef<object>).deref(), visited);
  }
  if (visited.get(a) === b) return true;
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  visited.set(a, b);
  if (a instanceof Set) return areEqualSets(a, b as typeof a, visited);
  if (a instanceof Map) return areEqualMaps(a, b as typeof a, visited);
  if (isComparedAsText(a)) return String(a) === String(b);
  return haveEqualFields(a, b, visited);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** An object without a prototype counts as a plain one. */
function kind(value: object): object {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

const TypedArray = Object.getPrototypeOf(Uint8Array);

function isTypedArray(value: object): value is ArrayLike<unknown> & object {
  return value instanceof TypedArray;
}

function isBuffer(value: object): value is ArrayBuffer {
  // Browsers hide SharedArrayBuffer from pages that are not isolated.
  return value instanceof ArrayBuffer ||
    (typeof SharedArrayBuffer === "function" &&
      value instanceof SharedArrayBuffer);
}

function haveEqualItems(
  a: ArrayLike<unknown>,
  b: ArrayLike<unknown>,
): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index] && !Object.is(a[index], b[index])) return false;
  }
  return true;
}

function areEqualSets(
  a: Set<unknown>,
  b: Set<unknown>,
  visited: Visited,
): boolean {
  if (a.size !== b.size) return false;
  if (![...a].some(isReference)) return a.isSubsetOf(b);
  return [...a].every((item) =>
    [...b].some((other) => isEqual(item, other, visited))
  );
}

function areEqualMaps(
  a: Map<unknown, unknown>,
  b: Map<unknown, unknown>,
  visited: Visited,
): boolean {
  if (a.size !== b.size) return false;
  const byIdentity = ![...a.keys()].some(isReference);
  return [...a].every(([key, value]) =>
    byIdentity
      ? b.has(key) && isEqual(value, b.get(key), visited)
      : [...b].some(([otherKey, otherValue]) =>
        isEqual(key, otherKey, visited) && isEqual(value, otherValue, visited)
      )
  );
}

function isReference(value: unknown): boolean {
  return isObject(value) || typeof value === "function";
}

/** Classes whose fields are hidden, but whose text says all. */
const TEXT_CLASSES = [RegExp, URL, URLSearchParams, Intl.Locale, ...temporal()];

function temporal(): unknown[] {
  const namespace: unknown = Reflect.get(globalThis, "Temporal");
  if (!isObject(namespace)) return [];
  return Reflect.ownKeys(namespace)
    .map((key) => Reflect.get(namespace, key))
    .filter((value) => typeof value === "function");
}

function isComparedAsText(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return TEXT_CLASSES.some((textClass) =>
    typeof textClass === "function" && textClass.prototype === prototype
  );
}

function haveEqualFields(a: object, b: object, visited: Visited): boolean {
  return [...new Set([...fields(a), ...fields(b)])].every((key) =>
    (key in a) === (key in b) &&
    isEqual(Reflect.get(a, key), Reflect.get(b, key), visited)
  );
}

/** Plain objects and arrays: what is enumerable; others: getters and hidden fields too. */
function fields(value: object): PropertyKey[] {
  const isPlain = [Object.prototype, Array.prototype].includes(
    kind(value) as unknown[],
  );
  if (isPlain) {
    return Reflect.ownKeys(value).filter((key) =>
      Object.prototype.propertyIsEnumerable.call(value, key)
    );
  }
  const keys: PropertyKey[] = [];
  for (
    let level: object | null = value;
    level !== null && level !== Object.prototype && level !== Array.prototype;
    level = Object.getPrototypeOf(level)
  ) keys.push(...Reflect.ownKeys(level));
  return keys;
}
