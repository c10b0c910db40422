// This module is browser compatible.
import { isContainerNotFound } from "../../core/backend.ts";
import { ContentDigest } from "../../core/digest.ts";
import { AlreadyExistsError } from "../../core/errors.ts";
import type {
  GrantedRequest,
  KeyedOperation,
  SigningCase,
  SigningQuestion,
  SigningTerms,
  UploadStep,
} from "../../core/signing.ts";
import { CONTENT_FIELDS, readMetadata } from "../_http/headers.ts";
import { text } from "../_http/document.ts";
import { documentOf } from "./answers.ts";
import type { AzureAsked } from "./asked.ts";
import { numberOf } from "./block_names.ts";
import { type AzureBackend, containerOf } from "./backend.ts";
import { presignerOf } from "./presigning.ts";
import { statBlob } from "./probing.ts";
import { METADATA_PREFIX } from "./wire.ts";
import { storedFields } from "./writing.ts";

/** What a type is where none was given. */
const UNTYPED = "application/octet-stream";

const WORDS = {
  get: "read",
  committed: "read",
  blocks: "write",
  head: "head",
  ping: "ping",
  list: "list",
  put: "write",
  block: "write",
  blockList: "write",
  copy: "copy",
  abortCopy: "write",
  delete: "delete",
} as const;

const STEPS: Readonly<Record<string, UploadStep["step"]>> = {
  block: "part",
  blocks: "check",
  blockList: "complete",
};

const BLOCKS = { Block: [{ Name: text, Size: text }] } as const;
const LISTS = { CommittedBlocks: BLOCKS, UncommittedBlocks: BLOCKS } as const;
const readLists = documentOf("BlockList", LISTS);

/** A question about Azure that has been understood. */
export class AzureCase implements SigningCase {
  readonly operations: readonly KeyedOperation[];
  readonly upload: UploadStep | null;
  readonly onlyHere: boolean;
  readonly #backend: AzureBackend;
  readonly #question: SigningQuestion;
  readonly #asked: AzureAsked;

  constructor(
    backend: AzureBackend,
    question: SigningQuestion,
    asked: AzureAsked,
  ) {
    this.#backend = backend;
    this.#question = question;
    this.#asked = asked;
    // No signature is for a folder, and the one for a list of blocks is for the file too:
    // who may write would get to read.
    this.onlyHere = ["list", "ping", "blocks"].includes(asked.name);
    this.upload = this.#stepOf();
    const operation = this.#operationOf();
    // Whoever has the signature of a look can read by it.
    this.operations = asked.name === "head"
      ? [operation, { ...operation, operation: "read" }]
      : [operation];
  }

  async sign(terms: SigningTerms): Promise<GrantedRequest> {
    const { name, key, source } = this.#asked;
    const { url } = this.#question;
    const headers = this.#fieldsFor(terms);
    if (name === "block" && this.operations[0]?.create) {
      await this.#requireAbsent();
    }
    if (source !== null) {
      const tagged = "x-ms-copy-source-tag-option" in headers;
      const permissions = tagged ? "rt" : "r";
      const from = await this.#signed(source, permissions, terms.seconds);
      headers["x-ms-copy-source"] = from;
    }
    const permissions = this.#permissions();
    const signed = await this.#signed(key, permissions, terms.seconds);
    const sas = signed.slice(signed.indexOf("?") + 1);
    return {
      url: `${url}${url.includes("?") ? "&" : "?"}${sas}`,
      headers,
      enforced: name === "put" && permissions === "c" ? ["create"] : [],
    };
  }

