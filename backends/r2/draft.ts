// This module is browser compatible.
import type {
  WriteCondition,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import { conditionFailed } from "../../core/commit.ts";
import { settle, type Verdict } from "../../core/doubt.ts";
import {
  CapabilityNotSupportedError,
  NotFoundError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import { change, look } from "./attempts.ts";
import type {
  R2ObjectContent,
  R2ObjectFacts,
  R2StoreOptions,
} from "./binding.ts";
import type { Settings } from "./options.ts";
import { hasBody } from "./reading.ts";
import { DRAFTS, toCondition, toFacts } from "./wire.ts";

/** How long the removal of a draft may take, in milliseconds. */
const DISCARD_MS = 5_000;

/**
 * Content on its way to its place. R2 ends an upload in parts under no condition, and
 * checks no hash of one: so the whole is put together beside the files, and put from there.
 */
export class Draft {
  /** Its key. */
  readonly key: string = `${DRAFTS}${crypto.randomUUID()}`;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Puts what has been uploaded to its place, then removes the draft. */
  async commit(
    target: string,
    stored: R2StoreOptions,
    { condition, check }: Pick<WriteRequest, "condition" | "check">,
    signal: AbortSignal,
  ): Promise<WriteFacts> {
    const digest = await check?.digest() ?? null;
    const options = digest === null
      ? stored
      : { ...stored, [digest.algorithm]: digest.value };
    const facts = await putFrom(
      this.#settings,
      this.key,
      null,
      target,
      () => options,
      condition,
      null,
      signal,
    );
    await this.discard();
    return facts;
  }

  /** Removes what there is of it, with a signal of its own: the caller's may be aborted. */
  async discard(): Promise<void> {
    const signal = AbortSignal.timeout(DISCARD_MS);
    const { bucket } = this.#settings;
    await look(this.#settings, signal, () => bucket.delete(this.key))
      .catch(() => {});
  }
}

/** Refuses what R2 cannot put under its condition: an upload in parts has none. */
export function requireOnePut(
  { putLimit }: Settings,
  size: number,
  condition: WriteCondition,
): void {
  const open = condition.overwrite && condition.ifMatch === null;
  if (open || size <= putLimit) return;
  throw new CapabilityNotSupportedError(
    `R2 takes no condition with content of more than ${putLimit} bytes, so it can only be written with overwrite: true`,
    { capability: "conditional_write" },
  );
}

/**
 * Puts the content of one object at the key of another one, through the Worker: the
 * binding has no copy. `prove` looks where an answer was lost.
 */
export async function putFrom(
  settings: Settings,
  source: string,
  sourceEtag: string | null,
  target: string,
  optionsOf: (object: R2ObjectContent) => R2StoreOptions,
  condition: WriteCondition,
  prove: (() => Promise<Verdict<R2ObjectFacts>>) | null,
  signal: AbortSignal | undefined,
): Promise<WriteFacts> {
  const { bucket } = settings;
  const onlyIf = toCondition(condition);
  const attempt = await change(
    settings,
    signal,
    async () => {
      const object = await openSource(settings, source, sourceEtag, signal);
      const options: R2StoreOptions = { ...optionsOf(object) };
      if (onlyIf !== undefined) options.onlyIf = onlyIf;
      try {
        return await bucket.put(target, object.body, options);
      } finally {
        await release(object.body);
      }
    },
    () => conditionFailed(condition),
  );
  return toFacts(await settle(attempt, prove, signal));
}

/** Ends a stream that the binding has not begun to read. */
export async function release(body: ReadableStream): Promise<void> {
  if (!body.locked) await body.cancel().catch(() => {});
}

/**
 * Opens an object in one version; a change since then is an error. The binding takes no
 * signal: what comes after an abort is let go, so that nothing is put that was given up.
 */
export async function openSource(
  { bucket }: Settings,
  key: string,
  etag: string | null,
  signal: AbortSignal | undefined,
  range?: { offset: number; length: number },
): Promise<R2ObjectContent> {
  const object = await bucket.get(key, {
    ...etag === null ? {} : { onlyIf: { etagMatches: etag } },
    ...range === undefined ? {} : { range },
  });
  if (signal?.aborted && hasBody(object)) await object.body.cancel();
  signal?.throwIfAborted();
  if (object === null) throw new NotFoundError(undefined, { path: key });
  if (hasBody(object)) return object;
  throw new PreconditionFailedError(
    "it has changed while it was being copied",
    { path: key },
  );
}
