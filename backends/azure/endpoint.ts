// This module is browser compatible.
import { InvalidArgumentError } from "../../core/errors.ts";
import { PUBLIC_SUFFIX } from "./connection_string.ts";

/** Where an account answers. */
export interface Endpoint {
  /** The account's name, which signatures need; `null` where no URL tells it. */
  readonly accountName: string | null;
  /** The blob endpoint, without a slash at its end: path-style URLs end in the account. */
  readonly blobUrl: string;
  /** The Data Lake endpoint, likewise. */
  readonly dfsUrl: string;
}

/** How an account can be named. */
export interface EndpointOptions {
  /** The account's name. */
  readonly accountName?: string | null | undefined;
  /** The blob endpoint's URL. */
  readonly accountUrl?: string | null | undefined;
  /** The Data Lake endpoint's URL. */
  readonly dfsUrl?: string | null | undefined;
  /** The cloud's suffix, where only the account is named. */
  readonly endpointSuffix?: string | null | undefined;
}

/**
 * Returns where an account answers: by its URL, in host style
 * (`https://account.blob.core.windows.net`), path style
 * (`http://127.0.0.1:10000/account`) or under a domain of its own; or by its name and
 * the cloud's suffix.
 *
 * @throws {InvalidArgumentError} If neither is given, or a URL is none. URLs are never repeated: one may hold a signature.
 */
export function toEndpoint(options: EndpointOptions): Endpoint {
  const { accountName: given, accountUrl, dfsUrl, endpointSuffix } = options;
  const name = given ?? null;
  if (name !== null && !/^[a-z0-9]{3,24}(-secondary)?$/.test(name)) {
    throw invalid("accountName is not 3 to 24 small letters and digits");
  }
  if (accountUrl === undefined || accountUrl === null) {
    if (name === null) {
      throw invalid(
        "one of accountName, accountUrl, connectionString is needed",
      );
    }
    const suffix = endpointSuffix ?? PUBLIC_SUFFIX;
    if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(suffix)) {
      throw invalid("endpointSuffix is no domain");
    }
    const url = (kind: string) => `https://${name}.${kind}.${suffix}`;
    return {
      accountName: name,
      blobUrl: url("blob"),
      dfsUrl: dfsUrl ? checkUrl("dfsUrl", dfsUrl).text : url("dfs"),
    };
  }
  const blob = checkUrl("accountUrl", accountUrl);
  const dfs = dfsUrl ? checkUrl("dfsUrl", dfsUrl).text : null;
  return {
    accountName: name ?? accountOf(blob.url),
    blobUrl: blob.text,
    dfsUrl: dfs ?? toDfs(blob.url, blob.text),
  };
}

function checkUrl(option: string, text: string): { url: URL; text: string } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid(`${option} is no URL`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw invalid(`${option} is neither https nor http`);
  }
  if (url.search !== "" || url.hash !== "" || url.username !== "") {
    throw invalid(`${option} holds more than a host and a path`);
  }
  return { url, text: (url.origin + url.pathname).replace(/\/+$/, "") };
}

// Host style names the account first, path style in the path.
function accountOf(url: URL): string | null {
  const segment = url.pathname.split("/")[1];
  if (segment) return segment;
  const labels = url.hostname.split(".");
  const isService = labels.some((label) => label === "blob" || label === "dfs");
  return isService && labels.length > 2 ? labels[0] ?? null : null;
}

function toDfs(url: URL, text: string): string {
  const host = url.host.replace(".blob.", ".dfs.");
  return text.replace(`//${url.host}`, `//${host}`);
}

/** Returns the error for an option that cannot be. */
export function invalid(why: string): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot create an AzureBackend: ${why}`);
}
