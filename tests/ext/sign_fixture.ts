/**
 * Pure: a page without a secret, the application's handler, and the strict fake behind both.
 *
 * @module
 */
import {
  RemoteS3Backend,
  type RemoteS3Options,
  remoteSigner,
  type RemoteSignerOptions,
} from "../../backends/s3/remote.ts";
import { s3Signing } from "../../backends/s3/signing.ts";
import { S3Backend, type S3Options } from "../../backends/s3/mod.ts";
import { signHandler, type SignHandlerOptions } from "../../ext/sign.ts";
import { RetryPolicy, Store } from "../../mod.ts";
import { ACCOUNT, FakeS3 } from "../fakes/s3/service.ts";
import { crossOrigin, PAGE_ORIGIN } from "./sign_cross_origin.ts";

/** Where the handler is. */
export const SIGN_URL = "https://app.example.com/sign";

/** The root of the page. */
export const ROOT = "users/42";

/** What a page, its handler and its service are made with. */
export interface Wishes {
  readonly fake?: FakeS3;
  readonly handler?: Partial<SignHandlerOptions>;
  readonly server?: Partial<S3Options>;
  readonly page?: Partial<RemoteS3Options>;
  readonly signer?: RemoteSignerOptions;
  readonly root?: string;
  readonly strict?: boolean;
}

/** A page, its handler and its service. */
export interface Scene {
  readonly fake: FakeS3;
  /** The page's store. */
  readonly store: Store;
  readonly sign: (request: Request) => Promise<Response>;
  /** Each question to the handler, as it was sent, and each answer. */
  readonly talk: { readonly sent: string; readonly answered: string }[];
  /** Everything that the page has got. */
  readonly seen: () => string;
}

/** Sets a scene. */
export function scene(wishes: Wishes = {}): Scene {
  const { fake = new FakeS3(), root = ROOT, strict = false } = wishes;
  const service = {
    bucket: "bucket",
    endpoint: "http://s3.test",
    dialect: "aws" as const,
    fetch: fake.fetch,
  };
  const server = new Store({
    backend: new S3Backend({
      ...service,
      credentials: ACCOUNT,
      ...wishes.server,
    }),
  });
  const sign = signHandler({
    store: server,
    signing: s3Signing,
    root,
    authorize: () => true,
    origins: [PAGE_ORIGIN],
    ...wishes.handler,
  });
  const ask = crossOrigin(sign);
  const talk: { sent: string; answered: string }[] = [];
  const seen: string[] = [];
  const send = async (url: string, init: RequestInit) => {
    const sent = await new Request(url, init).text();
    const response = await ask(url, init);
    const answered = await response.clone().text();
    talk.push({ sent, answered });
    seen.push(answered, ...[...response.headers].flat());
    return response;
  };
  const watched = async (url: string, init: RequestInit) => {
    if (url.startsWith(SIGN_URL)) return await send(url, init);
    const response = await fake.fetch(url, init);
    seen.push(
      url,
      JSON.stringify(init.headers),
      ...[...response.headers].flat(),
    );
    return response;
  };
  const backend = new RemoteS3Backend({
    ...service,
    retry: RetryPolicy.disabled(),
    ...wishes.page,
    fetch: watched,
    signer: remoteSigner(SIGN_URL, {
      fetch: send,
      retry: RetryPolicy.disabled(),
      ...wishes.signer,
    }),
  });
  return {
    fake,
    store: new Store({ backend, root, strictFolders: strict }),
    sign,
    talk,
    seen: () => seen.join("\n"),
  };
}
