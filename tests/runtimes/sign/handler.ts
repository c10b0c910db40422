/**
 * The application's server of the page's tests: one handler over one service, for Deno and
 * for Workers.
 *
 * @module
 */
import { AzureBackend } from "../../../backends/azure/mod.ts";
import { azureSigning } from "../../../backends/azure/signing.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { s3Signing } from "../../../backends/s3/signing.ts";
import {
  type SignHandler,
  signHandler,
  type SignHandlerOptions,
} from "../../../ext/sign.ts";
import { Store } from "../../../mod.ts";
import { DEVELOPMENT } from "../../../backends/azure/connection_string.ts";
import type { Place } from "../s3/suite.ts";

/** The folder that every page stays below. */
export const ROOT = "users/42";

/** What is signed for, in JSON; functions are for the process that it is made in. */
export type Service =
  & {
    /** Who ends uploads in parts. */
    readonly complete: "page" | "here";
  }
  & (
    | { readonly service: "s3"; readonly place: Place }
    | {
      readonly service: "azure";
      /** The account's URL. */
      readonly accountUrl: string;
      readonly container: string;
    }
  );

function signerOf(
  service: Service,
): Pick<SignHandlerOptions, "store" | "signing" | "unsignedFields"> {
  if (service.service === "s3") {
    const store = new Store({ backend: new S3Backend(service.place) });
    // These tests never ask the service to take what was not signed.
    return { store, signing: s3Signing, unsignedFields: "accepted" };
  }
  const { accountUrl, container } = service;
  const { accountKey } = DEVELOPMENT;
  const store = new Store({
    backend: new AzureBackend({
      container,
      hns: false,
      accountUrl,
      accountKey,
    }),
  });
  return { store, signing: azureSigning };
}

/**
 * Returns the handler: over HTTP for pages of each origin that asks, as a test's page has
 * an origin that nobody knows before.
 */
export function handlerOf(
  service: Service,
  options: Partial<SignHandlerOptions> = {},
): SignHandler {
  const shared: SignHandlerOptions = {
    ...signerOf(service),
    root: ROOT,
    authorize: () => true,
    complete: service.complete,
    ...options,
  };
  const handlers = new Map<string, SignHandler>();
  return (request) => {
    const origin = request.headers.get("origin") ?? "";
    let handler = handlers.get(origin);
    if (handler === undefined) {
      const origins = origin === "" ? [] : [origin];
      handler = signHandler({ ...shared, origins });
      handlers.set(origin, handler);
    }
    return handler(request);
  };
}
