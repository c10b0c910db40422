/**
 * The services that the tests of neighbors meet on, and every tool told of them.
 *
 * @module
 */
import { S3Backend } from "../../../backends/s3/mod.ts";
import { Store } from "../../../mod.ts";
import { installPackages } from "../../servers/npm.ts";
import { createBucket, optionsFor } from "../s3/server.ts";
import { attempt, run, type Said } from "./tools.ts";

/** The folder with the tools' configuration. */
export const FOLDER = `${Deno.env.get("NEIGHBOURS_FOLDER")}`;

/** Runs rclone; its remote is `s3`. */
export function rclone(...args: string[]): Promise<string> {
  return run("rclone", ["--config", `${FOLDER}/rclone.conf`, ...args], FOLDER);
}

/** Runs rclone, and returns what it said of its work. */
export async function rcloneSays(...args: string[]): Promise<Said> {
  const all = ["--config", `${FOLDER}/rclone.conf`, "-v", ...args];
  return await attempt("rclone", all, FOLDER);
}

/** Runs s3cmd. */
export function s3cmd(...args: string[]): Promise<string> {
  return run("s3cmd", ["-c", `${FOLDER}/s3cmd.conf`, ...args], FOLDER);
}

/** An empty bucket on Ceph, with a store over it. */
export async function createPlace(): Promise<{ bucket: string; store: Store }> {
  const bucket = await createBucket();
  const backend = new S3Backend(optionsFor(bucket));
  return { bucket, store: new Store({ backend }) };
}

/** Files by their path. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Runs with a new folder on the disk. */
export async function onDisk<T>(
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes files below a folder of the disk. */
export async function putOnDisk(folder: string, files: Files): Promise<void> {
  for (const [path, bytes] of files) {
    const target = `${folder}/${path}`;
    const above = target.slice(0, target.lastIndexOf("/"));
    await Deno.mkdir(above, { recursive: true });
    await Deno.writeFile(target, bytes);
  }
}

/** Reads every file below a folder of the disk. */
export async function readDisk(root: string, above = ""): Promise<Files> {
  const found = new Map<string, Uint8Array>();
  for await (const { name, isDirectory } of Deno.readDir(root)) {
    const path = `${root}/${name}`;
    if (isDirectory) {
      const below = await readDisk(path, `${above}${name}/`);
      for (const [key, bytes] of below) found.set(key, bytes);
    } else found.set(above + name, await Deno.readFile(path));
  }
  return found;
}

/** Reads every file of a store. */
export async function readStore(store: Store): Promise<Files> {
  const found = new Map<string, Uint8Array>();
  for await (const { path } of store.listFiles("", { recursive: true })) {
    found.set(path, await store.readBytes(path));
  }
  return found;
}

/** Returns files in the order of their paths, with what they hold as text. */
export function told(files: Files): (readonly [string, string])[] {
  return [...files].map(([path, bytes]) =>
    [path, new TextDecoder().decode(bytes)] as const
  ).sort(([a], [b]) => a < b ? -1 : 1);
}

/** Lets a vendor's own client send commands, and returns their answers. */
export async function askVendor(
  script: "objects.mjs" | "azure/objects.mjs",
  job: unknown,
): Promise<Record<string, unknown>[]> {
  const folder = script.includes("/") ? "tests/oracles/azure" : "tests/oracles";
  await installPackages(folder);
  const child = new Deno.Command("node", {
    args: [`tests/oracles/${script}`],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  await new Blob([JSON.stringify(job)]).stream().pipeTo(child.stdin);
  const { success, stdout } = await child.output();
  if (!success) throw new Error(`${script} failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
