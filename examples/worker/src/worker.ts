/**
 * A Worker that keeps files in its own R2 bucket, or in a bucket of S3.
 *
 * @module
 */
import { Store, type UnsignedFields } from "@remote-store/core";
import {
  R2Backend,
  type R2BucketBinding,
} from "@remote-store/core/backends/r2";
import { S3Backend, type S3DialectName } from "@remote-store/core/backends/s3";
import type { SignHandler } from "@remote-store/core/ext/sign";
import { handle } from "./handler.ts";
import { createSign } from "./signing.ts";

/** The Worker's bindings, variables and secrets: wrangler.jsonc names them. */
export interface Env {
  /** The R2 bucket. Without it the S3 bucket is used. */
  readonly BUCKET?: R2BucketBinding;
  readonly S3_BUCKET?: string;
  /** For everything but AWS: `https://minio.example.com`. */
  readonly S3_ENDPOINT?: string;
  readonly S3_REGION?: string;
  /** For a service that its host name does not tell: `minio`, `ceph`. */
  readonly S3_DIALECT?: string;
  readonly S3_ACCESS_KEY_ID?: string;
  readonly S3_SECRET_ACCESS_KEY?: string;
  /** For `/sign`, but on AWS: `refused`, `scoped` or `accepted`. */
  readonly S3_UNSIGNED_FIELDS?: string;
  /** For `/sign`: the origins of pages elsewhere, with commas between. */
  readonly PAGES?: string;
  /** Whoever sends it may change files. */
  readonly UPLOAD_TOKEN?: string;
  /** The most bytes of a file. */
  readonly MAX_BYTES?: string;
}

const MAX_BYTES = 100 * 1024 * 1024;

// One for all requests: it holds nothing that belongs to one of them.
let store: Store | undefined;
let sign: SignHandler | undefined;

function open(env: Env): Store {
  return env.BUCKET === undefined
    ? openS3(env)
    : new Store({ backend: new R2Backend({ bucket: env.BUCKET }) });
}

function openS3(env: Env): Store {
  return new Store({
    backend: new S3Backend({
      bucket: env.S3_BUCKET ?? "",
      endpoint: env.S3_ENDPOINT,
      region: env.S3_REGION,
      dialect: env.S3_DIALECT as S3DialectName | undefined,
      credentials: {
        accessKeyId: env.S3_ACCESS_KEY_ID ?? "",
        secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? "",
      },
      // Fits the memory and the connections of a Worker.
      preset: "small",
    }),
  });
}

/** The handler of requests. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const maxBytes = Number(env.MAX_BYTES ?? MAX_BYTES);
    const token = env.UPLOAD_TOKEN;
    // A binding signs nothing: pages need the bucket's name and a key, for R2 as well.
    const signs = env.S3_BUCKET !== undefined;
    if (signs && new URL(request.url).pathname === "/sign") {
      sign ??= createSign(openS3(env), {
        maxBytes,
        token,
        origins: env.PAGES?.split(",") ?? [],
        unsignedFields: env.S3_UNSIGNED_FIELDS as UnsignedFields | undefined,
      });
      return await sign(request);
    }
    store ??= open(env);
    return await handle(store, request, { base: "/files/", maxBytes, token });
  },
};
