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
  /** The bucket's or account's name; `null` where the URL does not tell it. */
  readonly name: string | null;
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
    const name = nameIn(url, service);
    url.pathname = `${url.pathname.replace(/\/$/, "")}/${key}`;
    return { service, url: url.href, name, sign: null };
  }
  const sign = signerOf(target, key, signal);
  const url = new URL(await sign("GET"));
  url.search = "";
  const place = new URL(url.href.slice(0, -key.length));
  const of = service ?? serviceOf(target);
  return { service: of, url: url.href, name: nameIn(place, of), sign };
}

/** A name that a shell takes as it is, and no command as an option. */
const NAME_REGEXP = /^\w[\w.-]*$/;

/** Hosts that name the account, or the bucket, in front. */
const AZURE_HOST = /^([a-z\d]+)(?:-secondary)?\.(?:z\d+\.)?blob\./;
const BUCKET_HOST =
  /^(.+?)\.(?:s3(?:[.-][a-z\d-]+)*\.amazonaws|[a-f\d]{32}(?:\.[a-z]+)?\.r2\.cloudflarestorage)\.com(?:\.cn)?$/;

/**
 * Returns the name of the bucket, or of Azure's account, that a URL of it tells: in the
 * host of a service that is known, else as the last part of the path. `null` where it is
 * neither, as under a domain of its own.
 */
function nameIn(
  { hostname, pathname }: URL,
  service: CorsService,
): string | null {
  const parts: string[] = pathname.match(/[^/]+/g) ?? [];
  const name = service === "azure"
    // Emulators have the account in the path, and the container behind it.
    ? AZURE_HOST.exec(hostname)?.[1] ?? (parts[1] && parts[0])
    : BUCKET_HOST.exec(hostname)?.[1] ?? parts.at(-1);
  return NAME_REGEXP.exec(name ?? "")?.[0] ?? null;
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
