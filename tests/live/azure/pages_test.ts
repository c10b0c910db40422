import { AzureBackend, remoteSigner } from "../../../backends/azure/mod.ts";
import { azureSigning } from "../../../backends/azure/signing.ts";
import { signHandler } from "../../../ext/sign.ts";
import { Store } from "../../../mod.ts";
import { SKIPS } from "../../backends/azure/skips.ts";
import { testBackend } from "../../conformance/mod.ts";
import { accountUrl, createContainer, openBackend } from "./account.ts";
import { ORIGIN } from "./origin.ts";

const URL = "http://app.test/sign";

for (const complete of ["page", "here"] as const) {
  await testBackend(
    `azure on Azurite, a page that a handler signs for, uploads end: ${complete}`,
    {
      test: Deno.test,
      create: async () => {
        const container = await createContainer(ORIGIN);
        const blockSize = 1024 * 1024;
        const sign = signHandler({
          store: new Store({
            backend: openBackend(ORIGIN, container, { blockSize }),
          }),
          signing: azureSigning,
          root: "users/42",
          authorize: () => true,
          complete,
        });
        const send = (url: string, init: RequestInit) =>
          sign(new Request(url, init));
        const backend = new AzureBackend({
          container,
          hns: false,
          accountUrl: accountUrl(ORIGIN),
          blockSize,
          signer: remoteSigner(URL, { fetch: send }),
          fetch: (url, init) =>
            url.startsWith(URL) ? send(url, init) : fetch(url, init),
        });
        return new Store({ backend, root: "users/42" });
      },
      namespace: "flat",
      closeIsTerminal: true,
      ...complete === "here"
        ? { only: ["WR-001", "BE-008", "AW-003", "AW-004", "UPL-001"] }
        : { skip: SKIPS },
    },
  );
}
