// This module is browser compatible.
import { isContainerNotFound, type WriteFacts } from "../../core/backend.ts";
import type {
  BackendUploads,
  OpenPartsRequest,
  PartsPage,
  PartsRequest,
  UploadedPart,
} from "../../core/backend_uploads.ts";
import { conditionFailed, uploadGone } from "../../core/commit.ts";
import type { ContentDigest } from "../../core/digest.ts";
import { settle } from "../../core/doubt.ts";
import { InvalidArgumentError, isRemoteStoreError } from "../../core/errors.ts";
import type { PromisedUpload, UploadTicket } from "../../core/signing.ts";
import { text } from "../_http/document.ts";
import { promisedBy } from "../_http/promised_upload.ts";
import { UploadTickets } from "../_http/upload_tickets.ts";
import { planUpload } from "../_http/upload_plan.ts";
import { CREATED, documentOf } from "./answers.ts";
import { isStem, keptBlockId, newStem, numberBehind } from "./block_names.ts";
import type { Container } from "./container.ts";
import { madeOf } from "./evidence.ts";
import { failureCode, isConflict } from "./failures.ts";
import { MAX_BLOCK_SIZE, type Settings } from "./options.ts";
import { statBlob } from "./probing.ts";
import { conditionFields, requireKey } from "./wire.ts";
import {
  breaks,
  formatBlockList,
  lookFor,
  MAX_BLOCKS,
  storedFields,
  toFacts,
} from "./writing.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const BLOCKS = { Block: [{ Name: text, Size: text }] } as const;
const readLists = documentOf("BlockList", {
  CommittedBlocks: BLOCKS,
  UncommittedBlocks: BLOCKS,
});

/**
 * Uploads in blocks. There is nothing to open: an upload is the start of its blocks'
 * names, which hold their numbers and digests as well.
 */
export class AzureUploads implements BackendUploads {
  readonly #container: Container;
  readonly #blockSize: number;
  readonly #tickets = new UploadTickets();

  constructor({ container, blockSize }: Settings) {
    this.#container = container;
    this.#blockSize = blockSize;
  }

  partSizeFor(size: number, wanted: number | null): number {
    return planUpload(size, {
      partSize: wanted ?? this.#blockSize,
      concurrency: 1,
      maxParts: MAX_BLOCKS,
      maxPartSize: MAX_BLOCK_SIZE,
    }).partSize;
  }

  async open(key: string, request: PartsRequest): Promise<string> {
    requireKey(key);
    // What cannot be stored is refused before anything is sent.
    storedFields(request);
    const { condition, signal } = request;
    await lookFor(this.#container, key, condition, signal);
    return newStem();
  }

  async part(
    key: string,
    number: number,
    bytes: Bytes,
    digest: ContentDigest | null,
    request: OpenPartsRequest,
  ): Promise<string> {
    const hash = digest?.algorithm === "sha256"
      ? fromHex(digest.value)
      : new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const blockid = keptBlockId(stemOf(request), number, hash);
    const url = this.#container.url(key, { comp: "block", blockid });
    await this.#container.get("PUT", url, {
      body: bytes,
      ...this.#promiseOf(request),
      answers: CREATED,
      signal: request.signal,
    });
    return blockid;
  }

  async parts(
    key: string,
    _cursor: unknown,
    request: OpenPartsRequest,
  ): Promise<PartsPage | null> {
    const query = { comp: "blocklist", blocklisttype: "all" };
    const answer = await this.#container.ask(
      "GET",
      this.#container.url(key, query),
      {
        ...this.#promiseOf(request),
        answers: { 200: readLists },
        refusals: [404],
        signal: request.signal,
      },
    );
    if (answer.outcome === "refused") {
      if (isContainerNotFound(answer.error)) throw answer.error;
      // Without blocks there is no blob. Nor is it known whether there were some.
      return { parts: [], cursor: null };
    }
    const { CommittedBlocks, UncommittedBlocks } = answer.value.found;
    const stem = stemOf(request);
    const parts = partsOf(stem, UncommittedBlocks);
    const isDone = parts.length === 0 &&
      partsOf(stem, CommittedBlocks).length > 0;
    return isDone ? null : { parts, cursor: null };
  }

  async complete(
    key: string,
    parts: readonly UploadedPart[],
    request: OpenPartsRequest,
  ): Promise<WriteFacts> {
    const { condition, signal } = request;
    const container = this.#container;
    const ids = parts.map(({ tag }) => tag);
    // The end alone gets no ticket.
    if (!this.#tickets.has(request.id)) await this.parts(key, null, request);
    const made = () => madeOf(container, key, ids, signal);
    // A list that names committed blocks is taken again, and makes another version.
    if (condition.overwrite && condition.ifMatch === null) {
      const before = await made().catch(blind);
      if (before?.verdict === "mine") return toFacts(before.value, null);
    }
    const url = container.url(key, { comp: "blocklist" });
    const attempt = await container.change("PUT", url, {
      headers: {
        "content-type": "application/xml",
        ...storedFields(request),
        ...conditionFields(condition),
      },
      body: formatBlockList(ids),
      names: true,
      ...this.#promiseOf(request),
      answers: CREATED,
      signal,
    });
    if (attempt.outcome === "refused" && attempt.failure !== null) {
      const isLost = failureCode(attempt.failure) === "InvalidBlockList";
      if (isLost || isConflict(attempt.error)) {
        const found = await made();
        if (found.verdict === "mine") return toFacts(found.value, null);
        const entry = await statBlob(container, key, signal);
        if (breaks(entry, condition)) throw conditionFailed(condition);
        // Ended by another writer's commit, or after a week.
        if (isLost) throw uploadGone();
      }
    }
    return toFacts(await settle(attempt, made, signal), null);
  }

  // A signer that is asked about an upload for the first time gives a ticket.
  #promiseOf(
    request: OpenPartsRequest,
  ): { readonly plan: PromisedUpload; readonly ticket: UploadTicket } {
    const ticket = this.#tickets.of(request.id);
    return { plan: promisedBy(request), ticket };
  }

  // There is no call for it: blocks that are on no list expire within a week.
  discard(): Promise<void> {
    return Promise.resolve();
  }
}

function fromHex(hex: string): Uint8Array {
  const bytes = hex.match(/../g) ?? [];
  return Uint8Array.from(bytes, (byte) => parseInt(byte, 16));
}

function stemOf({ id }: OpenPartsRequest): string {
  if (isStem(id)) return id;
  throw new InvalidArgumentError("Cannot go on with an upload: its id is none");
}

function partsOf(
  stem: string,
  list: {
    readonly Block: readonly {
      readonly Name: string | null;
      readonly Size: string | null;
    }[];
  } | null,
): UploadedPart[] {
  return (list?.Block ?? []).flatMap(({ Name, Size }) => {
    const number = numberBehind(stem, Name ?? "");
    return Name === null || number === null
      ? []
      : [{ number, size: Number(Size), tag: Name }];
  });
}

function blind(error: unknown): null {
  const isBlind = isRemoteStoreError(error) &&
    error.code === "PermissionDenied";
  if (isBlind) return null;
  throw error;
}
