// This module is browser compatible.
import { isWellFormed } from "../../core/path.ts";
import type { SigningQuestion } from "../../core/signing.ts";
import {
  hasNames,
  inOrder,
  type QueryRules as Rules,
  refused,
} from "../_http/asked_query.ts";
import { readIf, text } from "../_http/document.ts";
import { numberOf } from "./block_names.ts";
import type { Container, Query } from "./container.ts";
import {
  API_VERSION,
  FOLDER_MARK,
  METADATA_PREFIX,
  requireKey,
} from "./wire.ts";
import { formatBlockList } from "./writing.ts";

/** The operations that this library sends to a flat account, by the names of Azure. */
export type AzureOperationName =
  | "get"
  | "head"
  | "list"
  | "ping"
  | "put"
  | "block"
  | "blockList"
  | "committed"
  | "blocks"
  | "copy"
  | "abortCopy"
  | "delete";

/** A question that has been taken apart, and rebuilt to the same. */
export interface AzureAsked {
  /** What it is. */
  readonly name: AzureOperationName;
  /** The blob's key; of a listing the prefix. */
  readonly key: string;
  /** The source of a copy; else `null`. */
  readonly source: string | null;
  /** The parameters, in their order. */
  readonly query: Readonly<Record<string, string>>;
  /** The blocks that a list names. */
  readonly blocks: readonly string[];
}

type Rule = (value: string) => boolean;

/** What one operation looks like. */
interface Shape {
  readonly name: AzureOperationName;
  readonly method: string;
  readonly blob: boolean;
  /** The parameters in the order in which they are sent; those that may be missing have a `?`. */
  readonly query: Rules;
  /** Tells it from another one of the same parameters. */
  readonly isOne?: (query: ReadonlyMap<string, string>) => boolean;
  /** A field that tells it from another one. */
  readonly field?: string;
  readonly fields: Rules;
  readonly metadata?: boolean;
  readonly body: "none" | "any" | "sent";
}

const is = (wanted: string): Rule => (value) => value === wanted;
const isText: Rule = (value) => value.length > 0 && value.length <= 4096;

// Printable ASCII without a space at either end: no line break, and nothing that a proxy
// writes anew.
const isValue: Rule = (value) =>
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value);
const isTag: Rule = (value) => /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(value);
const isMd5: Rule = (value) => /^[A-Za-z0-9+/]{22}==$/.test(value);
const isType: Rule = (value) =>
  isValue(value) && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[^,]*)?$/.test(value);

const STORED: Rules = {
  "x-ms-blob-content-type": isType,
  "x-ms-blob-cache-control": isValue,
  "x-ms-blob-content-disposition": isValue,
  "x-ms-blob-content-encoding": isValue,
  "x-ms-blob-content-language": isValue,
};

// A star after If-Match would match any file.
const CONDITIONS: Rules = { "if-match": isTag, "if-none-match": is("*") };

const isBlockId: Rule = (value) => numberOf(value) !== null;

const SHAPES: readonly Shape[] = [
  {
    name: "get",
    method: "GET",
    blob: true,
    query: {},
    fields: {
      "x-ms-range": (value) => /^bytes=\d{1,15}-\d{0,15}$/.test(value),
      "if-match": isTag,
      "if-none-match": (value) => isTag(value) || value === "*",
    },
    body: "none",
  },
  {
    name: "blocks",
    method: "GET",
    blob: true,
    query: { comp: is("blocklist"), blocklisttype: is("all") },
    isOne: (query) => query.get("blocklisttype") === "all",
    fields: {},
    body: "none",
  },
  {
    name: "committed",
    method: "GET",
    blob: true,
    query: { comp: is("blocklist"), blocklisttype: is("committed") },
    fields: {},
    body: "none",
  },
  {
    name: "head",
    method: "HEAD",
    blob: true,
    query: {},
    fields: {},
    body: "none",
  },
  {
    name: "ping",
    method: "GET",
    blob: false,
    query: { restype: is("container"), comp: is("list"), maxresults: is("1") },
    fields: {},
    body: "none",
  },
  {
    name: "list",
    method: "GET",
    blob: false,
    query: {
      restype: is("container"),
      comp: is("list"),
      "prefix?": isText,
      "delimiter?": is("/"),
      "marker?": isText,
      "maxresults?": (value) =>
        /^[1-9]\d{0,3}$/.test(value) && Number(value) <= 5000,
      include: is("metadata"),
    },
    fields: {},
    body: "none",
  },
  {
    name: "copy",
    method: "PUT",
    blob: true,
    query: {},
    field: "x-ms-copy-source",
    fields: {
      ...CONDITIONS,
      "x-ms-copy-source": isText,
      "x-ms-requires-sync": is("true"),
      "x-ms-source-if-match": isTag,
      "x-ms-copy-source-tag-option": is("COPY"),
      "x-ms-access-tier": (value) => /^(?:Hot|Cool|Cold)$/.test(value),
    },
    body: "none",
  },
  {
    name: "put",
    method: "PUT",
    blob: true,
    query: {},
    fields: {
      ...STORED,
      ...CONDITIONS,
      "x-ms-blob-type": is("BlockBlob"),
      "content-md5": isMd5,
    },
    metadata: true,
    body: "any",
  },
  {
    name: "block",
    method: "PUT",
    blob: true,
    query: { comp: is("block"), blockid: isBlockId },
    fields: { "content-md5": isMd5 },
    body: "any",
  },
  {
    name: "blockList",
    method: "PUT",
    blob: true,
    query: { comp: is("blocklist") },
    fields: {
      ...STORED,
      ...CONDITIONS,
      "content-type": is("application/xml"),
      "x-ms-blob-content-md5": isMd5,
    },
    metadata: true,
    body: "sent",
  },
  {
    name: "abortCopy",
    method: "PUT",
    blob: true,
    query: { comp: is("copy"), copyid: isText },
    fields: { "x-ms-copy-action": is("abort") },
    body: "none",
  },
  {
    name: "delete",
    method: "DELETE",
    blob: true,
    query: {},
    fields: { "x-ms-delete-snapshots": is("include"), "if-match": isTag },
    body: "none",
  },
];

