#!/usr/bin/env bash
# nginx and rclone (Debian 12) write over a WebDAV file that the request says to leave alone.
#
# If-None-Match: * on a PUT means "only if there is nothing", a stale If-Match "only if it
# is still that one". RFC 9110, 13.1: a server MUST NOT perform the method when the condition
# is false; 412 is the answer. nginx 1.22.1 (dav_methods) and rclone 1.60.1 (serve webdav)
# answer 204 and 201 and replace the file, nginx also deletes one. lighttpd 1.4.69 and Apache
# 2.4 answer 412 to the same requests (tried by hand). A client that takes the status for
# its lock loses the other's write.
#
# Unpacks the Debian packages in a temporary folder, installing nothing, and fails if the
# answers change. Needs curl, and Debian's usual libraries (pcre2, openssl).
set -euo pipefail

folder=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
fetch() { apt-get download nginx rclone >/dev/null 2>&1; }
fetch || { apt-get update >/dev/null && fetch; }
for package in *.deb; do dpkg -x "$package" root; done
mkdir nginx rclone logs
read -r first second <<<"$(node -e '
  const { createServer } = require("node:net");
  const servers = [0, 0].map(() => createServer().listen(0, "127.0.0.1"));
  setTimeout(() => {
    console.log(servers.map((server) => server.address().port).join(" "));
    process.exit(0);
  }, 200);')"
cat >nginx.conf <<CONF
daemon off; master_process off; pid $folder/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path $folder/logs/body; proxy_temp_path $folder/logs/proxy;
  fastcgi_temp_path $folder/logs/fastcgi; uwsgi_temp_path $folder/logs/uwsgi;
  scgi_temp_path $folder/logs/scgi;
  server { listen 127.0.0.1:$first; root $folder/nginx; dav_methods PUT DELETE; }
}
CONF
root/usr/sbin/nginx -e "$folder/logs/error" -c "$folder/nginx.conf" >/dev/null 2>&1 &
servers+=($!)
root/usr/bin/rclone serve webdav rclone --config "" --addr "127.0.0.1:$second" >/dev/null 2>&1 &
servers+=($!)

found=
ask() { # server, port, method, condition
  printf old >"$1/file"
  touch -d '2026-01-01' "$1/file"
  local status body=()
  if [ "$3" = PUT ]; then body=(--data-binary new); fi
  status=$(curl -s -o /dev/null -w '%{http_code}' -X "$3" -H "$4" ${body[@]+"${body[@]}"} \
    --retry 20 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$2/file")
  sleep 0.2
  found+="$1, $3, $4: $status, $(cat "$1/file" 2>/dev/null || echo gone)"$'\n'
}
for server in "nginx $first" "rclone $second"; do
  ask $server PUT 'If-None-Match: *'
  ask $server PUT 'If-Match: "stale"'
  ask $server DELETE 'If-Match: "stale"'
done
printf '%s' "$found"
expected='nginx, PUT, If-None-Match: *: 204, new
nginx, PUT, If-Match: "stale": 204, new
nginx, DELETE, If-Match: "stale": 204, gone
rclone, PUT, If-None-Match: *: 201, new
rclone, PUT, If-Match: "stale": 201, new
rclone, DELETE, If-Match: "stale": 204, gone'
[ "$found" = "$expected"$'\n' ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
