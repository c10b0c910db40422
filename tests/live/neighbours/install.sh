#!/usr/bin/env bash
# Installs Debian's rclone, s3cmd and s3fs, for the tests of neighbors (root).
set -euo pipefail

# Of several names one that is there is enough for `command -v`.
missing=no
for program in rclone s3cmd s3fs fusermount3; do
  command -v "$program" >/dev/null || missing=yes
done
[ "$missing" = yes ] || exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
  rclone s3cmd s3fs fuse3 </dev/null >/dev/null
