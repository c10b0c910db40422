// node server.mjs <folder> <port>: serves what it keeps in the folder's `data`, and writes
// its port to the folder's `ready` once it answers. 0 is any port that is free.
import { renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { finished } from "node:stream/promises";

const require = createRequire(import.meta.url);
const S3rver = require("s3rver");
const Store = require("s3rver/lib/stores/filesystem");
const fs = require("fs-extra");

// It answers a PUT when it has read the body, while the file may still be without it: on
// a disk that is slow for a moment a read that follows gets less than was put.
const files = new Set();
const { createWriteStream } = fs;
fs.createWriteStream = (path, ...rest) => {
  const stream = createWriteStream(path, ...rest);
  const file = { path, written: finished(stream) };
  files.add(file);
  file.written.catch(() => {}).finally(() => files.delete(file));
  return stream;
};
for (
  const [name, pathOf] of [
    [
      "putObject",
      (store, { bucket, key }) => store.getResourcePath(bucket, key, "object"),
    ],
    [
      "putPart",
      (store, bucket, upload, part) =>
        [store.getResourcePath(bucket, undefined, "uploads"), upload, part]
          .join("/"),
    ],
  ]
) {
  const put = Store.prototype[name];
  Store.prototype[name] = async function (...args) {
    const result = await put.apply(this, args);
    const path = pathOf(this, ...args);
    const own = [...files].filter((file) => file.path === path);
    await Promise.all(own.map(({ written }) => written));
    return result;
  };
}

const [folder, port] = process.argv.slice(2);
const server = new S3rver({
  directory: `${folder}/data`,
  address: "127.0.0.1",
  port: Number(port),
  silent: true,
});
const { port: own } = await server.run();
// By itself it is 5 seconds: on a busy machine a client then sends on a connection that
// has just been closed, and what cannot be sent twice is lost.
server.httpServer.keepAliveTimeout = 900_000;
writeFileSync(`${folder}/starting`, `${own}\n`);
renameSync(`${folder}/starting`, `${folder}/ready`);
