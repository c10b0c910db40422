import { AzureBackend, remoteSigner } from "../../backends/azure/mod.ts";
import { azureSigning } from "../../backends/azure/signing.ts";
import { signHandler } from "../../ext/sign.ts";
import { RetryPolicy, Store } from "../../mod.ts";
import { SKIPS } from "../backends/azure/skips.ts";
import { testBackend } from "../conformance/mod.ts";
import { FakeAzure } from "../fakes/azure/service.ts";
import { ROOT, SIGN_URL } from "./sign_fixture.ts";

for (const complete of ["page", "here"] as const) {
  await testBackend(
    `azure, a page that a handler signs for, uploads end: ${complete}`,
    {
      test: Deno.test,
      create: () => {
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
        });
        const send = (url: string, init: RequestInit) =>
          sign(new Request(url, { redirect: "manual", ...init }));
        const backend = new AzureBackend({
          ...common,
          signer: remoteSigner(SIGN_URL, {
            fetch: send,
            retry: RetryPolicy.disabled(),
          }),
          fetch: (url, init) =>
            url.startsWith(SIGN_URL)
              ? send(url, init)
              : service.fetch(url, init),
        });
        return new Store({ backend, root: ROOT });
      },
      namespace: "flat",
      closeIsTerminal: true,
      ...complete === "here"
        ? {
          only: [
            ...["WR-001", "AW-003", "AW-004"],
            ...["UPL-001", "UPL-002", "UPL-003", "UPL-004", "UPL-005"],
            ...["UPL-006", "UPL-008"],
          ],
        }
        : { skip: SKIPS },
    },
  );
}
