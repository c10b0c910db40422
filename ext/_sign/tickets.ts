// This module is browser compatible.
import type { AskedOperation, PromisedUpload } from "../../mod.ts";

/** What an upload was allowed as. It is kept by the page, and by nobody else. */
export interface UploadFacts {
  /** The root that it was allowed below, as a key. */
  readonly base: string;
  /** The file's key. */
  readonly key: string;
  /** The size, and that of the parts. */
  readonly plan: PromisedUpload;
  /** The most bytes of the whole. */
  readonly limit: number;
  /** For how many seconds its signatures are valid; `null` where the rules do not say. */
  readonly expiresIn: number | null;
  /** What was asked for; the digest is left out. */
  readonly asked: Omit<AskedOperation, "digest">;
}

/** A ticket that was opened. */
export interface Opened<T> {
  /** What it says. */
  readonly facts: T;
  /** Whether its time is over. */
  readonly isOver: boolean;
}

const ENCODER = new TextEncoder();

/** Seals what a page keeps for the handler: nobody else can write it, anybody can read it. */
export class Tickets {
  readonly #key: Promise<CryptoKey>;
  readonly #place: string;
  readonly #now: () => number;

  /** @param place What they are for: one that was sealed for another place is none here. */
  constructor(
    secret: Uint8Array<ArrayBuffer>,
    place: string,
    now: () => number,
  ) {
    const hmac = { name: "HMAC", hash: "SHA-256" };
    this.#key = crypto.subtle.importKey("raw", secret, hmac, false, [
      "sign",
      "verify",
    ]);
    // Who never asks for a ticket is not told that the key is none.
    this.#key.catch(() => {});
    this.#place = place;
    this.#now = now;
  }

  /** Returns a text that holds the facts for a while. */
  async seal(kind: string, facts: unknown, seconds: number): Promise<string> {
    const until = this.#now() + seconds * 1000;
    const payload = toText(
      ENCODER.encode(JSON.stringify([kind, until, facts])),
    );
    const mac = await crypto.subtle.sign(
      "HMAC",
      await this.#key,
      this.#bytesOf(payload),
    );
    return `${payload}.${toText(new Uint8Array(mac))}`;
  }

  /** Returns what a text holds; `null` where it was not sealed here, or as something else. */
  async open<T>(kind: string, text: string): Promise<Opened<T> | null> {
    const [payload = "", mac = "", ...rest] = text.split(".");
    const signature = fromText(mac);
    if (signature === null || rest.length > 0) return null;
    // Base64 has several spellings of the same bytes.
    if (toText(signature) !== mac) return null;
    const isOurs = await crypto.subtle.verify(
      "HMAC",
      await this.#key,
      signature,
      this.#bytesOf(payload),
    );
    const bytes = isOurs ? fromText(payload) : null;
    if (bytes === null) return null;
    const [said, until, facts] = JSON.parse(new TextDecoder().decode(bytes));
    return said === kind ? { facts, isOver: this.#now() >= until } : null;
  }

  // A payload has no line break.
  #bytesOf(payload: string): Uint8Array<ArrayBuffer> {
    return ENCODER.encode(`${payload}\n${this.#place}`);
  }
}

function toText(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_")
    .replace(/=+$/, "");
}

function fromText(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
