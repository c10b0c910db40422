/**
 * A Worker that keeps files in a bucket: `GET` and `HEAD` with ranges and conditions,
 * `PUT` of any length without holding it, `DELETE`. Whoever may ask is for the code in
 * front of it to say.
 *
 * @module
 */
import { Store, type StoreLike } from "@remote-store/core";
import { S3Backend, type S3DialectName } from "@remote-store/core/backends/s3";
import { statusOf, toResponse } from "@remote-store/core/ext/transfer";

/** The Worker's variables and secrets. */
export interface Env {
  readonly BUCKET: string;
  /** `https://<account>.r2.cloudflarestorage.com`. */
  readonly ENDPOINT: string;
  readonly ACCESS_KEY_ID: string;
  readonly SECRET_ACCESS_KEY: string;
  /** For a service that its host name does not tell. */
  readonly DIALECT?: S3DialectName;
}

/**
 * Answers a request to a store. `If-None-Match: *` creates only, `If-Match` replaces one
 * version only: of many who send it, one gets through.
 */
export async function handle(
  store: StoreLike,
  request: Request,
): Promise<Response> {
  const { method, headers, body, signal } = request;
  if (method !== "PUT" && method !== "DELETE") {
    return await toResponse(store, request);
  }
  try {
    const path = decodeURIComponent(new URL(request.url).pathname.slice(1));
    if (method === "DELETE") {
      await store.delete(path, { signal });
      return new Response(null, { status: 204 });
    }
    const ifMatch = headers.get("if-match") ?? undefined;
    const { size, etag } = await store.write(path, body ?? "", {
      ...(ifMatch === undefined
        ? { overwrite: headers.get("if-none-match") !== "*" }
        : { ifMatch }),
      contentType: headers.get("content-type") ?? undefined,
      signal,
    });
    return Response.json({ size }, { headers: etag === null ? {} : { etag } });
  } catch (error) {
    const status = error instanceof URIError ? 400 : statusOf(error);
    if (status === null) throw error;
    return new Response(null, { status });
  }
}

let store: Store | undefined;

/** The handler of requests. */
export default {
  fetch(request: Request, env: Env): Promise<Response> {
    // One for all requests: it remembers the day's signing key.
    store ??= new Store({
      backend: new S3Backend({
        bucket: env.BUCKET,
        endpoint: env.ENDPOINT,
        credentials: {
          accessKeyId: env.ACCESS_KEY_ID,
          secretAccessKey: env.SECRET_ACCESS_KEY,
        },
        dialect: env.DIALECT,
      }),
    });
    return handle(store, request);
  },
};
