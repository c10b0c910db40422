import { RetryPolicy, Store } from "@remote-store/core";
import {
  HttpBackend,
  type HttpOptions,
} from "@remote-store/core/backends/http";

export const BASE = "https://files.example.com/data/";

type Answer = (request: Request, calls: number) => Response | Promise<Response>;

/** A store over a server of one function, and the requests that it got. */
export function serving(answer: Answer, options: Partial<HttpOptions> = {}) {
  const requests: Request[] = [];
  const backend = new HttpBackend({
    baseUrl: BASE,
    retry: RetryPolicy.disabled(),
    fetch: async (url, init) => {
      const request = new Request(url, init);
      requests.push(request);
      request.signal.throwIfAborted();
      return await answer(request, requests.length);
    },
    ...options,
  });
  return { store: new Store({ backend }), backend, requests };
}

export const status = (code: number, headers: HeadersInit = {}) =>
  new Response(null, { status: code, headers });
