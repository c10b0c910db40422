#!/usr/bin/env bash
# rclone on Azure Blob: a blob whose name ends in a dot is listed, and cannot be read.
#
# Version:    1.60.1 (Debian 1.60.1+dfsg-2+b5), against Azurite 3.37.0 (npm)
# Behavior:   rclone writes a dot at a name's end as U+FF0E, and reads that one back as a
#             dot. A blob of another client that does end in a dot is listed with its dot,
#             and then asked for with U+FF0E: `copy` fails with BlobNotFound, and `cat` of
#             it prints nothing and succeeds.
# Expected:   that what is listed can be read, or is left out; that `cat` of nothing fails.
#
# Needs Debian's archive, curl, node and npm. Prints what came of it; fails if that changes.
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
npm install --silent --no-audit --no-fund \
  azurite@3.37.0 @azure/storage-blob@12.34.0 >/dev/null 2>&1

port=$((20000 + RANDOM % 10000))
node node_modules/azurite/dist/src/blob/main.js --blobHost 127.0.0.1 --blobPort "$port" \
  --inMemoryPersistence --disableTelemetry --silent --skipApiVersionCheck >/dev/null &
server=$!
for _ in $(seq 100); do
  curl -s -o /dev/null "http://127.0.0.1:$port" && break
  sleep 0.1
done

# Writes a blob, and prints a signed URL of its container. The account and its key are
# those that every emulator has.
cat >write.mjs <<'JS'
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
const key =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const credential = new StorageSharedKeyCredential("devstoreaccount1", key);
const service = new BlobServiceClient(process.argv[2], credential);
const container = service.getContainerClient("files");
await container.create();
await container.uploadBlockBlob("St. Pancras etc.", "text", 4);
const expiresOn = new Date(Date.now() + 3_600_000);
const permissions = { toString: () => "rl" };
console.log(await container.generateSasUrl({ permissions, expiresOn }));
JS
url=$(node write.mjs "http://127.0.0.1:$port/devstoreaccount1")
rclone() {
  env -i "PATH=$PATH" "HOME=$dir" usr/bin/rclone --azureblob-sas-url "$url" \
    --low-level-retries 1 --retries 1 "$@"
}
touch rclone.conf
list=$(rclone lsf :azureblob:files 2>/dev/null)
cat=$(rclone cat ":azureblob:files/St. Pancras etc." 2>/dev/null && echo "(succeeded)")
copy=$(rclone copy :azureblob:files "$dir/copy" 2>&1 | grep -o -m 1 BlobNotFound || true)

found=$(printf 'lsf: %s\ncat: %s\ncopy: %s' "$list" "$cat" "$copy")
expected='lsf: St. Pancras etc.
cat: (succeeded)
copy: BlobNotFound'
echo "$found"
[ "$found" = "$expected" ] || {
  echo "it is other than described" >&2
  exit 1
}
