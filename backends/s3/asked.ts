// This module is browser compatible.
import { isWellFormed } from "../../core/path.ts";
import type { SigningQuestion } from "../../core/signing.ts";
import {
  hasNames,
  inOrder,
  type QueryRules,
  refused,
} from "../_http/asked_query.ts";
import {
  checkFields,
  CHECKSUM_FIELDS,
  COPY_FIELDS,
  decode,
  DELETE_FIELDS,
  type FieldRules,
  LOOK_FIELDS,
  OPENED_FIELDS,
  RANGE_FIELD,
  READ_FIELDS,
  show,
  STORED_FIELDS,
  writeConditions,
} from "./asked_fields.ts";
import type { S3Call, S3Connection } from "./connection.ts";
import { requireKey } from "./endpoint.ts";

/** The operations that this library sends, by the names of S3. */
export type S3OperationName =
  | "get"
  | "head"
  | "ping"
  | "list"
  | "put"
  | "copy"
  | "open"
  | "part"
  | "copyPart"
  | "complete"
  | "abort"
  | "check"
  | "parts"
  | "delete"
  | "deleteMany";

/** A question that has been taken apart, and rebuilt to the same. */
export interface S3Asked {
  /** What it is. */
  readonly name: S3OperationName;
  /** The object's key; `null` for the bucket. */
  readonly key: string | null;
  /** The parameters, in their order. */
  readonly query: Readonly<Record<string, string>>;
  /** The fields that were given, with those that belong to the operation. */
  readonly headers: Readonly<Record<string, string>>;
  /** The URL without a signature. */
  readonly url: string;
}

/** What one operation looks like. */
interface Shape {
  readonly name: S3OperationName;
  readonly method: string;
  /** Whether it is about an object, and not about the bucket. */
  readonly object: boolean;
  /** The parameters. */
  readonly query: QueryRules;
  /** A field that tells it from another one. */
  readonly field?: string;
  readonly fields: FieldRules;
  readonly metadata?: boolean;
  readonly kind: S3Call["kind"];
  /** Whether it has a body, by its size: `"none"`, `"any"` or `"sent"` along with the question. */
  readonly body: "none" | "any" | "sent";
}

const is = (wanted: string) => (value: string) => value === wanted;
const isText = (value: string) => value.length > 0 && value.length <= 4096;
const isCount = (most: number) => (value: string) =>
  /^[1-9]\d{0,4}$/.test(value) && Number(value) <= most;

const PART = { partNumber: isCount(10_000), uploadId: isText };
const XML = { "content-type": is("application/xml") };

/** What a link may have an answer say of itself: nothing that a browser runs. */
const OVERRIDES = {
  "response-content-type?": (value: string) =>
    /^(?:application\/(?:octet-stream|pdf|zip)|text\/plain(?:; ?charset=utf-8)?|(?:audio|video)\/[\w.+-]+|image\/(?!svg)[\w.+-]+)$/i
      .test(value),
  "response-content-disposition?": (value: string) =>
    /^attachment(?:;[\x20-\x7e]*)?$/i.test(value),
};

function shapesOf(conditions: FieldRules): readonly Shape[] {
  const both = { object: true, body: "none" } as const;
  const copied = { ...COPY_FIELDS, ...conditions };
  return [
    {
      ...both,
      name: "get",
      method: "GET",
      query: OVERRIDES,
      fields: READ_FIELDS,
      kind: "read",
    },
    {
      ...both,
      name: "check",
      method: "GET",
      query: { uploadId: isText, "max-parts": is("1") },
      fields: {},
      kind: "part",
    },
    {
      ...both,
      name: "parts",
      method: "GET",
      query: { uploadId: isText, "part-number-marker?": isCount(10_000) },
      fields: {},
      kind: "part",
    },
    {
      ...both,
      name: "head",
      method: "HEAD",
      query: {},
      fields: LOOK_FIELDS,
      kind: "read",
    },
    {
      name: "ping",
      method: "HEAD",
      object: false,
      query: {},
      fields: {},
      kind: "other",
      body: "none",
    },
    {
      name: "list",
      method: "GET",
      object: false,
      query: {
        "list-type": is("2"),
        "encoding-type": is("url"),
        "prefix?": isText,
        "delimiter?": is("/"),
        "max-keys?": isCount(1000),
        "continuation-token?": isText,
        "start-after?": isText,
      },
      fields: {},
      kind: "other",
      body: "none",
    },
    {
      ...both,
      name: "copy",
      method: "PUT",
      query: {},
      field: "x-amz-copy-source",
      fields: copied,
      kind: "copy",
    },
    {
      name: "put",
      method: "PUT",
      object: true,
      query: {},
      fields: { ...STORED_FIELDS, ...CHECKSUM_FIELDS, ...conditions },
      metadata: true,
      kind: "write",
      body: "any",
    },
    {
      ...both,
      name: "copyPart",
      method: "PUT",
      query: PART,
      field: "x-amz-copy-source",
      fields: { ...COPY_FIELDS, ...RANGE_FIELD },
      kind: "part",
    },
    {
      name: "part",
      method: "PUT",
      object: true,
      query: PART,
      fields: CHECKSUM_FIELDS,
      kind: "part",
      body: "any",
    },
    {
      ...both,
      name: "open",
      method: "POST",
      query: { uploads: is("") },
      fields: OPENED_FIELDS,
      metadata: true,
      kind: "write",
    },
    {
      name: "complete",
      method: "POST",
      object: true,
      query: { uploadId: isText },
      fields: {
        ...XML,
        ...CHECKSUM_FIELDS,
        ...conditions,
        "x-amz-checksum-type": is("FULL_OBJECT"),
      },
      kind: "part",
      body: "sent",
    },
    {
      ...both,
      name: "abort",
      method: "DELETE",
      query: { uploadId: isText },
      fields: {},
      kind: "other",
    },
    {
      ...both,
      name: "delete",
      method: "DELETE",
      query: {},
      fields: DELETE_FIELDS,
      kind: "other",
    },
    {
      name: "deleteMany",
      method: "POST",
      object: false,
      query: { delete: is("") },
      fields: { ...XML, "x-amz-checksum-sha256": () => true },
      kind: "other",
      body: "sent",
    },
  ];
}