  async send(terms: SigningTerms, signal: AbortSignal): Promise<Response> {
    const { method, url, body } = this.#question;
    const container = containerOf(this.#backend);
    const request = await container.signPart({
      method,
      // A look at the start of all would tell of a file that is another's.
      url: this.#asked.name === "ping"
        ? `${url}&prefix=${crypto.randomUUID()}`
        : url,
      headers: this.#fieldsFor(terms),
      body,
    }, signal);
    return await container.fetch(request.url, {
      method,
      headers: { ...request.headers },
      body: request.body,
      signal,
      redirect: "manual",
    });
  }

  // There is no opening.
  partsOf(): readonly SigningQuestion[] {
    return [];
  }

  async sumOfParts(signal: AbortSignal): Promise<number | Response> {
    const { key, blocks } = this.#asked;
    const container = containerOf(this.#backend);
    const query = { comp: "blocklist", blocklisttype: "all" };
    const answer = await container.ask("GET", container.url(key, query), {
      answers: { 200: readLists },
      refusals: [404],
      signal,
    });
    if (answer.outcome === "refused") {
      if (isContainerNotFound(answer.error)) throw answer.error;
      return listRefused();
    }
    const { found } = answer.value;
    const lists = [found.CommittedBlocks, found.UncommittedBlocks];
    const sizes = new Map(
      lists.flatMap((list) => list?.Block ?? []).map(({ Name, Size }) => [
        Name,
        Number(Size),
      ]),
    );
    return blocks.every((id) => sizes.has(id))
      ? blocks.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0)
      : listRefused();
  }

  // There is no call for it: blocks that are on no list expire within a week.
  discard(): Promise<void> {
    return Promise.resolve();
  }

  completed(
    _text: string,
    headers: Headers,
  ): ReturnType<SigningCase["completed"]> {
    return {
      etag: headers.get("etag"),
      versionId: headers.get("x-ms-version-id"),
    };
  }

  // Whoever may send blocks may replace the file, whatever it was that they promised. The
  // list comes behind them, and once more where its answer was lost.
  async #requireAbsent(): Promise<void> {
    const { key } = this.#asked;
    const container = containerOf(this.#backend);
    if (await statBlob(container, key, undefined) === null) return;
    throw new AlreadyExistsError("it exists and overwrite is false");
  }

  async #signed(
    key: string,
    permissions: string,
    seconds: number,
  ): Promise<string> {
    const { url } = await presignerOf(this.#backend)
      .presign(key, { permissions, seconds }, undefined);
    return url;
  }

  #permissions(): string {
    const { name } = this.#asked;
    const creates = this.#question.headers["if-none-match"] === "*";
    switch (name) {
      case "get":
      case "head":
      case "committed":
        return "r";
      case "delete":
        return "d";
      case "put":
      case "copy":
        return creates ? "c" : "cw";
      default:
        return "cw";
    }
  }

  #stepOf(): UploadStep | null {
    const { name, query, blocks } = this.#asked;
    const step = STEPS[name];
    if (step === undefined) return null;
    const { headers, size } = this.#question;
    return {
      step,
      number: step === "part"
        ? numberOf(query["blockid"] ?? "") ?? 0
        : blocks.length,
      size: size ?? 0,
      create: headers["if-none-match"] === "*",
      ifMatch: headers["if-match"] ?? null,
      opens: step !== "complete",
      // Blocks say nothing of the file, so that its type was only promised.
      stores: step === "complete",
    };
  }

  #operationOf(): KeyedOperation {
    const { name, key, source } = this.#asked;
    const { headers, plan, size } = this.#question;
    const isPart = name === "block" || name === "blocks";
    const stores = name === "put" || name === "blockList";
    const field = (of: keyof typeof CONTENT_FIELDS) =>
      stores ? headers[`x-ms-blob-${CONTENT_FIELDS[of]}`] ?? null : null;
    const sent = new Headers(
      Object.entries(headers).filter(([of]) => of.startsWith(METADATA_PREFIX)),
    );
    const md5 = headers["content-md5"];
    return {
      operation: WORDS[name],
      key,
      sourceKey: source,
      size: name === "put"
        ? size
        : isPart || name === "blockList"
        ? plan?.size ?? null
        : null,
      create: isPart
        ? plan?.create ?? false
        : headers["if-none-match"] === "*" && WORDS[name] !== "read",
      ifMatch: isPart ? plan?.ifMatch ?? null : headers["if-match"] ?? null,
      contentType: isPart ? plan?.contentType ?? null : field("contentType"),
      cacheControl: field("cacheControl"),
      contentDisposition: field("contentDisposition"),
      contentEncoding: field("contentEncoding"),
      contentLanguage: field("contentLanguage"),
      metadata: stores ? readMetadata(sent, METADATA_PREFIX) : null,
      digest: name === "put" && md5 !== undefined
        ? ContentDigest.fromBase64("md5", md5)
        : null,
    };
  }

  // What a grant fixes takes the place of what was asked for.
  #fieldsFor(
    { contentType, metadata }: Omit<SigningTerms, "seconds">,
  ): Record<string, string> {
    const { name } = this.#asked;
    const { headers } = this.#question;
    if (name !== "put" && name !== "blockList") return { ...headers };
    const kept = Object.entries(headers).filter(([of]) =>
      metadata === undefined || !of.startsWith(METADATA_PREFIX)
    );
    const type = "x-ms-blob-content-type";
    return {
      ...Object.fromEntries(kept),
      ...storedFields({ headers: NO_HEADERS, metadata: metadata ?? null }),
      [type]: contentType ?? headers[type] ?? UNTYPED,
    };
  }
}

// As the service says it.
function listRefused(): Response {
  const code = "InvalidBlockList";
  return new Response(`<Error><Code>${code}</Code></Error>`, {
    status: 400,
    headers: { "content-type": "application/xml", "x-ms-error-code": code },
  });
}

const NO_HEADERS = {
  contentType: null,
  cacheControl: null,
  contentDisposition: null,
  contentEncoding: null,
  contentLanguage: null,
} as const;
