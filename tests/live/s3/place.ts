/**
 * Servers that speak S3, by the scripts beside `tests/servers/`, and buckets on them which
 * pages may use.
 *
 * @module
 */
import { AwsClient } from "aws4fetch";
import type { S3DialectName } from "../../../backends/s3/mod.ts";
import type { Place } from "../../runtimes/s3/suite.ts";
import { freePort } from "../../servers/ports.ts";
import { createOpenBucket } from "./cors.ts";

const ROOT = new URL("../../../", import.meta.url);

/** Variables of a process. */
export type Env = Readonly<Record<string, string>>;

/** A running server. */
export interface S3Server {
  /** What tests are told of it. */
  readonly env: Env;
  /** Ends it. */
  stop(): Promise<void>;
}

/** The ports that Ceph takes. */
const CEPH_PORTS = 3;

/** Looks for a process, and stops a server when it is there no more. */
const GUARD = `while kill -0 "$1"; do sleep 1; done
bash "$2" stop
rm -rf "$3"`;

/** Has a server go with this process, however that ends: by a time limit, too. */
function guard(script: string, folder: string, own: Env): void {
  new Deno.Command("setsid", {
    args: ["bash", "-c", GUARD, "guard", `${Deno.pid}`, script, folder],
    cwd: ROOT,
    env: own,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn().unref();
}

/**
 * Installs and starts a server, in a folder and on ports of its own: nobody who runs one
 * meets it.
 */
export async function startS3(server: string): Promise<S3Server> {
  const script = `tests/servers/${server}.sh`;
  const folder = await Deno.makeTempDir();
  const own = {
    S3RVER_DIR: `${folder}/s3rver`,
    CEPH_DIR: `${folder}/ceph`,
    CEPH_PORT: `${freePort(CEPH_PORTS)}`,
  };
  const stop = async () => {
    await output("bash", [script, "stop"], own);
    await Deno.remove(folder, { recursive: true });
  };
  await output("bash", [script, "install"], own);
  guard(script, folder, own);
  try {
    const lines = (await output("bash", [script, "start"], own)).trim();
    const env = Object.fromEntries(
      lines.split("\n").map((line) => [
        line.slice(0, line.indexOf("=")),
        line.slice(line.indexOf("=") + 1),
      ]),
    );
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Returns a bucket of its own on a server, which pages may use. */
export async function placeOn(env: Env): Promise<Place> {
  const credentials = {
    accessKeyId: `${env["S3_ACCESS_KEY"]}`,
    secretAccessKey: `${env["S3_SECRET_KEY"]}`,
  };
  const endpoint = `${env["S3_ENDPOINT"]}`;
  const dialect = env["S3_DIALECT"] as S3DialectName;
  const bucket = `runtimes-${crypto.randomUUID()}`;
  const client = new AwsClient({
    ...credentials,
    service: "s3",
    region: "us-east-1",
  });
  await createOpenBucket(
    bucket,
    (path, body) =>
      client.fetch(endpoint + path, { method: "PUT", body: body ?? null }),
  );
  return { bucket, endpoint, credentials, dialect };
}

/** Runs a command to its end and returns what it says. */
export async function output(
  command: string,
  args: string[],
  env: Env = {},
): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, {
    args,
    cwd: ROOT,
    env,
    stderr: "inherit",
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (success) return text;
  throw new Error(`${command} ${args[0]} failed: ${text}`);
}
