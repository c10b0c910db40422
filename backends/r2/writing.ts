// This module is browser compatible.
import type { Body, WriteFacts, WriteRequest } from "../../core/backend.ts";
import { readAll } from "../../core/body.ts";
import { conditionFailed, requirePut } from "../../core/commit.ts";
import { toStream } from "../../core/content.ts";
import { type Attempt, byContent, settle } from "../../core/doubt.ts";
import { untilAborted } from "../../core/signal.ts";
import { uploadStream } from "../_http/upload.ts";
import { partOffset, planUpload } from "../_http/upload_plan.ts";
import { change } from "./attempts.ts";
import type {
  R2ObjectFacts,
  R2StoreOptions,
  R2UploadedPart,
} from "./binding.ts";
import { Draft, requireOnePut } from "./draft.ts";
import { judge } from "./failures.ts";
import { type Settings, uploadLimits } from "./options.ts";
import { PartUpload } from "./parts.ts";
import { head } from "./probing.ts";
import { get } from "./reading.ts";
import { storedFields, toCondition, toFacts } from "./wire.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Signal = AbortSignal | undefined;

/** Streams up to this size are put as bytes, which can be sent again. */
const BUFFERED_BYTES = 1024 * 1024;

/** Puts a file: at once where its length is known, else in parts where it is long. */
export async function put(
  settings: Settings,
  key: string,
  body: Body,
  request: WriteRequest,
): Promise<WriteFacts> {
  const { putLimit } = settings;
  const { signal, condition, check } = request;
  if (body.kind === "bytes" && body.bytes.byteLength <= putLimit) {
    // The caller has its buffer back after an abort, and the call goes on.
    return await putBytes(settings, key, body.bytes.slice(), request, signal);
  }
  const [stream, size] = body.kind === "bytes"
    ? [toStream(body.bytes), body.bytes.byteLength]
    : [body.stream, body.size];
  if (size !== null) requireOnePut(settings, size, condition);
  if (size !== null && size <= BUFFERED_BYTES) {
    const bytes = await readAll(stream);
    return await putBytes(settings, key, bytes, request, signal);
  }
  // A hash goes in front of its content, so it must be known before the put begins.
  const pipe = size === null || size > putLimit || check !== null
    ? null
    : fixedLength(size);
  if (pipe === null) {
    return await putParts(settings, key, stream, size, request);
  }
  return await putStream(settings, key, stream, pipe, request);
}

async function putBytes(
  settings: Settings,
  key: string,
  bytes: Bytes,
  request: WriteRequest,
  signal: Signal,
): Promise<WriteFacts> {
  const { condition, check } = request;
  const options = optionsOf(request);
  const digest = await check?.digest() ?? null;
  if (digest !== null) {
    Object.assign(options, { [digest.algorithm]: digest.value });
  }
  const attempt = await change(
    settings,
    signal,
    () => settings.bucket.put(key, bytes, options),
    () => conditionFailed(condition),
  );
  const facts = attempt.outcome === "done"
    ? { ...attempt, value: toFacts(attempt.value) }
    : attempt;
  return await settle(
    facts,
    () => byContent(condition, () => factsIfSame(settings, key, bytes, signal)),
    signal,
  );
}

/** Returns what a write would have answered, where its bytes stand at the key. */
async function factsIfSame(
  settings: Settings,
  key: string,
  bytes: Bytes,
  signal: Signal,
): Promise<WriteFacts | null> {
  const request = { range: null, ifMatch: null, ifNoneMatch: null, signal };
  const answer = await get(settings, key, request);
  const body = answer?.body ?? null;
  if (answer === null || body === null) return null;
  if (answer.entry.size !== bytes.byteLength) {
    if (!(body instanceof Uint8Array)) await body.cancel();
    return null;
  }
  const found = body instanceof Uint8Array ? body : await readAll(body);
  if (!found.every((byte, index) => byte === bytes[index])) return null;
  const { etag, lastModified, digest, extra } = answer.entry;
  const version = extra?.["version"];
  return {
    etag,
    lastModified,
    digest,
    versionId: typeof version === "string" ? version : null,
  };
}

