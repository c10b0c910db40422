// This module is browser compatible.
import { InvalidPathError } from "../../core/errors.ts";
import {
  type PresignCall,
  type PresignedRequest,
  toPresigned,
} from "../../core/presigning.ts";
import { contentFields } from "../_http/headers.ts";
import { hmacSha256, toBase64, toHex } from "../_http/hmac.ts";
import { type BucketBackend, connectionOf } from "./bucket.ts";
import type { SigningMoment } from "./delegated.ts";
import { requireKey } from "./endpoint.ts";
import { deriveKey, toDatetime } from "./signature.ts";
import { lastingMoment, ownFields } from "./signed_url.ts";
import { toMetadataFields } from "./wire.ts";

const ENCODER = /* @__PURE__ */ new TextEncoder();

/**
 * Returns a form that uploads one file (POST Object), with a policy that names each of its
 * fields: another one is refused, and another value, too.
 *
 * @throws {CapabilityNotSupportedError} If another party signs: that signs requests.
 * @throws {InvalidPathError} If no form carries the key as it is.
 */
export async function signForm(
  { backend, key, asked }: PresignCall<BucketBackend>,
  signal: AbortSignal | undefined,
): Promise<PresignedRequest> {
  requireKey(key);
  requireFormKey(key);
  const connection = connectionOf(backend);
  const { bucket } = connection.settings;
  const { signing } = connection;
  const moment = await lastingMoment(signing, asked.seconds, signal);
  const own = ownFields(connection, "POST");
  const stored = {
    ...own.query,
    ...own.headers,
    ...contentFields(asked.headers),
    ...toMetadataFields(asked.metadata, backend.dialect, "put"),
  };
  const scope = scopeOf(moment);
  const fields = { key, ...stored, ...scope.fields };
  const begins = Math.floor(moment.now / 1000);
  const expires = (begins + asked.seconds) * 1000;
  const { length } = asked;
  const policy = toPolicy(expires, [
    { bucket },
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
    ...length === null
      ? []
      : [["content-length-range", length.min, length.max]],
  ]);
  const { secretAccessKey } = moment.credentials;
  const signingKey = deriveKey(secretAccessKey, scope.day, moment.region);
  return toPresigned(
    asked,
    {
      url: connection.urlOf(null),
      headers: {},
      fields: {
        ...fields,
        policy,
        "x-amz-signature": toHex(hmacSha256(signingKey, policy)),
      },
      expires,
    },
    () => true,
  );
}

// The service puts the file's name into a key that asks for it, and a browser sends each
// line break as two characters.
function requireFormKey(key: string): void {
  if (!key.includes("${filename}") && !/[\r\n]/.test(key)) return;
  throw new InvalidPathError("no form carries this key as it is", {
    path: key,
  });
}

function scopeOf({ credentials, region, now }: SigningMoment): {
  readonly day: string;
  readonly fields: Readonly<Record<string, string>>;
} {
  const datetime = toDatetime(now);
  const day = datetime.slice(0, 8);
  const { accessKeyId, sessionToken } = credentials;
  return {
    day,
    fields: {
      "x-amz-algorithm": "AWS4-HMAC-SHA256",
      "x-amz-credential": `${accessKeyId}/${day}/${region}/s3/aws4_request`,
      "x-amz-date": datetime,
      ...sessionToken ? { "x-amz-security-token": sessionToken } : {},
    },
  };
}

/** Returns a policy in base64. */
function toPolicy(expires: number, conditions: readonly unknown[]): string {
  const expiration = new Date(expires).toISOString();
  const json = JSON.stringify({ expiration, conditions });
  // In a policy a dollar sign means something, unless it is escaped.
  const escaped = json.replaceAll("$", "\\u0024");
  return toBase64(ENCODER.encode(escaped));
}
