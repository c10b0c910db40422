#!/bin/sh
# What `fetch` of Deno says of a body that it has decoded differs between two minor
# versions: 2.8.3 takes Content-Encoding and Content-Length off the answer, 2.9.5 leaves
# both, so that Content-Length is not the length of the body. With an Accept-Encoding of
# the caller's own both leave body and fields as they came.
#
# Deno 2.8.3 and 2.9.5. Exits with 0 while this is so, with 1 once it changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > look.ts <<'TS'
const text = "x".repeat(1000);
const gzip = new CompressionStream("gzip");
const stream = new Blob([text]).stream().pipeThrough(gzip);
const coded = await new Response(stream).bytes();
const headers = {
  "content-encoding": "gzip",
  "content-length": `${coded.length}`,
};
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  () => new Response(coded, { headers }),
);
const url = `http://127.0.0.1:${server.addr.port}/`;
for (const asked of [{}, { "accept-encoding": "identity" }]) {
  const answer = await fetch(url, { headers: asked as HeadersInit });
  const said = ["content-encoding", "content-length"].map((name) =>
    answer.headers.get(name)
  );
  const came = (await answer.bytes()).length;
  console.log(JSON.stringify(asked), said.join(" "), came === 1000 ? "decoded" : "as it came");
}
await server.shutdown();
TS
for version in 2.8.3 2.9.5; do
  mkdir "$version"
  cd "$version"
  echo '{ "private": true }' > package.json
  npm install --silent --no-audit --no-fund "deno@$version"
  cd ..
  echo "--- Deno $version"
  NO_COLOR=1 "$version/node_modules/.bin/deno" run --quiet --no-config --allow-net look.ts | tee "$version.txt"
done
grep -q '^{} *decoded$' 2.8.3.txt || { echo "changed: 2.8.3"; exit 1; }
grep -q '^{} gzip [0-9]* decoded$' 2.9.5.txt || { echo "changed: 2.9.5"; exit 1; }
for version in 2.8.3 2.9.5; do
  grep -q 'identity"} gzip [0-9]* as it came$' "$version.txt" || { echo "changed: $version"; exit 1; }
done
echo "so it is: the fields of decoded bodies differ"
