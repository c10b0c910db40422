/**
 * A store on the fake service, and faults on the way to it.
 *
 * @module
 */
import {
  AzureBackend,
  type AzureBackendOptions,
} from "../../../backends/azure/mod.ts";
import {
  checkOptions,
  type Settings,
} from "../../../backends/azure/options.ts";
import { Store } from "../../../mod.ts";
import type { Paths } from "../../fakes/azure/account.ts";
import { FakeAzure } from "../../fakes/azure/service.ts";
import { FakeDataLake } from "../../fakes/azure_dfs/service.ts";

/** A request on its way. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/**
 * What happens to a request instead: an answer, an error, or `"lost"`: the service acts,
 * and its answer does not arrive. `null` for nothing.
 */
export type Fault = (sent: Sent) => Response | Error | "lost" | null;

/** Everything that a test of the fake needs. */
export interface FakeStore {
  readonly service: FakeAzure;
  readonly paths: Paths;
  readonly options: AzureBackendOptions;
  readonly settings: Settings;
  readonly backend: AzureBackend;
  readonly store: Store;
  readonly sent: Sent[];
}

/** Creates a store on an empty container of the fake. */
export function createFake(
  options: Partial<AzureBackendOptions> = {},
  fault: Fault = () => null,
): FakeStore {
  const service = options.hns ? new FakeDataLake() : new FakeAzure();
  const paths = service.create("files");
  const sent: Sent[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    const request = {
      method: init.method ?? "GET",
      url,
      headers: new Headers(init.headers),
    };
    sent.push(request);
    init.signal?.throwIfAborted();
    const found = fault(request);
    if (found instanceof Error) throw found;
    if (found instanceof Response) return found;
    const response = await service.fetch(url, init);
    if (found === null) return response;
    await response.body?.cancel();
    throw new TypeError("the connection broke");
  };
  const all = {
    container: "files",
    hns: false,
    accountName: "fake",
    accountKey: btoa("key"),
    retry: { attempts: 3, minDelay: 0 },
    fetch,
    ...options,
  };
  const backend = new AzureBackend(all);
  const settings = checkOptions(all);
  const store = new Store({ backend });
  return { service, paths, options: all, settings, backend, store, sent };
}

/** Returns a refusal in the service's words. */
export function refusal(status: number, code: string): Response {
  const headers = { "x-ms-error-code": code };
  return new Response(null, { status, headers });
}

/** A time that is older than any call of a test. */
export const LONG_AGO = new Date(Date.now() - 3_600_000);

/** Returns a fault that hits the first request for which `matches` holds. */
export function once(
  matches: (sent: Sent) => boolean,
  fault: Response | Error | "lost",
): Fault {
  let done = false;
  return (sent) => {
    if (done || !matches(sent)) return null;
    done = true;
    return fault;
  };
}
