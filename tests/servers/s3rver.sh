#!/usr/bin/env bash
# s3rver from npm: an S3 that checks no signature and honours no condition, for what
# the backend does on services that it knows nothing of.
# Usage: s3rver.sh install|start|stop
#
# `start` prints KEY=value lines for the tests. State lies in $S3RVER_DIR; it answers on
# $S3RVER_PORT, by itself on any that is free.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/s3rver" && pwd)
dir=${S3RVER_DIR:-${TMPDIR:-/tmp}/remote-store-s3rver}
port=${S3RVER_PORT:-0}

running() { [ -s "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null; }

# The number may be another's by now.
own() { tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF "$dir"; }

install() {
  local there=$here/node_modules/.package-lock.json
  [ -e "$there" ] && ! [ "$here/package-lock.json" -nt "$there" ] && return
  npm ci --prefix "$here" --no-audit --no-fund --loglevel=error >&2
}

start() {
  stop
  rm -rf "$dir/data" "$dir/ready"
  mkdir -p "$dir/data"
  # Its continuation tokens are made with DES, which OpenSSL 3 calls legacy.
  setsid node --openssl-legacy-provider "$here/server.mjs" "$dir" "$port" \
    >"$dir/out" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    [ -e "$dir/ready" ] && break
    running || break
    sleep 0.1
  done
  [ -e "$dir/ready" ] || {
    echo "s3rver is not ready" >&2
    cat "$dir/out" >&2
    return 1
  }
  printf 'S3_ENDPOINT=http://127.0.0.1:%s\nS3_DIALECT=generic\n' \
    "$(cat "$dir/ready")"
  printf 'S3_ACCESS_KEY=S3RVER\nS3_SECRET_KEY=S3RVER\n'
}

# It has ended when this does: its port and its folder are free.
stop() {
  running || return 0
  local pid tries
  pid=$(cat "$dir/pid")
  rm -f "$dir/pid"
  own "$pid" || return 0
  kill "$pid"
  for ((tries = 0; tries < 100; tries++)); do
    own "$pid" || return 0
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null || true
}

case ${1:-} in
  install | start | stop) "$1" ;;
  *) sed -n '4p' "$0" >&2 && exit 2 ;;
esac
