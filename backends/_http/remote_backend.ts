// This module is browser compatible.
import { InvalidArgumentError } from "../../core/errors.ts";
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";
import {
  describeRemote,
  remoteSigner,
  type RemoteSignerOptions,
} from "./remote_signer.ts";
import type { RequestSigner } from "./signing.ts";

/** A kind of backend that a handler can sign for. O are its options but for the signer. */
export interface RemoteKind<O extends object, B> {
  /** What the handler calls its service. */
  readonly service: string;
  /** The options that a page may give. */
  readonly known: KnownOptions<O>;
  /** What stands in the place of what the handler says, until it has said it. */
  readonly place: O;
  /** Makes the backend, or refuses the options. */
  readonly create: (options: O & { readonly signer: RequestSigner }) => B;
}

/** What the page gives: options of the signer, and of the backend. */
export interface ConnectRequest<O> extends RemoteSignerOptions {
  /** Options of the backend, beside or in place of what the handler says. */
  readonly backend?: Partial<O> | undefined;
  /** Ends the question. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a handler what its store is like, and makes the backend that it signs for. Before
 * anything is asked, a backend is made of the page's options alone: what they have wrong is
 * told at once, by those who know them.
 */
export async function connect<O extends object, B>(
  url: string,
  { backend: own = {}, signal, ...asking }: ConnectRequest<O>,
  { service, known, place, create }: RemoteKind<O, B>,
): Promise<{ readonly backend: B; readonly root: string }> {
  requireKnown("connect", null, own as O, known, "backend");
  const signer = remoteSigner(url, asking);
  // What is given as undefined is not given.
  const given = Object.fromEntries(
    Object.entries(own).filter(([, value]) => value !== undefined),
  ) as Partial<O>;
  create({ ...place, ...given, signer });
  const told = await describeRemote(url, { ...asking, signal });
  if (told.service !== service) {
    throw new InvalidArgumentError(
      `Cannot connect: the handler signs for ${
        String(told.service)
      }, not for ${service}`,
    );
  }
  const said = Object.fromEntries(
    Object.keys(place).map((name) => [name, told[name]]),
  ) as O;
  return { backend: create({ ...said, ...given, signer }), root: told.root };
}
