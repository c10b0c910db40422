/** What fits beside the words of a message; longer lists get a line an item. */
const LINE_LENGTH = 72;

/** Shows a value deep enough to tell two values apart. */
export function display(value: unknown): string {
  return show(value, []);
}

function show(value: unknown, above: readonly object[]): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") return `[Function: ${value.name}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (above.includes(value)) return "[Circular]";
  return showObject(value, [...above, value]);
}

function showObject(value: object, above: readonly object[]): string {
  if (value instanceof Error) return `[${value.name}: ${value.message}]`;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof RegExp || value instanceof URL) return String(value);
  const each = (items: Iterable<unknown>) =>
    Array.from(items, (item) => show(item, above));
  if (Array.isArray(value)) return list("[", each(value), "]");
  const name = value.constructor?.name ?? "Object";
  if (value instanceof Set) return list(`${name}{`, each(value), "}");
  if (value instanceof Map) {
    const pairs = Array.from(
      value,
      ([key, item]) => `${show(key, above)} => ${show(item, above)}`,
    );
    return list(`${name}{`, pairs, "}");
  }
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return list(`${name}[`, each(bytes), "]");
  }
  const fields = Reflect.ownKeys(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key)
  ).map((key) => `${String(key)}: ${show(Reflect.get(value, key), above)}`);
  return list(name === "Object" ? "{" : `${name}{`, fields, "}");
}

function list(open: string, items: readonly string[], close: string): string {
  const line = `${open}${items.join(", ")}${close}`;
  if (line.length <= LINE_LENGTH && !line.includes("\n")) return line;
  const lines = items.map((item) => `  ${item.replaceAll("\n", "\n  ")},\n`);
  return `${open}\n${lines.join("")}${close}`;
}
