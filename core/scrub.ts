// This module is browser compatible.

// A URL ends at white space, a quote or an angle bracket; parentheses and
// apostrophes are part of it: encodeURIComponent leaves them as they are. Found by what
// stands behind the scheme: to look for a scheme's start at each letter is quadratic.
const URL_REGEXP = /(:\/\/[^\s"<>?#]*)[^\s"<>]*/g;

// Of a URL within a URL's path, too.
const USER_INFO_REGEXP = /:\/\/[^\s"<>/?#]*@/g;

// What stands for a secret outside of a URL: query parameters of signed requests,
// parts of connection strings, credentials of an Authorization header.
const SECRET_REGEXP =
  /\b((?:X-Amz-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|(?:SharedAccess)?Signature|sig|AccountKey)=|X-Amz-Security-Token"?:\s*"?)[^\s&;,"<>]*|\b(Bearer|Basic|SharedKey(?:Lite)?)\s+(?=\S*[\d=])[^\s"<>]{8,}/gi;

/** Returns `text` without what can hold a secret: user info, queries and fragments of URLs, signatures. */
export function scrub(text: string): string {
  return text.replace(USER_INFO_REGEXP, "://").replace(URL_REGEXP, "$1")
    .replace(SECRET_REGEXP, "$1$2");
}

/** How deep causes are looked into; the rest is cut off. */
const MAX_DEPTH = 8;

/**
 * Returns `cause` as it is where no text in it would be scrubbed and all of it can be seen,
 * else a clean copy: runtimes print an error with its causes and its own properties.
 */
export function harmless(cause: unknown, depth = 0): unknown {
  if (typeof cause === "string") return scrub(cause);
  if (typeof cause !== "object" || cause === null) return cause;
  if (depth >= MAX_DEPTH) return undefined;
  const { text, isSeen } = lookInto(cause);
  const clean = isSeen && scrub(text) === text;
  if (!(cause instanceof Error)) return clean ? cause : scrub(text);
  const inner = harmless(cause.cause, depth + 1);
  if (inner === cause.cause && clean) return cause;
  const copy = new Error(scrub(String(cause.message)));
  copy.name = scrub(String(cause.name));
  if (inner !== undefined) copy.cause = inner;
  return copy;
}

// The text in an object that an inspection would print, and whether that is all: what has
// its content in slots of its own, as Headers, Request and Map do, is printed with it.
function lookInto(value: object): { text: string; isSeen: boolean } {
  const seen = new Set<unknown>();
  const parts: string[] = [];
  let isSeen = true;
  const visit = (name: string, part: unknown, depth: number) => {
    // With its name: a field is a secret by what it is called.
    parts.push(typeof part === "string" ? `${name}=${part}` : name);
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    if (part instanceof URL) return void parts.push(part.href);
    const isError = part instanceof Error;
    if (isError) parts.push(`${part.name} ${part.stack}`);
    if ("url" in part) visit("url", part.url, depth + 1);
    const isOpen = isError || Array.isArray(part) ||
      Object.prototype.toString.call(part) === "[object Object]";
    if (depth > MAX_DEPTH || !isOpen) return void (isSeen = false);
    for (const key of Reflect.ownKeys(part)) {
      visit(String(key), part[key as keyof typeof part], depth + 1);
    }
  };
  try {
    visit("", value, 0);
  } catch {
    isSeen = false;
  }
  return { text: parts.join("\n"), isSeen };
}
