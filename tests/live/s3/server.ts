/**
 * The real server of the live tests, as its script announced it in the environment,
 * and fresh buckets on it.
 *
 * @module
 */
import { AwsClient } from "aws4fetch";
import {
  S3Backend,
  type S3Credentials,
  type S3DialectName,
  type S3Options,
} from "../../../backends/s3/mod.ts";
import { RetryPolicy, Store } from "../../../mod.ts";

function required(name: string): string {
  const value = Deno.env.get(name);
  if (value) return value;
  throw new Error(`${name} is not set: run "deno task test:s3"`);
}

/** Where the server answers. */
export const ENDPOINT: string = required("S3_ENDPOINT");

/** What it does other than the rest. */
export const DIALECT = required("S3_DIALECT") as S3DialectName;

/** Its only user. */
export const CREDENTIALS = {
  accessKeyId: required("S3_ACCESS_KEY"),
  secretAccessKey: required("S3_SECRET_KEY"),
} satisfies S3Credentials;

const client = new AwsClient({
  ...CREDENTIALS,
  service: "s3",
  region: "us-east-1",
  retries: 0,
});

/** Sends a request of the tests' own. */
export function send(
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  return client.fetch(`${ENDPOINT}${path}`, { ...init, method });
}

/** Creates a bucket and returns its name. */
export async function createBucket(): Promise<string> {
  const name = `t${crypto.randomUUID()}`;
  const response = await send("PUT", `/${name}`);
  await response.body?.cancel();
  if (!response.ok) throw new Error(`creating a bucket: ${response.status}`);
  return name;
}

const VERSIONING =
  '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>';

/** Has a bucket keep versions from now on. */
export async function versionBucket(bucket: string): Promise<void> {
  const response = await send("PUT", `/${bucket}?versioning`, {
    body: VERSIONING,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`keeping versions: ${response.status}`);
}

/** The options of a backend over a bucket of the server. */
export function optionsFor(bucket: string): S3Options {
  return {
    bucket,
    endpoint: ENDPOINT,
    dialect: DIALECT,
    credentials: CREDENTIALS,
    retry: new RetryPolicy({ attempts: 5, minDelay: 20, maxDelay: 500 }),
  };
}

let shared: Promise<string> | undefined;
let roots = 0;

/** Returns a store over an empty root: a folder of one bucket for all tests of a file. */
export async function createStore(
  options: Partial<S3Options> = {},
): Promise<Store> {
  const bucket = await (shared ??= createBucket());
  const backend = new S3Backend({ ...optionsFor(bucket), ...options });
  return new Store({ backend, root: `root-${roots++}` });
}

/** The keys of uploads that were begun and neither completed nor thrown away. */
export async function openUploads(bucket: string): Promise<string[]> {
  const response = await send("GET", `/${bucket}?uploads=`);
  const xml = await response.text();
  if (!response.ok) throw new Error(`listing uploads: ${response.status}`);
  return [...xml.matchAll(/<Upload>.*?<Key>(.*?)<\/Key>/gs)].map(([, key]) =>
    `${key}`
  );
}
