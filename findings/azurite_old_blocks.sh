#!/usr/bin/env bash
# azurite 3.37.0: blocks of an upload that was overtaken by another one are still there.
#
# Put Block List, "Remarks": if Put Blob is called on a blob, its uncommitted blocks are
# garbage collected. A commit that comes later fails with InvalidBlockList, by which the
# slower of two writers notices. The emulator keeps the blocks: Get Block List names them
# beside the new content, and the late commit is a success that replaces it.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
server=
trap 'kill -9 "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts azurite@3.37.0 \
  @azure/storage-blob@12.32.0 >/dev/null 2>&1
cat >ask.mjs <<'SCRIPT'
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

const [address] = process.argv.slice(2);
// The account and the key that the documentation of the emulator gives to everyone.
const key =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const credential = new StorageSharedKeyCredential("devstoreaccount1", key);
const service = new BlobServiceClient(`${address}/devstoreaccount1`, credential);
const container = service.getContainerClient("blocks");
await container.create();
const blob = container.getBlockBlobClient("file");
const read = async () => `${await blob.downloadToBuffer()}`;

await blob.stageBlock("AAAA", "from the slow writer", 20);
await blob.upload("from the quick writer", 21);
console.log(`written: ${await read()}`);
const { uncommittedBlocks = [] } = await blob.getBlockList("uncommitted");
console.log(`uncommitted blocks: ${uncommittedBlocks.map(({ name }) => name).join(" ") || "none"}`);
const commit = blob.commitBlockList(["AAAA"]);
console.log(`late commit: ${await commit.then(() => "a success", (error) => error.code)}`);
console.log(`written: ${await read()}`);
SCRIPT
node_modules/.bin/azurite-blob --inMemoryPersistence --skipApiVersionCheck --disableTelemetry \
  --blobPort 0 >log &
server=$!
for _ in {1..240}; do
  grep -q 'successfully listen' log && break
  sleep 0.5
done
address=$(grep -o 'http://127[0-9.:]*' log | tail -n 1)
found=$(node ask.mjs "$address")
printf '%s\n' "$found"
expected='written: from the quick writer
uncommitted blocks: AAAA
late commit: a success
written: from the slow writer'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
