// This module is browser compatible.

// A URL ends at white space, a quote or an angle bracket; parentheses and
// apostrophes are part of it: encodeURIComponent leaves them as they are.
const URL_REGEXP = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s"<>]*)/gi;

// What stands for a secret outside of a URL: query parameters of signed requests,
// parts of connection strings, credentials of an Authorization header.
const SECRET_REGEXP =
  /\b(X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|AWSAccessKeyId|Signature|sig|AccountKey|SharedAccessSignature)=[^\s&;,"<>]*|\b(Bearer|Basic|SharedKey|SharedKeyLite)\s+(?=\S*[\d=])[^\s"<>]{8,}/gi;

/** Returns `text` without what can hold a secret: user info, queries and fragments of URLs, signatures. */
export function scrub(text: string): string {
  return text.replace(URL_REGEXP, (_, scheme: string, rest: string) => {
    const end = rest.search(/[?#]/);
    const place = end < 0 ? rest : rest.slice(0, end);
    const slash = place.indexOf("/");
    const authority = slash < 0 ? place : place.slice(0, slash);
    return scheme + place.slice(authority.lastIndexOf("@") + 1);
  }).replace(
    SECRET_REGEXP,
    (_, name?: string, kind?: string) =>
      name !== undefined ? `${name}=` : `${kind}`,
  );
}

/** How deep causes are looked into; the rest is cut off. */
const MAX_DEPTH = 8;

/**
 * Returns `cause` as it is where no text in it would be scrubbed, else a clean
 * copy: runtimes print an error with its causes and its own properties.
 */
export function harmless(cause: unknown, depth = 0): unknown {
  if (typeof cause === "string") return scrub(cause);
  if (typeof cause !== "object" || cause === null) return cause;
  if (depth >= MAX_DEPTH) return undefined;
  if (!(cause instanceof Error)) {
    const text = textOf(cause);
    return scrub(text) === text ? cause : scrub(text);
  }
  const inner = harmless(cause.cause, depth + 1);
  const text = [cause.name, cause.message, cause.stack, textOf(cause)].join(
    "\n",
  );
  if (inner === cause.cause && scrub(text) === text) return cause;
  const copy = new Error(scrub(String(cause.message)));
  copy.name = scrub(String(cause.name));
  if (inner !== undefined) copy.cause = inner;
  return copy;
}

// All the text below an object that an inspection would print.
function textOf(value: object): string {
  const seen = new Set<unknown>();
  const parts: string[] = [];
  const visit = (part: unknown, depth: number) => {
    if (typeof part === "string") parts.push(part);
    if (typeof part !== "object" || part === null) return;
    if (depth > MAX_DEPTH || seen.has(part)) return;
    seen.add(part);
    if (part instanceof URL) return void parts.push(part.href);
    if (part instanceof Error && part !== value) {
      parts.push(String(part.message), String(part.stack));
    }
    if ("url" in part) visit(part.url, depth + 1);
    for (const inner of Object.values(part)) visit(inner, depth + 1);
    if (part instanceof AggregateError) visit(part.errors, depth + 1);
  };
  try {
    visit(value, 0);
  } catch {
    return "";
  }
  return parts.join("\n");
}