/**
 * Takes a question apart and builds it anew.
 *
 * @throws {InvalidArgumentError} If the two differ in a byte, or anything is left over.
 */
export function readAsked(
  question: SigningQuestion,
  container: Container,
): AzureAsked {
  const { method, url, headers } = question;
  if (!isWellFormed(url)) throw refused("the URL holds a lone surrogate");
  const base = `${container.blobUrl}/${container.name}`;
  const [path = "", ...queries] = url.split("?");
  const isOwn = path === base || path.startsWith(`${base}/`);
  if (!isOwn || url.length > 16_384) {
    throw refused("the URL is not one of the container");
  }
  const key = decode(path.slice(base.length + 1));
  const query = queries.length < 2 ? readQuery(queries[0] ?? null) : null;
  if (key === null || query === null) throw refused("the URL is malformed");
  const shape = SHAPES.find((one) =>
    one.method === method && one.blob === (path !== base) &&
    hasNames(one.query, query) && one.isOne?.(query) !== false &&
    (one.field === undefined || Object.hasOwn(headers, one.field))
  );
  if (shape === undefined) throw refused("it is no operation");
  const ordered = inOrder(shape.query, query);
  checkFields(headers, shape);
  const rebuilt = shape.blob
    ? container.url(requireKey(key), ordered)
    : container.ownUrl(without(ordered, "restype"));
  if (key === "" && shape.blob) throw refused("it names no blob");
  if (rebuilt !== url) throw refused("the URL is not written as here");
  return {
    name: shape.name,
    key: shape.name === "list" ? ordered["prefix"] ?? "" : key,
    source: shape.name === "copy"
      ? sourceOf(headers["x-ms-copy-source"] ?? "", container, base)
      : null,
    query: ordered,
    blocks: checkBody(shape, question),
  };
}

function sourceOf(url: string, container: Container, base: string): string {
  const key = url.startsWith(`${base}/`)
    ? decode(url.slice(base.length + 1))
    : null;
  if (key === null || key === "" || container.url(key) !== url) {
    throw refused("the source of the copy is not written as here");
  }
  return key;
}

const METADATA_NAME = /^[a-z_][a-z0-9_]*$/;

function checkFields(
  headers: Readonly<Record<string, string>>,
  { fields, metadata }: Shape,
): void {
  let length = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (name === "x-ms-version" && value === API_VERSION) continue;
    if (metadata && name.startsWith(METADATA_PREFIX)) {
      const key = name.slice(METADATA_PREFIX.length);
      length += name.length + value.length;
      const isPlain = METADATA_NAME.test(key) && key !== FOLDER_MARK &&
        (value === "" || isValue(value));
      if (isPlain && length <= 8192) continue;
      throw refused("the user metadata is malformed, or too much");
    }
    if (!Object.hasOwn(fields, name)) {
      throw refused(
        `the field ${
          JSON.stringify(name.slice(0, 64))
        } is not part of the operation`,
      );
    }
    if (!fields[name]!(value)) {
      throw refused(`the field ${JSON.stringify(name)} is malformed`);
    }
  }
}

function checkBody(
  { body: wanted }: Shape,
  { size, body }: SigningQuestion,
): readonly string[] {
  if (wanted === "sent") {
    if (body === null || body.byteLength !== size) {
      throw refused("its body has to come along");
    }
    return readBlocks(body);
  }
  if (body !== null) throw refused("its body is not wanted");
  if (wanted === "any" ? size === null : size !== 0 && size !== null) {
    throw refused("the size of the body is another one");
  }
  return [];
}

const LIST = { Latest: [text] } as const;

function readBlocks(body: Uint8Array<ArrayBuffer>): readonly string[] {
  const document = new TextDecoder().decode(body);
  const ids = (readIf(document, "BlockList", LIST)?.Latest ?? []).map((id) =>
    id ?? ""
  );
  const isOurs = ids.length > 0 && ids.length <= 50_000 &&
    ids.every((id, at) => numberOf(id) === at + 1);
  const rebuilt = formatBlockList(ids);
  const isSame = rebuilt.byteLength === body.byteLength &&
    rebuilt.every((byte, at) => byte === body[at]);
  if (isOurs && isSame) return ids;
  throw refused("the list of blocks is not written as here");
}

function readQuery(text: string | null): Map<string, string> | null {
  const query = new Map<string, string>();
  if (text === null) return query;
  for (const pair of text.split("&")) {
    const parts = pair.split("=");
    const [name = null, value = null] = parts.map(decode);
    if (parts.length !== 2 || !name || value === null || query.has(name)) {
      return null;
    }
    query.set(name, value);
  }
  return query;
}

function without(query: Readonly<Record<string, string>>, name: string): Query {
  return Object.fromEntries(
    Object.entries(query).filter(([of]) => of !== name),
  );
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
