/**
 * Sizes, times and errors in words.
 *
 * @module
 */
import { isRemoteStoreError } from "@remote-store/core";

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Returns a number of bytes for people: `4.2 MB`. */
export function sizeText(bytes: number | null): string {
  if (bytes === null) return "?";
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

const WHEN = new Intl.DateTimeFormat("en", {
  dateStyle: "medium",
  timeStyle: "short",
});

/** Returns a time for people. */
export function whenText(date: Date | null): string {
  return date === null ? "" : WHEN.format(date);
}

/** Returns what is left of something: `40 s`, `3 min`. */
export function leftText(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  return seconds < 90
    ? `${Math.max(1, Math.round(seconds))} s left`
    : `${Math.round(seconds / 60)} min left`;
}

/** Returns a number of things: `1 file`, `3 files`. */
export function countText(
  count: number,
  one: string,
  many = `${one}s`,
): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** Returns why something failed, for who uses the page. */
export function whyFailed(error: unknown): string {
  if (!isRemoteStoreError(error)) {
    return error instanceof Error ? error.message : String(error);
  }
  switch (error.code) {
    case "AlreadyExists":
      return "There is a file of this name already.";
    case "NotFound":
      return "It is not there any more.";
    case "PermissionDenied":
      return "The server does not allow it.";
    case "BackendUnavailable":
      return "The service does not answer.";
    case "QuotaExceeded":
      return "This device has no room left for it.";
    case "PreconditionFailed":
      return "Somebody else has changed it meanwhile.";
    case "IntegrityError":
      return "The bytes that arrived are not those that were sent.";
    case "InvalidPath":
      return "The service cannot keep a file of this name.";
    default:
      return error.message;
  }
}
