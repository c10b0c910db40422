import type { ApiSymbol } from "./api.ts";
import type { Problem } from "./problem.ts";
import type { Files } from "./repository.ts";
export function check(_files: Files, _api: readonly ApiSymbol[]): Problem[] {
  return [];
}
