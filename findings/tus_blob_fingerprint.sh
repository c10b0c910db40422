#!/usr/bin/env bash
# tus-js-client 4.3.1: an upload in a browser goes on with the bytes of another blob.
#
# A started upload is found again by a fingerprint of name, type, size, time and endpoint. A
# Blob has no name and no time, so any two of one type and one size (canvases, pieces of a
# recording, encrypted parts) have the same. With the code that its documentation gives,
# findPreviousUploads() and resumeFromPreviousUpload(), the second blob is taken for the
# rest of the first, and success is reported for a file that is neither. In Node the same
# package hashes the content of a Buffer.
#
# Installs the packages in a temporary folder and fails if what the server has changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund \
  tus-js-client@4.3.1 @tus/server@2.4.5 @tus/file-store@2.1.1 >/dev/null 2>&1
mkdir data
cat >upload.mjs <<'SCRIPT'
import { createServer } from "node:http";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const tusd = new Server({ path: "/files", datastore: new FileStore({ directory: "data" }) });
const server = createServer((request, response) => tusd.handle(request, response));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const endpoint = `http://127.0.0.1:${server.address().port}/files`;

// What the build for browsers needs of a page: localStorage, and requests by fetch.
const items = new Map();
globalThis.window = globalThis;
globalThis.localStorage = {
  getItem: (key) => items.get(key) ?? null,
  setItem: (key, value) => items.set(key, value),
  removeItem: (key) => items.delete(key),
  key: (index) => [...items.keys()][index],
  get length() {
    return items.size;
  },
};
const tus = await import("./node_modules/tus-js-client/lib.esm/browser/index.js");
const createRequest = (method, url) => {
  const headers = {};
  return {
    getMethod: () => method,
    getURL: () => url,
    getHeader: (name) => headers[name],
    setHeader: (name, value) => headers[name] = value,
    setProgressHandler() {},
    abort: async () => {},
    getUnderlyingObject: () => null,
    async send(body) {
      const response = await fetch(url, { method, headers, body });
      const text = await response.text();
      return {
        getStatus: () => response.status,
        getHeader: (name) => response.headers.get(name),
        getBody: () => text,
        getUnderlyingObject: () => response,
      };
    },
  };
};
const send = (blob, stopAt) =>
  new Promise((resolve, reject) => {
    const upload = new tus.Upload(blob, {
      endpoint,
      chunkSize: 4,
      httpStack: { createRequest, getName: () => "fetch" },
      onError: reject,
      onSuccess: () => resolve(upload.url),
      onChunkComplete: async (_size, sent) => {
        if (sent === stopAt) upload.abort().then(() => resolve(upload.url), reject);
      },
    });
    upload.findPreviousUploads().then((previous) => {
      if (previous.length > 0) upload.resumeFromPreviousUpload(previous[0]);
      upload.start();
    }, reject);
  });
const type = "text/plain";
await send(new Blob(["AAAAAAAAAAAA"], { type }), 4);
const url = await send(new Blob(["BBBBBBBBBBBB"], { type }));
console.log(`sent: BBBBBBBBBBBB, stored: ${await (await fetch(url)).text()}`);
process.exit();
SCRIPT
found=$(node upload.mjs)
printf '%s\n' "$found"
[ "$found" = 'sent: BBBBBBBBBBBB, stored: AAAABBBBBBBB' ] || {
  printf 'the answer has changed\n' >&2
  exit 1
}
