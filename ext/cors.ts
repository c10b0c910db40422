/**
 * Why a page cannot use a bucket: names the method, the field or the exposed header that
 * its CORS rules lack, and writes the rules that do it. Runs on a server or in a terminal,
 * where a request may say of which origin it is; a page may not.
 *
 * ```ts
 * import { diagnoseCors } from "@remote-store/core/ext/cors";
 * import { assertEquals } from "@std/assert";
 *
 * const { problems, rules } = await diagnoseCors(
 *   "https://photos.s3.eu-central-1.amazonaws.com",
 *   {
 *     origin: "https://app.example.com",
 *     service: "s3",
 *     operations: ["read"],
 *     // Stands for the network here: a bucket without rules.
 *     fetch: () => Promise.resolve(new Response(null, { status: 403 })),
 *   },
 * );
 * assertEquals(
 *   problems.map(({ message }) => message),
 *   [
 *     "the origin https://app.example.com may do nothing: no rule names it, or there are no rules",
 *   ],
 * );
 * assertEquals(JSON.parse(rules.text)[0].AllowedMethods, ["GET"]);
 * ```
 *
 * @module
 */
import {
  InvalidArgumentError,
  type KnownOptions,
  requireKnown,
} from "../mod.ts";
import { admits, type CorsFetch, Preflights } from "./_cors/answers.ts";
import { type CorsProblem, hiddenBy, refusedBy } from "./_cors/looking.ts";
import {
  type CorsOperation,
  type CorsService,
  type CorsSigning,
  type Demands,
  metadataFields,
  OPERATIONS,
} from "./_cors/requests.ts";
import { type CorsRules, rulesFor } from "./_cors/rules.ts";
import { type CorsBackend, type Target, toTarget } from "./_cors/target.ts";

export type { CorsFetch } from "./_cors/answers.ts";
export type { CorsProblem } from "./_cors/looking.ts";
export type {
  CorsOperation,
  CorsService,
  CorsSigning,
} from "./_cors/requests.ts";
export type { CorsRules } from "./_cors/rules.ts";
export type { CorsBackend } from "./_cors/target.ts";

