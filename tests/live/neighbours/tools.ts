/**
 * Other tools, each told of one service and of nothing that the machine has set up.
 *
 * @module
 */

/** What a command has said. */
export interface Said {
  readonly success: boolean;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end, in an environment of its own. */
export async function attempt(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<Said> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    clearEnv: true,
    env: { PATH: `${Deno.env.get("PATH")}`, HOME: cwd, LANG: "C.UTF-8" },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { success, out: `${out}`, err: `${err}` };
}

/** Runs a command that is to succeed, and returns what it says. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<string> {
  const { success, out, err } = await attempt(command, args, cwd);
  if (success) return out;
  throw new Error(`${command} ${args.join(" ")}: ${err}`);
}

/** An S3 service, and its user. */
export interface Account {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Writes what rclone (as the remote `s3`), s3cmd and s3fs have to know into a folder. */
export async function configure(
  folder: string,
  { endpoint, accessKeyId, secretAccessKey }: Account,
): Promise<void> {
  const rclone = `[s3]
type = s3
provider = Ceph
access_key_id = ${accessKeyId}
secret_access_key = ${secretAccessKey}
endpoint = ${endpoint}
`;
  const { host } = new URL(endpoint);
  const s3cmd = `[default]
access_key = ${accessKeyId}
secret_key = ${secretAccessKey}
host_base = ${host}
host_bucket = ${host}
use_https = False
`;
  await Deno.writeTextFile(`${folder}/rclone.conf`, rclone);
  await Deno.writeTextFile(`${folder}/s3cmd.conf`, s3cmd);
  const secret = `${accessKeyId}:${secretAccessKey}`;
  await Deno.writeTextFile(`${folder}/s3fs.secret`, secret, { mode: 0o600 });
}
