#!/bin/sh
# A slice of a Blob keeps its type in Bun 1.4.5. By the File API (§3.3.2) a slice has the
# type that is asked for, and none by default: Node has it so. Even an empty type that is
# asked for is not taken, and `new Blob([slice])` has the type as well. As the body of a
# request each part of an upload gets a Content-Type that nobody has set. What takes it off
# without a copy is `new Blob([slice], { type: "" })`.
#
# Exits with 0 while this is so, with 1 once it changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund bun@1.4.5
cat > look.mjs <<'JS'
const blob = new Blob(["text"], { type: "text/csv" });
const slice = blob.slice(0, 2);
const type = (body) =>
  new Request("http://localhost/", { method: "PUT", body }).headers.get("content-type");
console.log(JSON.stringify([
  slice.type,
  blob.slice(0, 2, "").type,
  blob.slice(0, 2, "a/b").type,
  new Blob([slice]).type,
  new Blob([slice], { type: "" }).type,
  type(slice),
]));
JS
echo "--- Node"
node look.mjs | tee node.txt
echo "--- Bun 1.4.5"
node_modules/.bin/bun look.mjs | tee bun.txt
grep -q '^\["","","a/b","","",null\]$' node.txt || { echo "changed: Node"; exit 1; }
kept='text/csv[^"]*'
grep -q "^\\[\"$kept\",\"$kept\",\"a/b\",\"$kept\",\"\",\"$kept\"\\]\$" bun.txt ||
  { echo "changed: Bun"; exit 1; }
echo "so it is: a slice keeps the type of its Blob in Bun"