/** What a copy in parts is opened with: the source's own take their place. */
const COPIED_FIELDS: FieldRules = Object.fromEntries(
  Object.keys(OPENED_FIELDS).map((name) => [name, () => true]),
);

/** Every URL that this library asks with is far shorter. */
const MAX_URL = 16_384;

/**
 * Takes a question apart and builds it anew.
 *
 * @throws {InvalidArgumentError} If the two differ in a byte, or anything is left over.
 */
export function readAsked(
  { method, url, headers, size, body, plan }: SigningQuestion,
  connection: S3Connection,
): S3Asked {
  const base = connection.urlOf(null);
  // First of all: what is no text cannot be escaped, and throws another error.
  if (!isWellFormed(url)) throw refused("the URL holds a lone surrogate");
  if (url.length > MAX_URL || !url.startsWith(base)) {
    throw refused("the URL is not one of the bucket");
  }
  const [path = "", ...queries] = url.slice(base.length).split("?");
  const key = decode(path);
  const query = queries.length < 2 ? readQuery(queries[0] ?? null) : null;
  if (key === null || query === null) throw refused("the URL is malformed");
  const { dialect } = connection.settings;
  const shape = shapesOf(writeConditions(dialect)).find((one) =>
    one.method === method && one.object === (key !== "") &&
    hasNames(one.query, query) &&
    (one.field === undefined || Object.hasOwn(headers, one.field))
  );
  if (shape === undefined) {
    throw refused(`${show(method)} with these parameters is no operation`);
  }
  const ordered = inOrder(shape.query, query);
  const isCopy = shape.name === "open" && plan !== null && plan.source !== null;
  const extra = connection.extraHeaders(isCopy ? "copy" : shape.kind);
  const rules = isCopy ? COPIED_FIELDS : shape.fields;
  checkFields(headers, rules, extra, shape.metadata ?? false);
  checkBody(shape, size, body);
  if (shape.object) requireKey(key);
  const rebuilt = connection.urlWith(shape.object ? key : null, ordered);
  if (rebuilt !== url) throw refused("the URL is not written as here");
  return {
    name: shape.name,
    key: shape.object ? key : null,
    query: ordered,
    headers: { ...extra, ...headers },
    url: rebuilt,
  };
}

function readQuery(text: string | null): Map<string, string> | null {
  const query = new Map<string, string>();
  if (text === null) return query;
  for (const pair of text.split("&")) {
    const [name, value] = pair.split("=").map(decode);
    const isPair = name !== null && name !== undefined && name !== "" &&
      value !== null && value !== undefined && pair.split("=").length === 2;
    if (!isPair || query.has(name)) return null;
    query.set(name, value);
  }
  return query;
}

function checkBody(
  { body: wanted }: Shape,
  size: number | null,
  body: SigningQuestion["body"],
): void {
  if (wanted === "sent") {
    if (body === null) throw refused("its body has to come along");
    if (body.byteLength === size) return;
    throw refused("the body has another size than was said");
  }
  if (body !== null) throw refused("its body is not wanted");
  if (wanted === "any") {
    // Without it the size would not be part of the signature.
    if (size === null) throw refused("the size of the body is needed");
  } else if (size !== 0 && size !== null) {
    throw refused("it has no body");
  }
}
