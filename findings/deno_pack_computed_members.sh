#!/bin/sh
# `deno pack` writes declarations without members that have a computed name: a class
# with `[Symbol.asyncDispose]` has none in its .d.ts, so the declaration contradicts its
# own `implements AsyncDisposable`, and `await using` does not compile.
#
# Deno 2.9.5, TypeScript 5.9.3. Exits with 0 while this is so, with 1 once it changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund deno@2.9.5 typescript@5.9.3
mkdir source
cd source
echo '{ "name": "@try/out", "version": "1.0.0", "license": "MIT", "exports": "./mod.ts" }' > deno.json
cat > mod.ts <<'TS'
/** Something that is closed at the end of its block. */
export class Handle implements AsyncDisposable {
  /** Closes it. */
  close(): Promise<void> {
    return Promise.resolve();
  }
  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
TS
NO_COLOR=1 ../node_modules/.bin/deno pack --quiet --allow-dirty --output ../out.tgz
cd ..
tar -xzf out.tgz
echo "--- mod.d.ts as deno pack writes it:"
cat package/mod.d.ts
echo "--- what tsc says of it:"
if node_modules/.bin/tsc --noEmit --skipLibCheck false --target esnext --lib esnext package/mod.d.ts; then
  echo "changed: the declaration is sound"
  exit 1
fi
grep -q "asyncDispose" package/mod.d.ts && { echo "changed: the member is there"; exit 1; }
echo "so it is: the member is missing"
