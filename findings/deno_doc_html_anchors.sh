#!/usr/bin/env bash
# deno doc --html links to anchors that its own pages do not have.
#
# Version:    2.9.5 (npm)
# Behavior:   The overview of a module links the methods of an interface as
#             #method_<name>_0, whatever their place, while the interface's page numbers
#             them: method_first_0, method_second_1. A menu links an example as #example_0,
#             and no element has that id. Both links end at the top of the page.
# Expected:   links to ids that are there.
#
# Needs node and npm. Prints links and ids; fails if that changes.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund deno@2.9.5 >/dev/null 2>&1

cat >a.ts <<'TS'
/**
 * Two methods.
 *
 * @example Use it
 * ```ts
 * import type { Two } from "./a.ts";
 * ```
 */
export interface Two {
  /** The first. */
  first(): void;
  /** The second. */
  second(): void;
}
TS
# More than one module, so that each has an overview.
echo 'export const other = 1;' >b.ts
export DENO_DIR=$dir/cache NO_COLOR=1
node_modules/.bin/deno doc --quiet --html --name=x --output=out a.ts b.ts >/dev/null 2>&1

ids() { grep -o "id=\"$1_[a-z_0-9]*\"" out/a.ts/~/Two.html | sort -u | xargs; }
links() { grep -oh "#$1_[a-z_0-9]*\"" -r out/a.ts | tr -d '"' | sort -u | xargs; }
found="methods: ids $(ids method)
methods: links $(links method)
examples: ids $(ids example)
examples: links $(links example)"
expected='methods: ids id=method_first_0 id=method_second_1
methods: links #method_first_0 #method_second_0 #method_second_1
examples: ids 
examples: links #example_0'
echo "$found"
[ "$found" = "$expected" ] || {
  echo "it is other than described" >&2
  exit 1
}
