/**
 * The handler in workerd, by miniflare, which the tests install.
 *
 * @module
 */
import { serveInWorkerd } from "../../../tests/runtimes/workerd.ts";
import type { Handler } from "./app.ts";
import type { RunningService } from "./services.ts";

const WORKER = "examples/browser/server/sign_worker.ts";

/** A handler in another process. */
export interface RunningSigner extends AsyncDisposable {
  /** Asks it. */
  readonly sign: Handler;
}

/** Starts the handler for a service of S3. */
export async function startSigner(
  { options, unsignedFields = "refused" }: RunningService,
  page: string,
): Promise<RunningSigner> {
  const worker = await serveInWorkerd(WORKER, {
    S3: JSON.stringify(options),
    PAGE: page,
    UNSIGNED: unsignedFields,
  });
  return {
    async sign(request) {
      const { pathname } = new URL(request.url);
      const headers = new Headers(request.headers);
      headers.delete("host");
      return await worker.ask(pathname, {
        method: request.method,
        headers,
        body: request.body === null ? null : await request.arrayBuffer(),
      });
    },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}
