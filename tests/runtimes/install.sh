#!/usr/bin/env bash
# Installs what `deno task test:browser` drives: Debian's Chromium, Firefox ESR and
# WebKitGTK with its WebDriver and a display that nobody sees, and what is listed
# beside this file. Needs root, or sudo without a password.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo --non-interactive); fi

missing=no
for program in chromium firefox-esr WebKitWebDriver Xvfb; do
  [ -x "/usr/bin/$program" ] || missing=yes
done
if [ "$missing" = yes ]; then
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update --quiet
  "${as_root[@]}" apt-get install --quiet --yes --no-install-recommends \
    chromium firefox-esr webkit2gtk-driver xvfb
fi
cd "$here"
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
