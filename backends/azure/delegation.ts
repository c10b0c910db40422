// This module is browser compatible.
import {
  CapabilityNotSupportedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import { MAX_PRESIGN_SECONDS } from "../../core/presigning.ts";
import { type Found, text } from "../_http/document.ts";
import { documentOf } from "./answers.ts";
import type { Container } from "./container.ts";
import { failureTime } from "./failures.ts";
import {
  createUserDelegationSas,
  sasFields,
  type SasOptions,
  type UserDelegationKey,
} from "./sas.ts";

/** What a SAS for one blob of the container permits, and how long. */
export interface BlobSas
  extends Omit<SasOptions, "accountName" | "container" | "key" | "expires"> {
  /** How long it is valid, in seconds. */
  readonly seconds: number;
}

/** How long a user delegation key lives, at most, and what is left when another is fetched. */
const KEY_LIFE = 24 * 3_600_000;
const MAX_KEY_LIFE = MAX_PRESIGN_SECONDS * 1000;
const KEY_MARGIN = 5 * 60_000;

/** Makes signed URLs for one container. */
export class Presigner {
  readonly #container: Container;
  readonly #accountName: string | null;
  #key: UserDelegationKey | null = null;

  constructor(container: Container, accountName: string | null) {
    this.#container = container;
    this.#accountName = accountName;
  }

  /** Returns a URL with a SAS for one blob, and when that ends, in milliseconds since 1970. */
  async presign(
    key: string,
    { seconds, ...rest }: BlobSas,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly url: string; readonly expires: number }> {
    const url = this.#container.url(key);
    const accountName = this.#accountName;
    const { credential } = this.#container;
    if (!credential.isWhole || accountName === null) {
      throw new CapabilityNotSupportedError(
        "only an account's key or a bearer token can sign",
        { capability: "presign", path: key },
      );
    }
    const sasUntil = (latest: number): SasOptions => {
      const wanted = this.#container.clock.now() + seconds * 1000;
      const expires = new Date(Math.min(wanted, latest));
      // A SAS has whole seconds.
      expires.setUTCMilliseconds(0);
      return {
        // An emulator has no https, and its URL would be refused.
        allowHttp: url.startsWith("http:"),
        ...rest,
        expires,
        accountName,
        container: this.#container.name,
        key,
      };
    };
    const signed = (sas: SasOptions, query: string) => ({
      url: `${url}?${query}`,
      expires: sas.expires.getTime(),
    });
    const own = sasUntil(Infinity);
    const query = credential.signSas?.(own, sasFields(own));
    if (query !== undefined) return signed(own, query);
    const delegated = await this.#delegation(seconds, signal);
    // The answer may have set the clock.
    const sas = sasUntil(Date.parse(delegated.expires));
    return signed(sas, createUserDelegationSas(sas, delegated));
  }

  async #delegation(
    seconds: number,
    signal: AbortSignal | undefined,
  ): Promise<UserDelegationKey> {
    const { clock } = this.#container;
    for (let isSecond = false;; isSecond = true) {
      const now = clock.now();
      const needed = now + Math.max(seconds * 1000, KEY_MARGIN);
      const kept = this.#key;
      if (kept !== null && Date.parse(kept.expires) >= needed) return kept;
      const answer = await fetchDelegationKey(
        this.#container,
        new Date(Math.max(now - KEY_MARGIN, needed - MAX_KEY_LIFE)),
        new Date(Math.max(needed, now + KEY_LIFE)),
        signal,
      );
      // A token is not dated, so only the answer tells that the clock here is wrong: then
      // the key would begin in the future, or end too early.
      const told = answer.outcome === "done"
        ? clock.learn(answer.value.headers, now)
        : clock.learn(
          answer.failure.headers,
          now,
          failureTime(answer.failure),
        );
      if (told && !isSecond) continue;
      if (answer.outcome === "refused") throw answer.error;
      return this.#key = toDelegationKey(answer.value.found);
    }
  }
}

async function fetchDelegationKey(
  container: Container,
  starts: Date,
  expires: Date,
  signal: AbortSignal | undefined,
) {
  const date = (time: Date) => time.toISOString().replace(/\.\d+Z$/, "Z");
  const xml = `<?xml version="1.0" encoding="utf-8"?><KeyInfo><Start>${
    date(starts)
  }</Start><Expiry>${date(expires)}</Expiry></KeyInfo>`;
  const url = `${container.blobUrl}/?restype=service&comp=userdelegationkey`;
  return await container.ask("POST", url, {
    headers: { "content-type": "application/xml" },
    body: new TextEncoder().encode(xml),
    answers: { 200: documentOf("UserDelegationKey", DELEGATION_KEY) },
    refusals: [400],
    signal,
  });
}

const DELEGATION_KEY = {
  SignedOid: text,
  SignedTid: text,
  SignedStart: text,
  SignedExpiry: text,
  SignedService: text,
  SignedVersion: text,
  Value: text,
} as const;

/** Reads the answer to Get User Delegation Key. */
export function toDelegationKey(
  found: Found<typeof DELEGATION_KEY>,
): UserDelegationKey {
  const given = (name: keyof typeof found) => {
    const value = found[name];
    if (value) return value;
    throw new RemoteStoreError(`the delegation key came without ${name}`);
  };
  return {
    objectId: given("SignedOid"),
    tenantId: given("SignedTid"),
    starts: given("SignedStart"),
    expires: given("SignedExpiry"),
    service: given("SignedService"),
    version: given("SignedVersion"),
    value: given("Value"),
  };
}
