#!/usr/bin/env bash
# rclone on S3: setting a time takes the content headers of the object away.
#
# Version:    1.60.1 (Debian 1.60.1+dfsg-2+b5), against s3rver 3.7.1 (npm)
# Behavior:   where only the modification time differs, `rclone sync` writes it by a copy
#             of the object onto itself that replaces its metadata, and names no header but
#             the type. Cache-Control, Content-Disposition and Content-Encoding are gone,
#             without a word. A page that is stored gzipped is then served as it lies there.
# Expected:   that a time is set, and nothing else changes.
#
# Needs Debian's archive, curl, node and npm. Prints the headers before and after; fails if that
# changes.
set -euo pipefail

dir=$(mktemp -d)
server=
clean() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
  rm -rf "$dir"
}
trap clean EXIT
cd "$dir"
apt-get download rclone=1.60.1+dfsg-2+b5 >/dev/null 2>&1
dpkg -x rclone_*.deb .
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund s3rver@3.7.1 >/dev/null 2>&1

port=$((20000 + RANDOM % 10000))
node_modules/.bin/s3rver --directory "$dir/data" --address 127.0.0.1 --port "$port" \
  --configure-bucket pages --silent &
server=$!
url=http://127.0.0.1:$port/pages/index.html
for _ in $(seq 100); do
  curl -s -o /dev/null "http://127.0.0.1:$port" && break
  sleep 0.1
done

cat >rclone.conf <<CONF
[s3]
type = s3
provider = Other
access_key_id = S3RVER
secret_access_key = S3RVER
endpoint = http://127.0.0.1:$port
CONF
rclone() { env -i "PATH=$PATH" "HOME=$dir" usr/bin/rclone --config rclone.conf "$@"; }
headers() {
  curl -sI "$url" | tr -d '\r' | tr '[:upper:]' '[:lower:]' |
    grep -E '^(content-type|cache-control|content-encoding|content-disposition|x-amz-meta-mtime)' |
    sort
}

mkdir site
echo '<p>' | gzip -n >site/index.html
touch -d 2020-01-01T00:00:00Z site/index.html
rclone copy site s3:pages --header-upload 'Cache-Control: max-age=60' \
  --header-upload 'Content-Encoding: gzip' --header-upload 'Content-Disposition: inline'
before=$(headers)
touch -d 2020-01-02T00:00:00Z site/index.html
rclone sync site s3:pages
after=$(headers)

found=$(printf 'before:\n%s\nafter:\n%s' "$before" "$after")
expected='before:
cache-control: max-age=60
content-disposition: inline
content-encoding: gzip
content-type: text/html; charset=utf-8
x-amz-meta-mtime: 1577836800
after:
content-type: text/html; charset=utf-8
x-amz-meta-mtime: 1577923200'
echo "$found"
[ "$found" = "$expected" ] || {
  echo "it is other than described" >&2
  exit 1
}
