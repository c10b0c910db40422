// This module is browser compatible.

/** Header fields by lower-case name: those of an answer, or what was read of them. */
export interface HeaderFields {
  /** Returns a field; `null` where there is none. */
  get(name: string): string | null;
  /** Whether there is such a field. */
  has(name: string): boolean;
  /** Passes each field on. */
  forEach(act: (value: string, name: string) => void): void;
}

/** Returns fields with others that win over them; one of the two where the other is empty. */
export function joined(
  fields: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  if (isEmpty(others)) return fields;
  return isEmpty(fields) ? others : { ...fields, ...others };
}

/** Returns whether there is no field. */
export function isEmpty(fields: Readonly<Record<string, string>>): boolean {
  for (const _ in fields) return false;
  return true;
}
