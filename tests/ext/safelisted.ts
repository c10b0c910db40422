/** What a page may read of every answer (Fetch, "CORS-safelisted response-header name"). */
export const SAFE_FIELDS: ReadonlySet<string> = new Set([
  "cache-control",
  "content-language",
  "content-length",
  "content-type",
  "expires",
  "last-modified",
  "pragma",
]);
