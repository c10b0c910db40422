/**
 * A service with CORS rules, behind a `fetch`.
 *
 * @module
 */
import type { CorsFetch } from "../../ext/cors.ts";

/** The origin of the tests' page. */
export const ORIGIN = "https://app.example.com";

/** What S3 has to show to a page that does all that pages do. */
export const EXPOSED: readonly string[] = [
  "etag",
  "content-range",
  "content-encoding",
  "content-disposition",
  "date",
  "age",
  "retry-after",
  "x-amz-version-id",
  "x-amz-bucket-region",
  "x-amz-storage-class",
  "x-amz-server-side-encryption",
  "x-amz-checksum-sha256",
  "x-amz-checksum-crc64nvme",
  "x-amz-checksum-sha1",
  "x-amz-checksum-crc32c",
  "x-amz-checksum-crc32",
  "x-amz-checksum-type",
];

/** A rule. */
export interface FakeRule {
  readonly origin?: string;
  readonly methods?: readonly string[];
  readonly fields?: readonly string[];
  readonly exposed?: readonly string[];
  readonly maxAge?: number | null;
}

/** How the service answers. */
export interface FakeCorsOptions {
  readonly rules?: readonly FakeRule[];
  /** Whether refusals carry CORS fields. */
  readonly speaking?: boolean;
  /** Whether it lists `*` for the allowed headers, and not those that were asked for. */
  readonly star?: boolean;
  /** What answers to files have. */
  readonly answer?: Readonly<Record<string, string>>;
  /** Whether writing is refused. */
  readonly readOnly?: boolean;
}

/** What has been asked for, as `METHOD path`. */
export interface FakeCors {
  readonly fetch: CorsFetch;
  readonly asked: string[];
}

/** Returns a service. */
export function serviceOf(options: FakeCorsOptions = {}): FakeCors {
  const { rules = [], speaking = true, answer = {}, readOnly } = options;
  const asked: string[] = [];
  const find = (headers: Headers, method: string, fields: string[]) =>
    rules.find((rule) => {
      const { origin = ORIGIN, methods = ALL, fields: allowed = ["*"] } = rule;
      const isAllowed = (field: string) =>
        allowed.includes(field) || allowed.includes("*");
      return origin === headers.get("origin") && methods.includes(method) &&
        fields.every(isAllowed);
    });
  const fetch: CorsFetch = async (url, init) => {
    await Promise.resolve();
    const headers = new Headers(init.headers);
    const method = init.method ?? "GET";
    const { pathname, searchParams } = new URL(url);
    asked.push(`${method} ${pathname}`);
    if (method === "OPTIONS") {
      const wanted = `${headers.get("access-control-request-method")}`;
      const fields = headers.get("access-control-request-headers")?.split(",");
      const rule = find(headers, wanted, fields ?? []);
      if (rule === undefined) return new Response(null, { status: 403 });
      const { maxAge = 600 } = rule;
      return new Response(null, {
        headers: {
          "access-control-allow-origin": `${headers.get("origin")}`,
          "access-control-allow-methods": (rule.methods ?? ALL).join(", "),
          "access-control-allow-headers": options.star
            ? "*"
            : (fields ?? []).join(", "),
          ...maxAge === null ? {} : { "access-control-max-age": `${maxAge}` },
        },
      });
    }
    const rule = find(headers, method, []);
    const isRefused = searchParams.get("sig") !== "good" ||
      (readOnly && method === "PUT");
    const shown: Record<string, string> = {};
    if (rule !== undefined && (speaking || !isRefused)) {
      shown["access-control-allow-origin"] = `${headers.get("origin")}`;
      shown["access-control-expose-headers"] = (rule.exposed ?? []).join(", ");
    }
    return isRefused
      ? new Response("refused", { status: 403, headers: shown })
      : new Response("cors", { headers: { ...answer, ...shown } });
  };
  return { fetch, asked };
}

const ALL = ["GET", "HEAD", "PUT", "POST", "DELETE"];

/** An S3 backend, as far as it signs. */
export const SIGNER = {
  name: "s3",
  signUrl: (key: string) =>
    Promise.resolve(`https://s3.test/bucket/${key}?sig=good`),
};
