#!/usr/bin/env bash
# s3rver from npm: an S3 that checks no signature and honours no condition, for what
# the backend does on services that it knows nothing of.
# Usage: s3rver.sh install|start|stop
set -euo pipefail

dir=${S3RVER_DIR:-${TMPDIR:-/tmp}/remote-store-s3rver}
port=${S3RVER_PORT:-7690}

running() { [ -s "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null; }

install() {
  mkdir -p "$dir"
  [ -d "$dir/node_modules/s3rver" ] && return
  cd "$dir"
  echo '{"private":true}' >package.json
  npm install --no-audit --no-fund --loglevel=error s3rver@3.7.1 >/dev/null 2>&1
}

start() {
  stop
  rm -rf "$dir/data" "$dir/ready"
  mkdir -p "$dir/data"
  cat >"$dir/run.cjs" <<JS
const { finished } = require("node:stream/promises");
const S3rver = require("s3rver");
const Store = require("s3rver/lib/stores/filesystem");
const fs = require("fs-extra");

// It answers a PUT when it has read the body, while the file may still be without it: on
// a disk that is slow for a moment a read that follows gets less than was put.
const files = new Set();
const { createWriteStream } = fs;
fs.createWriteStream = (path, ...rest) => {
  const stream = createWriteStream(path, ...rest);
  const file = { path, written: finished(stream) };
  files.add(file);
  file.written.catch(() => {}).finally(() => files.delete(file));
  return stream;
};
for (const [name, pathOf] of [
  ["putObject", (store, { bucket, key }) => store.getResourcePath(bucket, key, "object")],
  ["putPart", (store, bucket, upload, part) =>
    [store.getResourcePath(bucket, undefined, "uploads"), upload, part].join("/")],
]) {
  const put = Store.prototype[name];
  Store.prototype[name] = async function (...args) {
    const result = await put.apply(this, args);
    const path = pathOf(this, ...args);
    const own = [...files].filter((file) => file.path === path);
    await Promise.all(own.map(({ written }) => written));
    return result;
  };
}

new S3rver({ directory: "$dir/data", address: "127.0.0.1", port: $port, silent: true })
  .run((error) => {
    if (error) throw error;
    require("node:fs").writeFileSync("$dir/ready", "");
  });
JS
  # Its continuation tokens are made with DES, which OpenSSL 3 calls legacy.
  (cd "$dir" && exec setsid node --openssl-legacy-provider run.cjs) \
    >"$dir/out" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  local tries
  for ((tries = 0; tries < 100; tries++)); do
    [ -e "$dir/ready" ] && break
    running || { cat "$dir/out" >&2 && return 1; }
    sleep 0.1
  done
  [ -e "$dir/ready" ] || { echo "s3rver is not ready" >&2 && return 1; }
  printf 'S3_ENDPOINT=http://127.0.0.1:%s\nS3_DIALECT=generic\n' "$port"
  printf 'S3_ACCESS_KEY=S3RVER\nS3_SECRET_KEY=S3RVER\n'
}

stop() {
  running || return 0
  kill "$(cat "$dir/pid")"
  rm -f "$dir/pid"
}

case ${1:-} in
  install | start | stop) "$1" ;;
  *) sed -n '4p' "$0" >&2 && exit 2 ;;
esac