function optionsOf(request: WriteRequest): R2StoreOptions {
  const onlyIf = toCondition(request.condition);
  const stored = storedFields(request);
  return onlyIf === undefined ? stored : { ...stored, onlyIf };
}

/** A pipe that tells the service how many bytes will come; a class of Workers. */
interface Pipe {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

function fixedLength(size: number): Pipe | null {
  const { FixedLengthStream } = globalThis as {
    FixedLengthStream?: new (size: number) => Pipe;
  };
  return FixedLengthStream === undefined ? null : new FixedLengthStream(size);
}

async function putStream(
  settings: Settings,
  key: string,
  stream: ReadableStream<Uint8Array>,
  pipe: Pipe,
  request: WriteRequest,
): Promise<WriteFacts> {
  const { condition, signal } = request;
  const options = optionsOf(request);
  const reader = stream.getReader();
  const writer = pipe.writable.getWriter();
  let sent = false;
  let failed = false;
  const fill = async () => {
    let held: Uint8Array | null = null;
    for (;;) {
      const { done, value } = await reader.read();
      // The last one is held back until the source has ended well: the service commits
      // as soon as it has all the bytes that it was promised.
      if (held !== null) {
        sent ||= done;
        await writer.write(held);
      }
      if (done) break;
      held = value;
    }
    sent = true;
    await writer.close();
  };
  const filling = fill().catch(async (error) => {
    failed = !sent;
    await writer.abort(error).catch(() => {});
    throw error;
  });
  filling.catch(() => {});
  let attempt: Attempt<R2ObjectFacts>;
  try {
    const putting = settings.bucket.put(key, pipe.readable, options);
    const object = await untilAborted(putting, signal);
    attempt = object === null
      ? { outcome: "refused", error: conditionFailed(condition) }
      : { outcome: "done", value: object };
    if (object !== null) await filling;
  } catch (thrown) {
    signal?.throwIfAborted();
    // The source's own failure, which the kernel knows.
    if (failed) await filling;
    const { error, doubtful } = judge(thrown);
    // Without its last bytes the service has stored nothing.
    attempt = { outcome: doubtful && sent ? "doubtful" : "refused", error };
  }
  // The kernel cancels the source; this ends what feeds it to the service.
  if (attempt.outcome !== "done") writer.abort(attempt.error).catch(() => {});
  return toFacts(await settle(attempt, null, signal));
}

async function putParts(
  settings: Settings,
  key: string,
  stream: ReadableStream<Uint8Array>,
  size: number | null,
  request: WriteRequest,
): Promise<WriteFacts> {
  const { condition, check, signal } = request;
  const plan = planUpload(size, uploadLimits(settings));
  const stored = storedFields(request);
  const open = condition.overwrite && condition.ifMatch === null;
  const draft = open && check === null ? null : new Draft(settings);
  const upload = new PartUpload(settings, draft?.key ?? key, stored);
  return await uploadStream<R2UploadedPart, WriteFacts>(stream, plan, {
    single: (bytes, inner) => putBytes(settings, key, bytes, request, inner),
    async begin(inner) {
      if (!open) {
        // A conflict that can be seen is seen before anything is sent.
        toCondition(condition);
        requirePut(await head(settings, key, inner), condition, key);
      }
      await upload.begin(inner);
    },
    async part(number, bytes, inner) {
      const end = partOffset(plan, number) + bytes.byteLength;
      if (draft !== null) requireOnePut(settings, end, condition);
      return await upload.part(number, () => bytes, inner);
    },
    async complete(parts, inner) {
      const facts = await upload.complete(parts, inner);
      if (draft === null) return facts;
      return await draft.commit(key, stored, request, inner);
    },
    async abort() {
      // Where the upload has been completed after all, the draft is there.
      await upload.abort().finally(() => draft?.discard());
    },
  }, signal);
}
