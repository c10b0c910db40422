/**
 * The files of a bucket on Deno Deploy, by the handler of the Worker's example.
 *
 * ```sh
 * deno run --allow-net main.ts
 * ```
 *
 * That is a try: without leave to read variables the files are in memory, and the token
 * is a new one.
 *
 * @module
 */
import { type Backend, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { S3Backend, type S3DialectName } from "@remote-store/core/backends/s3";
import { handle } from "./handler.ts";

const MAX_BYTES = 100 * 1024 * 1024;

async function readVariables(): Promise<Readonly<Record<string, string>>> {
  const { state } = await Deno.permissions.query({ name: "env" });
  return state === "granted" ? Deno.env.toObject() : {};
}

function open(env: Readonly<Record<string, string>>): Backend {
  const bucket = env["S3_BUCKET"];
  if (bucket === undefined) {
    console.log("S3_BUCKET is not set: the files are in memory");
    return new MemoryBackend();
  }
  return new S3Backend({
    bucket,
    endpoint: env["S3_ENDPOINT"],
    region: env["S3_REGION"],
    dialect: env["S3_DIALECT"] as S3DialectName | undefined,
    credentials: {
      accessKeyId: env["S3_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: env["S3_SECRET_ACCESS_KEY"] ?? "",
    },
  });
}

const env = await readVariables();
const store = new Store({ backend: open(env) });
const token = env["UPLOAD_TOKEN"] ?? crypto.randomUUID();
if (env["UPLOAD_TOKEN"] === undefined) {
  console.log(`UPLOAD_TOKEN is not set: this time it is ${token}`);
}
const options = {
  base: "/files/",
  maxBytes: Number(env["MAX_BYTES"] ?? MAX_BYTES),
  token,
};

Deno.serve((request) => handle(store, request, options));
