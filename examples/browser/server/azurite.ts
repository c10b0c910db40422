/**
 * Azurite, Microsoft's emulator of Azure Blob Storage, where it is installed.
 *
 * @module
 */
import {
  AzureBackend,
  createContainer,
} from "@remote-store/core/backends/azure";
import { azureSigning } from "@remote-store/core/backends/azure-signing";
import { Store } from "@remote-store/core";
import { allowPages } from "../../../tests/live/azure/cors.ts";
import { startAzurite } from "../../../tests/servers/azurite/server.ts";
import type { RunningService } from "./services.ts";

/** The account that every emulator has. Microsoft publishes its key, so it is no secret. */
const ACCOUNT = "devstoreaccount1";
const KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const PACKAGE = new URL(
  "../../../tests/servers/azurite/node_modules/azurite/package.json",
  import.meta.url,
);

/** What installs it. */
export const INSTALL_AZURITE = "npm ci --prefix tests/servers/azurite";

/** Starts it; `null` where it is not installed. */
export async function startAzure(): Promise<RunningService | null> {
  const isThere = await Deno.stat(PACKAGE).then(() => true, () => false);
  if (!isThere) return null;
  const azurite = await startAzurite();
  await allowPages(azurite.origin);
  const options = {
    container: "demo",
    hns: false,
    accountUrl: `${azurite.origin}/${ACCOUNT}`,
    accountKey: KEY,
    blockSize: 5 * 1024 * 1024,
  };
  await createContainer(options);
  return {
    name: "azure",
    about: "Azurite",
    origin: azurite.origin,
    options: null,
    store: new Store({ backend: new AzureBackend(options) }),
    signing: azureSigning,
    stop: () => azurite.stop(),
  };
}
