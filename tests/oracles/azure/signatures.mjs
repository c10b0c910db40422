/**
 * The shared access signatures that are compared.
 *
 * @module
 */

/** An account's key, of no account. */
export const KEY =
  "bm8gYWNjb3VudCBoYXMgdGhpcyBrZXksIGl0IGlzIGZvciB0ZXN0cyBvbmx5IQ==";

/** A delegation key, of no account. */
export const DELEGATION_KEY = {
  objectId: "9f6e2c1a-3b4d-4e5f-8a9b-0c1d2e3f4a5b",
  tenantId: "72f988bf-86f1-41af-91ab-2d7cd011db47",
  starts: "2026-06-26T00:00:00Z",
  expires: "2026-06-27T00:00:00Z",
  service: "b",
  version: "2022-11-02",
  value: "YSBkZWxlZ2F0aW9uIGtleSBvZiBubyBhY2NvdW50LCBmb3IgdGVzdHMgb25seQ==",
};

const expires = "2026-06-26T23:39:12.000Z";
const base = { accountName: "contoso", container: "c1", expires };

const OPTIONS = {
  "read a blob": { ...base, key: "a.txt", permissions: "r" },
  "create a blob": { ...base, key: "a/b.txt", permissions: "c" },
  "write a blob": { ...base, key: "a.txt", permissions: "rcw" },
  "list a container": { ...base, permissions: "rl" },
  "all of a container": { ...base, permissions: "racwdl" },
  "http too": { ...base, key: "a.txt", permissions: "r", allowHttp: true },
  "a start": {
    ...base,
    key: "a.txt",
    permissions: "r",
    starts: "2026-06-26T20:00:00.000Z",
  },
  "an address": { ...base, key: "a.txt", permissions: "r", ip: "10.0.0.1" },
  "addresses": {
    ...base,
    key: "a.txt",
    permissions: "r",
    ip: "10.0.0.1-10.0.0.9",
  },
  "a name with spaces and plus": {
    ...base,
    key: "a b+c%20.txt",
    permissions: "r",
  },
  "a name of other letters": { ...base, key: "é/😀.txt", permissions: "rd" },
  "headers": {
    ...base,
    key: "a.csv",
    permissions: "r",
    responseHeaders: {
      cacheControl: "no-store",
      contentDisposition: 'attachment; filename="q 3.csv"',
      contentEncoding: "gzip",
      contentLanguage: "en",
      contentType: "text/csv",
    },
  },
};

/** Each by an account's key and by a delegation key. */
export const SIGNATURES = Object.entries(OPTIONS).flatMap(([name, options]) => [
  { name, delegation: false, options },
  { name: `${name}, delegated`, delegation: true, options },
]);
