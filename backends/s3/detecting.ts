// This module is browser compatible.
import type {
  Body,
  WriteCondition,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import { isRemoteStoreError } from "../../core/errors.ts";
import { S3Backend } from "./backend.ts";
import { type PartSteps, sendParts } from "../_http/upload.ts";
import { S3Connection } from "./connection.ts";
import { toSigning } from "./sigv4.ts";
import { DIALECTS, type S3Dialect } from "./dialect.ts";
import type { S3Options } from "./options.ts";
import { PartUpload } from "./parts.ts";
import type { Part } from "./upload_calls.ts";
import { head } from "./probing.ts";
import { toMetadataFields } from "./wire.ts";
import { put as write } from "./writing.ts";

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
 * Finds out whether a service honours the conditions of a PutObject, how it wants its
 * ETags, and what it makes of underscores in metadata keys, by writing one scratch object
 * a few times, once in parts. The result fits into the option `dialect`; what was not
 * looked at counts as ignored. Servers, versioned buckets and versions of one server
 * differ, so ask the bucket that is meant.
 *
 * @example Ask once, then use what was found
 *
 * It does not run here: it needs a bucket.
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
  const plain = { ...generic, metadataUnderscores: true };
  const parts = new S3Connection({ ...options, dialect: plain }, toSigning);
  const conditions = { ...generic.conditions, put: true };
  const asking = (ifMatch: S3Dialect["ifMatch"]) =>
    new S3Backend({ ...options, dialect: { ...generic, conditions, ifMatch } });
  const quoted = asking("quoted");
  const write = (backend: S3Backend, condition: WriteCondition) =>
    outcome(backend.write(key, body(), request(condition, signal)));
  try {
    const metadataUnderscores = await keepsUnderscores(parts, key, signal);
    const found = { ...generic, metadataUnderscores };
    const create = await write(quoted, CREATE);
    const wrong = { overwrite: true, ifMatch: '"0"' };
    const refused = create === "refused" &&
      await write(quoted, wrong) === "refused";
    if (!refused) return found;
    const entry = await quoted.stat(key, { signal });
    const ifMatch = entry?.kind === "file" ? entry.etag : null;
    if (ifMatch === null) return found;
    const right = { overwrite: true, ifMatch };
    for (const spelling of ["quoted", "unquoted"] as const) {
      if (await write(asking(spelling), right) !== "done") continue;
      return { ...found, conditions, ifMatch: spelling };
    }
    return found;
  } finally {
    await quoted.delete(key, { ifMatch: null, signal }).catch(() => {});
  }
}

const CREATE: WriteCondition = { overwrite: false, ifMatch: null };
const REPLACE: WriteCondition = { overwrite: true, ifMatch: null };

const BYTES = /* @__PURE__ */ new TextEncoder().encode("probe");

function body(): Body {
  return { kind: "bytes", bytes: BYTES };
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

const ASKED = { "probe_key": "1" };

// Where the upload in parts keeps them, PutObject is asked too.
async function keepsUnderscores(
  connection: S3Connection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<S3Dialect["metadataUnderscores"]> {
  const { dialect } = connection.settings;
  const kept = async () => {
    const entry = await head(connection, key, signal);
    return entry?.kind === "file" && "probe_key" in (entry.metadata ?? {});
  };
  const put = request(REPLACE, signal);
  await write(connection, key, body(), { ...put, metadata: ASKED });
  if (!await kept()) return false;
  const fields = toMetadataFields(ASKED, dialect, "parts");
  const upload = new PartUpload(connection, key, fields, put, null, {
    size: null,
    partSize: connection.settings.partSize,
  });
  const parts = [BYTES.slice()];
  const steps: PartSteps<Uint8Array<ArrayBuffer>, Part, WriteFacts> = {
    begin: (inner) => upload.begin(inner),
    part: (number, bytes, inner) => upload.part(number, bytes, inner),
    complete: (all, inner) => upload.complete(all, inner),
    abort: () => upload.abort(),
  };
  try {
    await sendParts(
      () => Promise.resolve(parts.shift() ?? null),
      () => 1,
      steps,
      signal,
    );
  } catch {
    signal?.throwIfAborted();
    return "put";
  }
  return await kept() || "put";
}

async function outcome(
  writing: Promise<unknown>,
): Promise<"done" | "refused" | "missing"> {
  try {
    await writing;
    return "done";
  } catch (error) {
    const refusal = isRemoteStoreError(error) &&
      (error.code === "AlreadyExists" || error.code === "PreconditionFailed");
    if (refusal) return "refused";
    if (isRemoteStoreError(error) && error.code === "CapabilityNotSupported") {
      return "missing";
    }
    throw error;
  }
}
