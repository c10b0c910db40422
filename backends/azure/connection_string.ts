// This module is browser compatible.
import { InvalidArgumentError } from "../../core/errors.ts";

/** What a connection string says of an account. `null` where it does not. */
export interface ConnectionParts {
  /** The account's name. */
  readonly accountName: string | null;
  /** The account's key, base64. */
  readonly accountKey: string | null;
  /** A shared access signature, without a leading question mark. */
  readonly sasToken: string | null;
  /** The blob endpoint's URL. */
  readonly accountUrl: string | null;
  /** The Data Lake endpoint's URL. */
  readonly dfsUrl: string | null;
}

/**
 * The account that every Azure emulator has. Its key is published by Microsoft, so it
 * is no secret.
 */
export const DEVELOPMENT: {
  /** The account's name. */
  readonly accountName: "devstoreaccount1";
  /** The account's key. */
  readonly accountKey: string;
} = {
  accountName: "devstoreaccount1",
  accountKey:
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
};

const DEVELOPMENT_HOST = "http://127.0.0.1";

/** Where accounts live in the public cloud. */
export const PUBLIC_SUFFIX = "core.windows.net";

/**
 * Reads a connection string. Names of fields are read without regard to case, as the
 * service's own clients do; unknown fields are passed over.
 *
 * @throws {InvalidArgumentError} If a field has no value, or no account is named. The text is never repeated.
 */
export function parseConnectionString(text: string): ConnectionParts {
  const fields = readFields(text);
  if (fields.get("usedevelopmentstorage")?.toLowerCase() === "true") {
    const host = fields.get("developmentstorageproxyuri") ?? DEVELOPMENT_HOST;
    const accountUrl = `${trimSlashes(host)}:10000/${DEVELOPMENT.accountName}`;
    return { ...DEVELOPMENT, sasToken: null, accountUrl, dfsUrl: null };
  }
  const accountName = fields.get("accountname") ?? null;
  const sas = fields.get("sharedaccesssignature") ?? null;
  const protocol = fields.get("defaultendpointsprotocol") ?? "https";
  const suffix = fields.get("endpointsuffix") ?? PUBLIC_SUFFIX;
  const endpoint = (kind: "blob" | "dfs"): string | null =>
    fields.get(`${kind}endpoint`) ??
      (accountName === null
        ? null
        : `${protocol}://${accountName}.${kind}.${suffix}`);
  const accountUrl = endpoint("blob");
  if (accountUrl === null) {
    throw invalid("it names neither an AccountName nor a BlobEndpoint");
  }
  return {
    accountName,
    accountKey: fields.get("accountkey") ?? null,
    sasToken: sas === null ? null : sas.replace(/^\?/, ""),
    accountUrl,
    dfsUrl: fields.has("blobendpoint") && !fields.has("dfsendpoint")
      ? null
      : endpoint("dfs"),
  };
}

function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const field of text.split(";")) {
    if (field.trim() === "") continue;
    // Keys are base64 and signatures queries: only the first sign divides.
    const at = field.indexOf("=");
    if (at < 1) throw invalid("a field has no name or no value");
    fields.set(field.slice(0, at).trim().toLowerCase(), field.slice(at + 1));
  }
  return fields;
}

function trimSlashes(url: string): string {
  return url.replace(/\/+$/, "");
}

function invalid(why: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot read the Azure connection string: ${why}`,
  );
}
