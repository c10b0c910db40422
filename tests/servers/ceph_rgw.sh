#!/usr/bin/env bash
# A Ceph RADOS gateway of one node, in memory, for the tests of the S3 backend.
# Usage: ceph_rgw.sh install|start|stop
#
# `install` takes Debian's packages (root). `start` prints KEY=value lines for the
# tests. State lies in $CEPH_DIR; nothing outside of it is touched or signalled. It takes
# $CEPH_PORT and the two behind it.
set -euo pipefail

dir=${CEPH_DIR:-${TMPDIR:-/tmp}/remote-store-ceph}
port=${CEPH_PORT:-7490}
mon_v2=$((port + 1)) mon_v1=$((port + 2))
conf=$dir/ceph.conf
access_key=CEPHTESTKEY00000001
secret_key=cephTestSecret/With+Slash000000000000001

running() { [ -s "$dir/$1.pid" ] && kill -0 "$(cat "$dir/$1.pid")" 2>/dev/null; }

# The number may be another's by now.
own() { tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF "$conf"; }

launch() {
  local name=$1
  shift
  setsid "$@" -c "$conf" -f >"$dir/$name.out" 2>&1 </dev/null &
  echo $! >"$dir/$name.pid"
}

# Waits until a command succeeds, as long as the daemon lives.
await() {
  local name=$1 tries
  shift
  for ((tries = 0; tries < 240; tries++)); do
    "$@" >/dev/null 2>&1 && return
    running "$name" || break
    sleep 0.25
  done
  echo "ceph: $name is not ready" >&2
  tail -n 20 "$dir/$name.out" >&2
  return 1
}

ceph_cli() { timeout 60 ceph -c "$conf" --connect-timeout 30 "$@"; }

# Runs a command that says much, and tells all of it where it fails.
quietly() {
  local said=$dir/$1.said
  shift
  "$@" 2>"$said" || { cat "$said" >&2 && return 1; }
}

install() {
  local program missing=no
  # Of several names one that is there is enough for `command -v`.
  for program in radosgw ceph-mon ceph-osd ceph; do
    command -v "$program" >/dev/null || missing=yes
  done
  [ "$missing" = yes ] || return 0
  # Debian starts daemons on installation; this is its way to be told not to.
  local policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] || printf '#!/bin/sh\nexit 101\n' | install_policy "$policy"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
    --no-install-recommends ceph-mon ceph-osd radosgw ceph-common >/dev/null
}

install_policy() { cat >"$1" && chmod 755 "$1"; }

write_conf() {
  cat >"$conf" <<CONF
[global]
fsid = $1
mon host = [v2:127.0.0.1:$mon_v2,v1:127.0.0.1:$mon_v1]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
run dir = $dir
admin socket = $dir/\$name.asok
pid file =
log file = $dir/\$name.log
keyring = $dir/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 2000
[mon]
mon data = $dir/mon
mon data avail crit = 1
mon data avail warn = 1
mon cluster log file = $dir/cluster.log
mon initial members = a
paxos propose interval = 0.1
[osd]
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd class load list = *
osd class default list = *
[client.rgw]
rgw data = $dir/rgw
# Without tcp_nodelay most answers wait 40 ms for an acknowledgement.
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw dns name = localhost
# Without keys a secure session cannot be made, and the gateway waits for one for ever.
ms mon client mode = crc
rgw enable usage log = false
rgw thread pool size = 64
CONF
}

is_up() { ceph_cli osd stat | grep -q ' 1 up'; }

start() {
  stop
  # Or the tests would talk to whoever answers there.
  if curl -s -o /dev/null "http://127.0.0.1:$port/"; then
    echo "port $port is taken: set CEPH_PORT" >&2
    return 1
  fi
  rm -rf "$dir"
  mkdir -p "$dir"/{mon,osd,rgw}
  : >"$dir/keyring"
  local fsid osd_uuid osd_id
  fsid=$(cat /proc/sys/kernel/random/uuid)
  osd_uuid=$(cat /proc/sys/kernel/random/uuid)
  write_conf "$fsid"
  monmaptool --create --fsid "$fsid" \
    --addv a "[v2:127.0.0.1:$mon_v2,v1:127.0.0.1:$mon_v1]" "$dir/monmap" \
    >/dev/null
  quietly mkfs_mon ceph-mon -c "$conf" -i a --mkfs --monmap "$dir/monmap"
  launch mon ceph-mon -i a
  await mon ceph_cli mon stat
  osd_id=$(quietly osd_new ceph_cli osd new "$osd_uuid")
  quietly mkfs_osd ceph-osd -c "$conf" -i "$osd_id" --mkfs \
    --osd-uuid "$osd_uuid"
  launch osd ceph-osd -i "$osd_id"
  await osd is_up
  launch rgw radosgw -n client.rgw
  await rgw curl -fsS "http://127.0.0.1:$port/"
  quietly user timeout 60 radosgw-admin -c "$conf" -n client.rgw user create \
    --uid=tests --display-name=tests --access-key="$access_key" \
    --secret-key="$secret_key" >"$dir/user.json"
  printf 'S3_ENDPOINT=http://127.0.0.1:%s\nS3_DIALECT=ceph\n' "$port"
  printf 'S3_ACCESS_KEY=%s\nS3_SECRET_KEY=%s\n' "$access_key" "$secret_key"
}

# All of it has ended when this does.
stop() {
  local name pid tries
  for name in rgw osd mon; do
    running "$name" || continue
    pid=$(cat "$dir/$name.pid")
    rm -f "$dir/$name.pid"
    own "$pid" || continue
    kill "$pid" 2>/dev/null || true
    for ((tries = 0; tries < 100; tries++)); do
      own "$pid" || break
      [ "$tries" -ne 50 ] || kill -9 "$pid" 2>/dev/null || true
      sleep 0.1
    done
  done
}

case ${1:-} in
  install | start | stop) "$1" ;;
  *) sed -n '3p' "$0" >&2 && exit 2 ;;
esac
