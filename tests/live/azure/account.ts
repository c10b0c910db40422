/**
 * The emulator that these tests talk to, and stores in containers of their own.
 *
 * @module
 */
import { empty } from "../../../backends/_http/answer.ts";
import { Store } from "../../../mod.ts";
import {
  AzureBackend,
  type AzureBackendOptions,
} from "../../../backends/azure/mod.ts";
import { DEVELOPMENT } from "../../../backends/azure/connection_string.ts";
import { Container } from "../../../backends/azure/container.ts";
import { toCredential } from "../../../backends/azure/credentials.ts";
import { toEndpoint } from "../../../backends/azure/endpoint.ts";
import { RetryPolicy } from "../../../core/retry.ts";

/** The account's URL on the emulator. */
export function accountUrl(origin: string): string {
  return `${origin}/${DEVELOPMENT.accountName}`;
}

/** A container as the backend itself reaches it, for what the backend has no method for. */
export function openContainer(origin: string, name: string): Container {
  const endpoint = toEndpoint({ accountUrl: accountUrl(origin) });
  const { accountKey } = DEVELOPMENT;
  return new Container({
    name,
    endpoint,
    credential: toCredential({ accountKey }, endpoint.accountName),
    fetch: undefined,
    retry: RetryPolicy.disabled(),
  });
}

/** Creates an empty container and returns its name. */
export async function createContainer(origin: string): Promise<string> {
  // Several processes and test files make some on one emulator.
  const name = `c${crypto.randomUUID()}`;
  const container = openContainer(origin, name);
  const url = container.ownUrl({});
  await container.get("PUT", url, {
    answers: { 201: empty },
    signal: undefined,
  });
  return name;
}

/** Returns a backend on a container of the emulator. */
export function openBackend(
  origin: string,
  container: string,
  options: Partial<AzureBackendOptions> = {},
): AzureBackend {
  return new AzureBackend({
    container,
    hns: false,
    accountUrl: accountUrl(origin),
    accountKey: DEVELOPMENT.accountKey,
    retry: RetryPolicy.disabled(),
    ...options,
  });
}

/** Returns a store on an empty container. */
export async function createStore(
  origin: string,
  options: Partial<AzureBackendOptions> = {},
): Promise<Store> {
  const container = await createContainer(origin);
  return new Store({ backend: openBackend(origin, container, options) });
}
