// This module is browser compatible.
import type { AskedOperation, PromisedUpload, UploadStep } from "../../mod.ts";
import { Refusal } from "./refusals.ts";
import type { NarrowGrant } from "./rules.ts";
import type { UploadFacts } from "./tickets.ts";

/** No service takes more parts, or a larger one; what reads the question knows its own limits. */
const MAX_PARTS = 50_000;
const MAX_PART_SIZE = 5 * 1024 ** 3;

/** The limit of an upload that nobody knows the size of, and nobody bounds. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/**
 * Returns what an upload is allowed as.
 *
 * @throws {Refusal} If its plan is impossible.
 */
export function factsOf(
  base: string,
  key: string,
  asked: AskedOperation,
  plan: PromisedUpload | null,
  { maxSize, expiresIn }: NarrowGrant,
): UploadFacts {
  if (plan === null) throw refused("an upload in parts needs its plan");
  const { size, partSize } = plan;
  const most = partSize * MAX_PARTS;
  if (
    partSize < 1 || partSize > MAX_PART_SIZE || (size ?? 1) > most || size === 0
  ) {
    throw refused("the plan of the upload is impossible");
  }
  const { digest: _, ...kept } = asked;
  return {
    base,
    key,
    plan,
    limit: size ?? maxSize ?? UNLIMITED,
    expiresIn: expiresIn ?? null,
    asked: kept,
  };
}

/** Returns what an upload is allowed as, once its rules have been asked again. */
export function narrowed(
  facts: UploadFacts,
  { maxSize = Infinity, expiresIn }: NarrowGrant,
): UploadFacts {
  const limit = Math.min(facts.limit, maxSize);
  return { ...facts, limit, expiresIn: expiresIn ?? facts.expiresIn };
}

/** Returns a grant with as little time as the whole upload was given. */
export function within(
  { expiresIn }: UploadFacts,
  grant: NarrowGrant,
): NarrowGrant {
  return expiresIn === null ? grant : { ...grant, expiresIn };
}

/** Returns a step in the words of the whole: of its size, under its condition. */
export function toWhole(
  { asked: { path, source, size, create, ifMatch } }: UploadFacts,
  said: Omit<AskedOperation, "digest">,
): AskedOperation {
  return { ...said, path, source, size, create, ifMatch, digest: null };
}

/**
 * Holds what is stored at the end to what was allowed at the beginning.
 *
 * @throws {Refusal} If its type is another one.
 */
export function requireType(
  { asked }: UploadFacts,
  { contentType }: AskedOperation,
): void {
  if (contentType === asked.contentType) return;
  throw refused("the type is another one than was allowed");
}

/**
 * Holds a step of an upload to what was allowed.
 *
 * @throws {Refusal} If it goes beyond.
 */
export function requireStep(
  facts: UploadFacts,
  base: string,
  key: string,
  upload: UploadStep,
): void {
  if (facts.base !== base || facts.key !== key) {
    throw refused("the ticket is for another file");
  }
  const { plan, limit, asked } = facts;
  const { step, number, size } = upload;
  const most = Math.min(MAX_PARTS, Math.ceil(limit / plan.partSize));
  if (step === "part") {
    if (number > most) throw refused("the upload has no part of this number");
    // Without a bound parts may grow, as those of long streams do.
    const room = limit === UNLIMITED
      ? MAX_PART_SIZE
      : Math.min(plan.partSize, limit - (number - 1) * plan.partSize);
    // Where the size is known, so is that of every part.
    const isRight = plan.size === null
      ? size >= 1 && size <= room
      : size === room;
    if (!isRight) throw refused("the part has another size than was allowed");
  }
  if (step === "complete") {
    if (plan.size === null ? number > most : number !== most) {
      throw refused("the upload has another number of parts");
    }
    if (upload.create !== asked.create || upload.ifMatch !== asked.ifMatch) {
      throw refused("the condition is another one than was allowed");
    }
  }
}

/**
 * Holds a part to the file that it may be a copy of.
 *
 * @throws {Refusal} If it is of another one, or of content that is sent.
 */
export function requireSource(
  { asked }: UploadFacts,
  { step }: UploadStep,
  { source }: AskedOperation,
): void {
  if (step !== "part" || source === asked.source) return;
  throw refused("the part is of another file than was allowed");
}

/** Returns whether what is there is what was allowed. */
export function isPromised({ plan, limit }: UploadFacts, sum: number): boolean {
  return plan.size === null ? sum > 0 && sum <= limit : sum === plan.size;
}

function refused(why: string): Refusal {
  return new Refusal("InvalidArgument", `Cannot sign the upload: ${why}`);
}
