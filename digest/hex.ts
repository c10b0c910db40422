// This module is browser compatible.

const HEX = /* @__PURE__ */ Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);

/** Returns bytes as lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  // Where the engine has it, a tenth of the time (ECMAScript 2026).
  const native = (bytes as { toHex?(): string }).toHex?.();
  if (native !== undefined) return native;
  let hex = "";
  for (let i = 0; i < bytes.length; i++) hex += HEX[bytes[i]!];
  return hex;
}
