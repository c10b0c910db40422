// This module is browser compatible.
import { InvalidArgumentError } from "../../core/errors.ts";
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";
import {
  fromBase64,
  type HmacKey,
  hmacSha256,
  toBase64,
  toHmacKey,
} from "../_http/hmac.ts";

/** What a shared access signature (SAS) permits, and until when. */
export interface SasOptions {
  /** The account's name. */
  readonly accountName: string;
  /** The container's name. */
  readonly container: string;
  /**
   * The blob's key. Without one the signature is for the whole container.
   *
   * @default {the container}
   */
  readonly key?: string | undefined;
  /**
   * Letters of what is permitted: `r` read, `c` create, `w` write, `d` delete, `l` list,
   * `a` append, `x` delete a version, `t` tags, `m` move, `e` execute.
   */
  readonly permissions: string;
  /** When it ends. */
  readonly expires: Date;
  /** When it begins; without it, at once. */
  readonly starts?: Date | undefined;
  /** The addresses that may use it: one, or a range `a-b`. */
  readonly ip?: string | undefined;
  /**
   * Whether plain http is allowed too. A backend whose endpoint is http allows it.
   *
   * @default {false}
   */
  readonly allowHttp?: boolean | undefined;
  /** What answers shall say instead of the stored headers. */
  readonly responseHeaders?: SasResponseHeaders | undefined;
}

/** The headers that a SAS can replace in answers. */
export interface SasResponseHeaders {
  /** `Cache-Control`. */
  readonly cacheControl?: string | undefined;
  /** `Content-Disposition`. */
  readonly contentDisposition?: string | undefined;
  /** `Content-Encoding`. */
  readonly contentEncoding?: string | undefined;
  /** `Content-Language`. */
  readonly contentLanguage?: string | undefined;
  /** `Content-Type`. */
  readonly contentType?: string | undefined;
}

/** The key that the service hands to a bearer, to sign with instead of the account's. */
export interface UserDelegationKey {
  /** The object that it was given to, `SignedOid`. */
  readonly objectId: string;
  /** The tenant, `SignedTid`. */
  readonly tenantId: string;
  /** When it begins, as the service wrote it. */
  readonly starts: string;
  /** When it ends, as the service wrote it. */
  readonly expires: string;
  /** The service, `b`. */
  readonly service: string;
  /** The version it was made with. */
  readonly version: string;
  /** The key itself, base64. A secret. */
  readonly value: string;
}

/**
 * The version that signatures are made by. Later ones than 2025-05-05 sign more fields,
 * which nothing here needs.
 */
export const SAS_VERSION = "2022-11-02";

const CREATE = "create a SAS";

const DELEGATION_KEY: KnownOptions<UserDelegationKey> = {
  objectId: "string",
  tenantId: "string",
  starts: true,
  expires: true,
  service: true,
  version: "string",
  value: "string",
};
const SAS: KnownOptions<SasOptions> = {
  accountName: "string",
  container: "string",
  key: "string",
  permissions: "string",
  expires: true,
  starts: true,
  ip: "string",
  allowHttp: "boolean",
  responseHeaders: "object",
};
const RESPONSE: KnownOptions<SasResponseHeaders> = {
  cacheControl: "string",
  contentDisposition: "string",
  contentEncoding: "string",
  contentLanguage: "string",
  contentType: "string",
};

/** The order in which the service wants permissions; another is refused. */
const PERMISSIONS = "racwdxyltmeopi";

/**
 * Makes a service SAS, signed with the account's key.
 *
 * @returns The query, without a question mark. A secret: whoever has it may do what it permits.
 * @throws {InvalidArgumentError} If a permission or a date is none, or an option unknown.
 */
export function createServiceSas(
  options: SasOptions,
  accountKey: string,
): string {
  return signServiceSas(options, sasFields(options), toKey(accountKey));
}

/** Returns a service SAS of fields that have been checked. */
export function signServiceSas(
  subject: SasSubject,
  fields: SasFields,
  accountKey: HmacKey,
): string {
  return sign(fields, serviceStringToSign(subject, fields), accountKey);
}

/**
 * Makes a user delegation SAS: the same, signed with a key of Microsoft Entra, so that
 * no account key is needed.
 *
 * @returns The query, without a question mark. A secret.
 * @throws {InvalidArgumentError} If a permission or a date is none, or an option unknown.
 */