/** Options of {@linkcode diagnoseCors}. */
export interface CorsOptions {
  /** The page's origin, or any of its addresses: `https://app.example.com`. */
  readonly origin: string;
  /**
   * Which service it is. Has to be said of a URL.
   *
   * @default by the backend
   */
  readonly service?: CorsService | undefined;
  /**
   * What the page does.
   *
   * @default all: `read`, `head`, `list`, `write`, `delete`, `deleteMany`, `copy`
   */
  readonly operations?: readonly CorsOperation[] | undefined;
  /**
   * How the page's requests are signed: by header fields, as the S3 backend does with a
   * `signer`, or by the URL, as signed URLs and Azure's SAS are.
   *
   * @default {"header"}, `"url"` for Azure
   */
  readonly signing?: CorsSigning | undefined;
  /** The keys of the user metadata that the page writes and reads. */
  readonly metadata?: readonly string[] | undefined;
  /** Further header fields of the page's requests: `x-amz-security-token`. */
  readonly fields?: readonly string[] | undefined;
  /** The `fetch` to use. */
  readonly fetch?: CorsFetch | undefined;
  /** Ends the diagnosis. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@linkcode diagnoseCors} has found. */
export interface CorsDiagnosis {
  /** The origin that was asked for. */
  readonly origin: string;
  /** What is missing, one entry for each rule; empty where nothing is. */
  readonly problems: readonly CorsProblem[];
  /** What no rule can change, or could not be seen. */
  readonly notes: readonly string[];
  /** The rules that let the page do what it does. */
  readonly rules: CorsRules;
}

/**
 * Asks a service, by preflights as a browser sends them, what a page of an origin may do,
 * and finds out by whole requests what it gets to see. With a backend that can sign, a
 * file of a few bytes is written, read and deleted, `cors-` and a UUID; with a URL only
 * what is public is seen.
 *
 * @param target What `urlSigner` of S3 or Azure returns for a backend, or the URL of a bucket
 * or container.
 * @throws {InvalidArgumentError} If an option is missing or wrong.
 * @throws What the network does.
 */
export async function diagnoseCors(
  target: CorsBackend | string,
  options: CorsOptions,
): Promise<CorsDiagnosis> {
  requireKnown("diagnose CORS", null, options, KNOWN);
  const origin = originOf(options.origin);
  const place = await toTarget(target, options);
  const demands: Demands = {
    service: place.service,
    operations: options.operations ?? OPERATIONS,
    signing: options.signing ??
      (place.service === "azure" ? "url" : "header"),
    metadata: options.metadata ?? [],
    fields: options.fields ?? [],
  };
  for (const operation of demands.operations) {
    if (OPERATIONS.includes(operation)) continue;
    refuse(`there is no operation ${JSON.stringify(operation)}`);
  }
  const { fetch = globalThis.fetch.bind(globalThis), signal } = options;
  const preflights = new Preflights(fetch, place.url, signal);
  const problems = await refusedBy(preflights, origin, demands);
  const notes: string[] = [];
  if (!problems.some(({ kind }) => kind === "origin")) {
    const { answers, refusal } = await ask(
      place,
      origin,
      demands,
      fetch,
      signal,
    );
    const hidden = hiddenBy([...answers, refusal], origin, demands);
    if (hidden !== null) problems.push(...hidden);
    else notes.push(UNSEEN);
    if (!admits(refusal, origin)) notes.push(DUMB_REFUSALS);
    if ((preflights.maxAge ?? 0) < 60) problems.push(forgetful(preflights));
  }
  return {
    origin,
    problems,
    notes,
    rules: rulesFor(origin, demands, place.name),
  };
}

const KNOWN: KnownOptions<CorsOptions> = {
  origin: "string",
  service: "string",
  operations: "object",
  signing: "string",
  metadata: "object",
  fields: "object",
  fetch: "function",
  signal: true,
};

const UNSEEN =
  "what answers show could not be seen: it takes a backend that can sign, and whose key may write";
const DUMB_REFUSALS =
  "the service's refusals of a signature carry no CORS fields: in a page they look like a dead network";

function forgetful({ maxAge }: Preflights): CorsProblem {
  return {
    kind: "maxAge",
    name: "max-age",
    operations: [],
    message:
      `browsers may remember a preflight for ${maxAge} seconds: most requests will cost two`,
  };
}

/** The fields of answers to a page's requests. */
interface Answers {
  /** To those about a file. */
  readonly answers: readonly Headers[];
  /** To one whose signature is refused. */
  readonly refusal: Headers;
}

async function ask(
  { url, sign }: Target,
  origin: string,
  demands: Demands,
  fetch: CorsFetch,
  signal: AbortSignal | undefined,
): Promise<Answers> {
  const send = async (
    url: string,
    method = "GET",
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const response = await fetch(url, {
      method,
      headers: { ...headers, origin },
      redirect: "manual",
      ...method === "PUT" ? { body: "cors" } : {},
      ...signal === undefined ? {} : { signal },
    });
    await response.body?.cancel();
    return response;
  };
  if (sign === null) {
    const { headers } = await send(url);
    return { answers: [], refusal: headers };
  }
  const { headers: refusal } = await send(withoutSignature(await sign("GET")));
  const put = await send(await sign("PUT"), "PUT", stored(demands));
  if (!put.ok) return { answers: [], refusal };
  try {
    const { headers } = await send(await sign("GET"));
    const answers = [headers];
    if (demands.service === "azure") {
      const range = { "x-ms-range": "bytes=0-0" };
      answers.push((await send(await sign("GET"), "GET", range)).headers);
    }
    return { answers, refusal };
  } finally {
    await send(await sign("DELETE"), "DELETE");
  }
}

// S3 refuses fields of its own that are not in the signature, and needs none.
function stored({ service, metadata }: Demands): Record<string, string> {
  const fields: Record<string, string> = { "content-type": "text/plain" };
  if (service !== "azure") return fields;
  fields["x-ms-blob-type"] = "BlockBlob";
  // Azure is judged by what its answers have.
  fields["x-ms-blob-content-disposition"] = "inline";
  fields["x-ms-blob-content-encoding"] = "identity";
  for (const name of metadataFields(service, metadata)) fields[name] = "cors";
  return fields;
}

function withoutSignature(signed: string): string {
  const url = new URL(signed);
  for (const name of ["X-Amz-Signature", "sig"]) {
    const value = url.searchParams.get(name);
    if (value === null) continue;
    url.searchParams.set(name, [...value].reverse().join(""));
  }
  return url.href;
}

function originOf(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url.origin;
  refuse(
    `origin is ${JSON.stringify(given)}, as https://app.example.com is one`,
  );
}

function refuse(why: string): never {
  throw new InvalidArgumentError(`Cannot diagnose CORS: ${why}`);
}
