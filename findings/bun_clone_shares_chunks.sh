#!/bin/sh
# The clone of an answer that is still under way shares its chunks with it in Bun 1.4.5. Where a body is cloned, the
# second branch gets copies (Fetch §2.2.4, "clone a body", which tees with clones of each
# chunk), as in Node: who changes or transfers what one reader got leaves the other alone.
# In Bun both readers get the same object, so that a wrapper of fetch that keeps
# `response.clone()` for its log sees what the caller has made of the bytes.
#
# Exits with 0 while this is so, with 1 once it changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund bun@1.4.5
cat > look.mjs <<'JS'
import { createServer } from "node:http";
const server = createServer((_, answer) => {
  answer.write("x".repeat(1000));
  ended.then(() => answer.end());
});
let end;
const ended = new Promise((resolve) => (end = resolve));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const response = await fetch(`http://127.0.0.1:${server.address().port}/`);
const [one, other] = await Promise.all(
  [response.clone(), response].map(({ body }) => body.getReader().read()),
);
one.value.fill(0);
console.log(
  one.value === other.value ? "the same chunk" : "two chunks",
  other.value[0] === 0 ? "changed" : "unchanged",
);
end();
process.exit(0);
JS
echo "--- Node"
node look.mjs | tee node.txt
echo "--- Bun 1.4.5"
node_modules/.bin/bun look.mjs | tee bun.txt
grep -q '^two chunks unchanged$' node.txt || { echo "changed: Node"; exit 1; }
grep -q '^the same chunk changed$' bun.txt || { echo "changed: Bun"; exit 1; }
echo "so it is: a clone shares its chunks in Bun"
