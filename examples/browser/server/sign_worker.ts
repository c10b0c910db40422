/**
 * The handler as a Worker: what the server beside it would do, in the runtime of Workers.
 *
 * @module
 */
import { Store } from "@remote-store/core";
import { S3Backend } from "@remote-store/core/backends/s3";
import { s3Signing } from "@remote-store/core/backends/s3-signing";
import type { SignHandler } from "@remote-store/core/ext/sign";
import { signerFor } from "./signer.ts";

/** Its variables and secrets. */
export interface Env {
  /** The options of the S3 backend, as JSON. */
  readonly S3: string;
  /** The origin of the page. */
  readonly PAGE: string;
  /** What the service does with header fields that are not signed. */
  readonly UNSIGNED: "refused" | "accepted";
}

// One for all requests: it holds nothing that belongs to one of them.
let sign: SignHandler | undefined;

/** The handler of requests. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    sign ??= signerFor({
      store: new Store({ backend: new S3Backend(JSON.parse(env.S3)) }),
      signing: s3Signing,
      unsignedFields: env.UNSIGNED,
    }, [env.PAGE]);
    return await sign(request);
  },
};
