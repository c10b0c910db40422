/** Reads a path argument, a file URL included, as every function here does. */
export function toPath(path: string | URL): string {
  if (path instanceof URL) return fromFileUrl(path);
  requireString("Path", path);
  return path;
}

/** Refuses what untyped callers may pass. */
export function requireString(name: string, value: unknown): void {
  if (typeof value === "string") return;
  throw new TypeError(
    `${name} must be a string, received "${JSON.stringify(value)}"`,
  );
}

/** Drops the slashes at the end, but keeps a path of slashes as the root. */
export function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}

function fromFileUrl(url: URL): string {
  if (url.protocol !== "file:") {
    throw new TypeError(
      `URL must be a file URL: received "${url.protocol}"`,
    );
  }
  // A percent sign that starts no escape stands for itself.
  const escaped = url.pathname.replaceAll(/%(?![0-9a-f]{2})/gi, "%25");
  return decodeURIComponent(escaped);
}