export function createUserDelegationSas(
  options: SasOptions,
  key: UserDelegationKey,
): string {
  const sas = sasFields(options);
  requireKnown(CREATE, null, key, DELEGATION_KEY, "key");
  const fields: SasFields = {
    ...sas,
    skoid: key.objectId,
    sktid: key.tenantId,
    skt: key.starts,
    ske: key.expires,
    sks: key.service,
    skv: key.version,
  };
  const text = delegationStringToSign(options, fields);
  return sign(fields, text, toKey(key.value));
}

/** What a SAS is for: a blob, or all of a container. */
export type SasSubject = Pick<SasOptions, "accountName" | "container" | "key">;

/** The query fields of a SAS, without those that are empty. */
export type SasFields = Readonly<Record<string, string>>;

/** Returns the fields that both kinds of SAS have. */
export function sasFields(options: SasOptions): SasFields {
  const { key, starts, ip, allowHttp, responseHeaders: headers = {} } = options;
  // A key that is misspelled would be a right to the whole container.
  requireKnown(CREATE, null, options, SAS);
  requireKnown(CREATE, null, headers, RESPONSE, "responseHeaders");
  const fields: Record<string, string | undefined> = {
    sv: SAS_VERSION,
    spr: allowHttp ? "https,http" : "https",
    st: starts === undefined ? undefined : sasDate("starts", starts),
    se: sasDate("expires", options.expires),
    sip: ip,
    sr: key === undefined ? "c" : "b",
    sp: sortPermissions(options.permissions),
    rscc: headers.cacheControl,
    rscd: headers.contentDisposition,
    rsce: headers.contentEncoding,
    rscl: headers.contentLanguage,
    rsct: headers.contentType,
  };
  const given = Object.entries(fields).filter(([, value]) => value);
  return Object.fromEntries(given) as Record<string, string>;
}

/** Returns the text that an account key signs (Create a service SAS, 2020-12-06 on). */
export function serviceStringToSign(
  subject: SasSubject,
  fields: SasFields,
): string {
  const { sp, st, se } = fields;
  const identifier = "";
  return lines(fields, [sp, st, se, resource(subject), identifier]);
}

/** Returns the text that a delegation key signs (Create a user delegation SAS, 2020-12-06 on). */
export function delegationStringToSign(
  options: SasOptions,
  fields: SasFields,
): string {
  const { sp, st, se, skoid, sktid, skt, ske, sks, skv } = fields;
  const [authorized, unauthorized, correlation] = ["", "", ""];
  return lines(fields, [
    ...[sp, st, se, resource(options), skoid, sktid, skt, ske, sks, skv],
    ...[authorized, unauthorized, correlation],
  ]);
}

function lines(fields: SasFields, own: (string | undefined)[]): string {
  const { sip, spr, sv, sr, rscc, rscd, rsce, rscl, rsct } = fields;
  const [snapshot, scope] = ["", ""];
  return [
    ...own,
    ...[sip, spr, sv, sr, snapshot, scope],
    ...[rscc, rscd, rsce, rscl, rsct],
  ].map((value) => value ?? "").join("\n");
}

function resource({ accountName, container, key }: SasSubject): string {
  const blob = key === undefined ? "" : `/${key}`;
  return `/blob/${accountName}/${container}${blob}`;
}

function toKey(secret: string): HmacKey {
  const bytes = fromBase64(secret);
  if (bytes === null) throw invalid("the key is no base64");
  return toHmacKey(bytes);
}

function sign(fields: SasFields, text: string, key: HmacKey): string {
  const signature = hmacSha256(key, text);
  return Object.entries({ ...fields, sig: toBase64(signature) })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** Refuses what is no date, before anything is asked: seconds are none. */
function requireDate(option: string, value: unknown): void {
  // By shape: a date of another realm is no instance of this one's class.
  if (Object.prototype.toString.call(value) !== "[object Date]") {
    const found = value === null ? "null" : `of type ${typeof value}`;
    throw invalid(`${option} is ${found}, a Date is needed`);
  }
  if (Number.isNaN((value as Date).getTime())) {
    throw invalid("a date is invalid");
  }
}

function sasDate(option: string, date: Date): string {
  requireDate(option, date);
  return formatSasDate(date);
}

/** Returns a date as a SAS has it: in whole seconds. */
export function formatSasDate(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

function sortPermissions(given: string): string {
  const letters = [...new Set(given)];
  if (letters.length === 0 || letters.some((x) => !PERMISSIONS.includes(x))) {
    throw invalid(`permissions are not letters of ${PERMISSIONS}`);
  }
  return letters.sort((a, b) => PERMISSIONS.indexOf(a) - PERMISSIONS.indexOf(b))
    .join("");
}

function invalid(why: string): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot create a SAS: ${why}`);
}
