#!/usr/bin/env bash
# Installs Debian's rclone, s3cmd and s3fs, for the tests of neighbors (root).
set -euo pipefail

command -v rclone s3cmd s3fs fusermount3 >/dev/null && exit
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
  rclone s3cmd s3fs fuse3 </dev/null >/dev/null
