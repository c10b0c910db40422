/**
 * Why a page cannot use a bucket: names what its CORS rules lack, and prints the rules to
 * set. The backend's flags are those of the demo; a URL may stand in its place, and then
 * only what is public is seen.
 *
 * ```sh
 * deno task cors s3 --bucket=photos --region=eu-central-1 --origin=https://app.example.com
 * deno task cors https://photos.example.com --service=ceph --origin=https://app.example.com
 * ```
 *
 * @module
 */
import { type Backend, InvalidArgumentError } from "@remote-store/core";
import * as azure from "@remote-store/core/backends/azure";
import * as s3 from "@remote-store/core/backends/s3";
import {
  type CorsBackend,
  type CorsDiagnosis,
  type CorsOperation,
  type CorsOptions,
  type CorsService,
  type CorsSigning,
  diagnoseCors,
} from "@remote-store/core/ext/cors";
import { BACKENDS } from "./backends.ts";
import { BadInput, create, toFlags } from "./command_line.ts";
import type { Output } from "./quickstart.ts";

const USAGE = `Names what a bucket's CORS rules lack for a page.

  deno task cors <backend or URL> --origin=https://…  [flags]

  --origin=…       the page's origin
  --operations=…   what it does: read,head,list,write,delete,deleteMany,copy (all)
  --metadata=…     the keys of the metadata that it uses: author,kind
  --fields=…       further header fields that it sends: x-amz-security-token
  --signing=…      header, or url for signed URLs and SAS
  --service=…      s3, r2, ceph or azure; needed with a URL

Exit codes: 0 nothing is missing, 1 something is, 2 bad input.

Backends:
${
  Object.entries(BACKENDS)
    .filter(([name]) => name === "s3" || name === "azure")
    .map(([name, { about, flags }]) =>
      [`  ${name}`, about, ...flags.map((flag) => `--${flag}=…`)].join("  ")
    ).join("\n")
}`;

const OWN = [
  "origin",
  "operations",
  "metadata",
  "fields",
  "signing",
  "service",
];

/** Runs the command and returns its exit code. */
export async function main(
  args: readonly string[],
  output: Output,
  fetch?: CorsOptions["fetch"],
): Promise<number> {
  const { words, flags } = toFlags(args);
  const [name = "", ...rest] = words;
  if (name === "" || "help" in flags) {
    output.out(USAGE);
    return name === "" && !("help" in flags) ? 2 : 0;
  }
  try {
    if (rest.length > 0) throw new BadInput(`Cannot use "${rest[0]}"`);
    const diagnosis = await diagnose(name, flags, fetch);
    print(diagnosis, output);
    return diagnosis.problems.length === 0 ? 0 : 1;
  } catch (error) {
    const bad = error instanceof BadInput ||
      error instanceof InvalidArgumentError;
    output.err(saying(error));
    return bad ? 2 : 1;
  }
}

// What fetch says of a dead network stands in its cause, with a URL that may be signed.
function saying(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return message + why.replaceAll(/\?[^\s)]*/g, "");
}

function signerOf(backend: Backend): CorsBackend {
  return backend instanceof s3.S3Backend
    ? s3.urlSigner(backend)
    : backend instanceof azure.AzureBackend
    ? azure.urlSigner(backend)
    : backend as unknown as CorsBackend;
}

async function diagnose(
  name: string,
  flags: Readonly<Record<string, string>>,
  fetch: CorsOptions["fetch"],
): Promise<CorsDiagnosis> {
  const others = Object.entries(flags).filter(([flag]) => !OWN.includes(flag));
  // Which of the backends sign is for diagnoseCors to say.
  const target = URL.canParse(name)
    ? name
    : signerOf(create(name, Object.fromEntries(others), BACKENDS));
  if (typeof target === "string" && others.length > 0) {
    throw new BadInput(`Cannot use --${others[0]?.[0]} with a URL`);
  }
  const list = (flag: string) => flags[flag]?.split(",").filter(Boolean);
  return await diagnoseCors(target, {
    origin: flags["origin"] ?? "",
    operations: list("operations") as readonly CorsOperation[] | undefined,
    metadata: list("metadata"),
    fields: list("fields"),
    signing: flags["signing"] as CorsSigning | undefined,
    service: flags["service"] as CorsService | undefined,
    fetch,
  });
}

function print(
  { origin, problems, notes, rules }: CorsDiagnosis,
  { out }: Output,
): void {
  if (problems.length === 0) out(`Nothing is missing for ${origin}`);
  for (const { message } of problems) out(`Missing: ${message}`);
  for (const note of notes) out(`Note: ${note}`);
  if (problems.length === 0) return;
  out(`\nRules that do it, to be set with\n  ${rules.command}\n`);
  out(rules.text);
}

if (import.meta.main) {
  Deno.exitCode = await main(Deno.args, {
    out: (line) => console.log(line),
    err: (line) => console.error(line),
  });
}
