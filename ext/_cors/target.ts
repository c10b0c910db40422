// This module is browser compatible.
import { InvalidArgumentError } from "../../mod.ts";
import type { CorsService } from "./requests.ts";

/** What signs URLs for a backend of S3 or Azure, by its shape: what `urlSigner` of either returns. */
export interface CorsBackend {
  /** The backend's name: `s3` or `azure`. */
  readonly name: string;
  /** The service's ways, of an S3 backend. */
  readonly dialect?: { readonly name: string } | undefined;
  /** Signs a URL for one request. */
  signUrl(key: string, request: {
    readonly method: string;
    readonly query: Readonly<Record<string, string | null>>;
    readonly headers: Readonly<Record<string, string>>;
    readonly seconds: number;
    readonly signal: AbortSignal | undefined;
  }): Promise<string>;
}

/** Where to ask. */
export interface Target {
  /** The service. */
  readonly service: CorsService;
  /** The URL of a file, which need not exist. */
  readonly url: string;
  /** Signs a URL of this file; `null` where nobody can. */
  readonly sign: ((method: "GET" | "PUT" | "DELETE") => Promise<string>) | null;
}

const SERVICES: readonly unknown[] = ["s3", "r2", "ceph", "azure"];
const SECONDS = 300;

/** Returns where to ask about a backend, or a bucket's URL. */
export async function toTarget(
  target: CorsBackend | string,
  { service, signal }: {
    readonly service?: CorsService | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Target> {
  if (service !== undefined && !SERVICES.includes(service)) {
    refuse(`service is ${JSON.stringify(service)}`);
  }
  const key = `cors-${crypto.randomUUID()}`;
  if (typeof target === "string") {
    if (service === undefined) refuse("of a URL the service has to be said");
    if (!URL.canParse(target)) refuse(`${JSON.stringify(target)} is no URL`);
    const url = new URL(target);
    url.pathname = `${url.pathname.replace(/\/$/, "")}/${key}`;
    return { service, url: url.href, sign: null };
  }
  const sign = signerOf(target, key, signal);
  const url = new URL(await sign("GET"));
  url.search = "";
  return { service: service ?? serviceOf(target), url: url.href, sign };
}

function signerOf(
  target: CorsBackend,
  key: string,
  signal: AbortSignal | undefined,
): NonNullable<Target["sign"]> {
  if (target === null || typeof target !== "object") {
    refuse("a backend or a URL is needed");
  }
  if (!("signUrl" in target)) {
    refuse(
      "the backend signs no URLs, as what urlSigner of S3 and Azure returns does",
    );
  }
  const request = { query: {}, headers: {}, seconds: SECONDS, signal };
  return (method) => target.signUrl(key, { ...request, method });
}

function serviceOf({ name, dialect }: CorsBackend): CorsService {
  if (name === "azure") return "azure";
  const known = dialect?.name;
  return known === "r2" || known === "ceph" ? known : "s3";
}

function refuse(why: string): never {
  throw new InvalidArgumentError(`Cannot diagnose CORS: ${why}`);
}
