/**
 * Pure: a page without a secret, the application's handler, and the fake of Azure behind both.
 *
 * @module
 */
import { AzureBackend, remoteSigner } from "../../backends/azure/mod.ts";
import { azureSigning } from "../../backends/azure/signing.ts";
import { signHandler } from "../../ext/sign.ts";
import { RetryPolicy, Store } from "../../mod.ts";
import { FakeAzure } from "../fakes/azure/service.ts";
import { crossOrigin, PAGE_ORIGIN } from "./sign_cross_origin.ts";
import { ROOT, SIGN_URL } from "./sign_fixture.ts";

/** Returns the store of a page that a handler signs for; uploads end there or at the handler. */
export function azurePage(complete: "page" | "here"): Store {
  const service = new FakeAzure();
  service.create("files");
  const common = {
    container: "files",
    hns: false,
    accountName: "fake",
    blockSize: 1024 * 1024,
    retry: { attempts: 1 },
  };
  const sign = signHandler({
    store: new Store({
      backend: new AzureBackend({
        ...common,
        accountKey: btoa("key"),
        fetch: service.fetch,
      }),
    }),
    signing: azureSigning,
    root: ROOT,
    authorize: () => true,
    complete,
    origins: [PAGE_ORIGIN],
  });
  const send = crossOrigin(sign);
  const backend = new AzureBackend({
    ...common,
    signer: remoteSigner(SIGN_URL, {
      fetch: send,
      retry: RetryPolicy.disabled(),
    }),
    fetch: (url, init) =>
      url.startsWith(SIGN_URL) ? send(url, init) : service.fetch(url, init),
  });
  return new Store({ backend, root: ROOT });
}
