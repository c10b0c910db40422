// This module is browser compatible.
import type { Body, WriteCondition, WriteRequest } from "../../core/backend.ts";
import { isRemoteStoreError } from "../../core/errors.ts";
import { S3Backend } from "./backend.ts";
import { DIALECTS, type S3Dialect } from "./dialect.ts";
import type { S3Options } from "./options.ts";

/** Options of {@linkcode probeDialect}. */
export interface ProbeOptions {
  /**
   * The key of the scratch object, which must not exist. It is deleted in the end.
   *
   * @default a random name
   */
  readonly key?: string | undefined;
  /** Ends the probe. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds out whether a service honours the conditions of a PutObject, and how it wants
 * its ETags, by writing one scratch object a few times. The result fits into the option
 * `dialect`; what was not looked at counts as ignored. Servers, versioned buckets and
 * versions of one server differ, so ask the bucket that is meant.
 *
 * @example Ask once, then use what was found
 * ```ts ignore
 * const dialect = await probeDialect(options);
 * const backend = new S3Backend({ ...options, dialect });
 * ```
 *
 * @throws What a write to the bucket throws.
 */
export async function probeDialect(
  options: S3Options,
  { key = `remote-store-probe-${crypto.randomUUID()}`, signal }: ProbeOptions =
    {},
): Promise<S3Dialect> {
  const { generic } = DIALECTS;
  const conditions = { ...generic.conditions, put: true };
  const asking = (ifMatch: S3Dialect["ifMatch"]) =>
    new S3Backend({ ...options, dialect: { ...generic, conditions, ifMatch } });
  const quoted = asking("quoted");
  const write = (backend: S3Backend, condition: WriteCondition) =>
    outcome(backend.write(key, body(), request(condition, signal)));
  await quoted.write(key, body(), request(REPLACE, signal));
  try {
    const create = await write(quoted, CREATE);
    const wrong = { overwrite: true, ifMatch: '"0"' };
    const refused = create === "refused" &&
      await write(quoted, wrong) === "refused";
    if (!refused) return generic;
    const entry = await quoted.stat(key, { signal });
    const ifMatch = entry?.kind === "file" ? entry.etag : null;
    if (ifMatch === null) return generic;
    const right = { overwrite: true, ifMatch };
    for (const spelling of ["quoted", "unquoted"] as const) {
      if (await write(asking(spelling), right) !== "done") continue;
      return { ...generic, conditions, ifMatch: spelling };
    }
    return generic;
  } finally {
    await quoted.delete(key, { ifMatch: null, signal }).catch(() => {});
  }
}

const CREATE: WriteCondition = { overwrite: false, ifMatch: null };
const REPLACE: WriteCondition = { overwrite: true, ifMatch: null };

function body(): Body {
  return { kind: "bytes", bytes: new TextEncoder().encode("probe") };
}

function request(
  condition: WriteCondition,
  signal: AbortSignal | undefined,
): WriteRequest {
  const headers = {
    contentType: null,
    cacheControl: null,
    contentDisposition: null,
    contentEncoding: null,
    contentLanguage: null,
  };
  return { condition, headers, metadata: null, check: null, signal };
}

async function outcome(
  writing: Promise<unknown>,
): Promise<"done" | "refused"> {
  try {
    await writing;
    return "done";
  } catch (error) {
    const refusal = isRemoteStoreError(error) &&
      (error.code === "AlreadyExists" || error.code === "PreconditionFailed");
    if (refusal) return "refused";
    throw error;
  }
}
