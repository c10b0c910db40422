import { toPath } from "./argument.ts";

/** Resolves `.` and `..` segments and doubled slashes, without looking at any file system. */
export function normalize(path: string | URL): string {
  const text = toPath(path);
  const absolute = text.startsWith("/");
  const kept: string[] = [];
  for (const segment of text.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") kept.push(segment);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!absolute) kept.push("..");
  }
  let result = kept.join("/");
  if (result === "" && !absolute) result = ".";
  if (result !== "" && text.endsWith("/")) result += "/";
  return absolute ? `/${result}` : result;
}
