// This module is browser compatible.
import type { CopyRequest, StoredFields } from "../../core/backend.ts";
import { byContent } from "../../core/doubt.ts";
import { PreconditionFailedError } from "../../core/errors.ts";
import { sendParts } from "../_http/upload.ts";
import { planUpload } from "../_http/upload_plan.ts";
import { look } from "./attempts.ts";
import type {
  R2ObjectFacts,
  R2StoreOptions,
  R2UploadedPart,
} from "./binding.ts";
import { openSource, putFrom, requireOnePut } from "./draft.ts";
import { type Settings, uploadLimits } from "./options.ts";
import { PartUpload } from "./parts.ts";
import { bareEtag, copiedFields, toDigest } from "./wire.ts";

/** Copies a file with all that is stored beside it, through the Worker, in the version that was seen. */
export async function copy(
  settings: Settings,
  source: string,
  target: string,
  request: CopyRequest,
): Promise<void> {
  const { condition, stored, signal } = request;
  const { size } = request.source;
  const etag = bareEtag(request.source.etag ?? "");
  if (etag === null) throw changed(source);
  requireOnePut(settings, size ?? 0, condition);
  if (size !== null && size > settings.putLimit) {
    return await copyParts(
      settings,
      source,
      etag,
      target,
      size,
      stored,
      signal,
    );
  }
  await putFrom(
    settings,
    source,
    etag,
    target,
    (object): R2StoreOptions => {
      const digest = toDigest(object.checksums);
      return {
        ...copiedFields(object, stored),
        // The copy keeps its hash, and is known to be whole.
        ...digest === null ? {} : { [digest.algorithm]: digest.value },
      };
    },
    condition,
    // That the bytes are there says nothing of what stands beside them.
    stored !== null
      ? null
      : () =>
        byContent(condition, () => sameContent(settings, etag, target, signal)),
    signal,
  );
}

// The ETag of what was put at once is its MD5, which R2 has made itself.
async function sameContent(
  settings: Settings,
  etag: string,
  target: string,
  signal: AbortSignal | undefined,
): Promise<R2ObjectFacts | null> {
  const facts = await look(
    settings,
    signal,
    () => settings.bucket.head(target),
  );
  const isHash = facts?.checksums.md5 !== undefined;
  return isHash && facts.httpEtag === `"${etag}"` ? facts : null;
}

/** Parts of a copy pass through and cost no memory, so few large ones are best. */
const COPY_PART_SIZE = 256 * 1024 * 1024;

async function copyParts(
  settings: Settings,
  source: string,
  etag: string,
  target: string,
  size: number,
  stored: StoredFields | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { bucket, concurrency, putLimit } = settings;
  const facts = await look(settings, signal, () => bucket.head(source));
  if (facts === null || bareEtag(facts.httpEtag) !== etag) {
    throw changed(source);
  }
  const { partSize } = planUpload(size, {
    ...uploadLimits(settings),
    partSize: Math.min(COPY_PART_SIZE, putLimit),
  });
  const upload = new PartUpload(
    settings,
    target,
    copiedFields(facts, stored),
  );
  let offset = 0;
  const next = () => {
    if (offset >= size) return Promise.resolve(null);
    const range = { offset, length: Math.min(partSize, size - offset) };
    offset += range.length;
    return Promise.resolve(range);
  };
  await sendParts<
    { readonly offset: number; readonly length: number },
    R2UploadedPart,
    unknown
  >(next, () => concurrency, {
    begin: (inner) => upload.begin(inner),
    part: (number, range, inner) =>
      upload.part(number, async () => {
        const { body } = await openSource(
          settings,
          source,
          etag,
          inner,
          range,
        );
        return body;
      }, inner),
    complete: (parts, inner) => upload.complete(parts, inner),
    abort: () => upload.abort(),
  }, signal);
}

function changed(source: string): PreconditionFailedError {
  return new PreconditionFailedError(
    "it has changed while it was being copied",
    { path: source },
  );
}
