// This module is browser compatible.
import type { AskedOperation, SigningCase, SigningService } from "../../mod.ts";
import { type Desk, type Errand, hashOf } from "./desk.ts";
import { Refusal } from "./refusals.ts";
import { passedFields, sendOn } from "./sending.ts";
import type { Tickets, UploadFacts } from "./tickets.ts";
import { isPromised, requireStep } from "./uploads.ts";

/** What became of a file that was written. */
export interface WrittenFile {
  /** Its path below the root. */
  readonly path: string;
  /** Its size in bytes; `null` where nobody has said it. */
  readonly size: number | null;
  /** Its ETag; `null` where the service gave none. */
  readonly etag: string | null;
  /** Its version; `null` where the service gave none. */
  readonly versionId: string | null;
}

/** What the handler needs to run errands. */
export interface ErrandOptions {
  readonly service: SigningService;
  readonly tickets: Tickets;
  readonly onWritten: (file: WrittenFile) => Promise<void>;
}

/**
 * Sends a request on that the handler has signed for itself, and returns the service's
 * answer.
 *
 * @throws {Refusal} If it is not the one that was allowed.
 */
export async function runErrand(
  text: string,
  request: Request,
  body: Uint8Array<ArrayBuffer>,
  desk: Desk,
  { service, tickets, onWritten }: ErrandOptions,
): Promise<Response> {
  const opened = await tickets.open<Errand>("errand", text);
  if (opened === null || opened.isOver) {
    throw new Refusal(
      "PermissionDenied",
      "Cannot send: the errand is over",
      403,
    );
  }
  const { base, question, hash, terms, facts } = opened.facts;
  const given = body.byteLength === 0 ? null : body;
  const isSame = base === desk.base && request.method === question.method &&
    hash === (given === null ? null : await hashOf(given));
  if (!isSame) {
    throw new Refusal(
      "PermissionDenied",
      "Cannot send: it is another errand",
      403,
    );
  }
  const understood = await service.read({ ...question, body: given });
  const { signal } = request;
  const isEnd = understood.upload?.step === "complete";
  const sum = isEnd ? await requireSum(understood, facts, desk, signal) : null;
  // Not sent on: what is gone now could be there again by then, and be something else.
  if (sum instanceof Response) return sum;
  const response = await sendOn(understood, terms, signal);
  const asked = desk.askedOf(understood)[0];
  if (sum === null || asked === undefined || !response.ok) {
    return passed(response);
  }
  return passed(response, told(understood, asked, sum, onWritten));
}

async function requireSum(
  understood: SigningCase,
  facts: UploadFacts | null,
  desk: Desk,
  signal: AbortSignal,
): Promise<number | Response> {
  const { upload, operations: [keyed] } = understood;
  if (facts === null || upload === null || keyed === undefined) {
    throw new Refusal("InvalidArgument", "Cannot complete: it was not allowed");
  }
  requireStep(facts, desk.base, keyed.key, upload);
  const sum = await understood.sumOfParts(signal);
  if (sum instanceof Response || isPromised(facts, sum)) return sum;
  await understood.discard(signal);
  throw new Refusal(
    "InvalidArgument",
    "Cannot complete the upload: its parts are not what was allowed, so they are thrown away",
  );
}

// The answer is passed on as it comes: services send white space while they work.
function told(
  understood: SigningCase,
  { path }: AskedOperation,
  size: number,
  onWritten: ErrandOptions["onWritten"],
): (headers: Headers) => TransformStream<Uint8Array, Uint8Array> {
  return (headers) => {
    const decoder = new TextDecoder();
    let text = "";
    return new TransformStream({
      transform(chunk, controller) {
        text += decoder.decode(chunk, { stream: true });
        controller.enqueue(chunk);
      },
      async flush() {
        const made = understood.completed(text, headers);
        if (made !== null) await onWritten({ path, size, ...made });
      },
    });
  };
}

function passed(
  { status, headers, body }: Response,
  through?: (headers: Headers) => TransformStream<Uint8Array, Uint8Array>,
): Response {
  const stream = through === undefined ? body : body?.pipeThrough(
    through(headers),
  );
  return new Response(stream ?? null, {
    status,
    headers: passedFields(headers),
  });
}
