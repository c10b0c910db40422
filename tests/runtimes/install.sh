#!/usr/bin/env bash
# Installs what `deno task test:browser` drives: Debian's Chromium and Firefox ESR,
# and the driver beside this file. Needs root, or sudo without a password.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo --non-interactive); fi

if ! [ -x /usr/bin/chromium ] || ! [ -x /usr/bin/firefox-esr ]; then
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update --quiet
  "${as_root[@]}" apt-get install --quiet --yes --no-install-recommends \
    chromium firefox-esr
fi
cd "$here"
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
