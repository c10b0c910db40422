// This module is browser compatible.
import type {
  Backend,
  Entry,
  ListPage,
  ReadAnswer,
  ReadRequest,
  SignalRequest,
  WriteFacts,
} from "../../core/backend.ts";
import { type Capability, CapabilitySet } from "../../core/capability.ts";
import { CapabilityNotSupportedError } from "../../core/errors.ts";
import { requireKnown } from "../../core/known_options.ts";
import { HttpConnection } from "./connection.ts";
import { type HttpOptions, KNOWN_OPTIONS } from "./options.ts";
import { Prober } from "./probing.ts";
import { readFile } from "./reading.ts";
import { keyOf } from "./wire.ts";

const READ_ONLY: readonly Capability[] = ["read", "metadata", "lazy_read"];

/**
 * Reads files from a web server. Read-only, and without listings: HTTP has none. Not
 * terminal: there is nothing to close.
 */
export class HttpBackend implements Backend {
  /** The name in errors. */
  readonly name = "http" as const;
  /** What it can do. */
  readonly capabilities: ReadonlySet<Capability>;
  /** There are no folders to be seen. */
  readonly namespace = "flat" as const;
  /** Nothing is held open. */
  readonly closeIsTerminal = false as const;
  /** It deletes nothing. */
  readonly deleteTells = true as const;

  readonly #connection: HttpConnection;
  readonly #prober: Prober;
  readonly #pingUrl: string;

  /**
   * Creates a backend; sends nothing.
   *
   * @throws {InvalidArgumentError} If the base is no URL that paths can be put behind, or a field is none.
   */
  constructor(options: HttpOptions) {
    requireKnown("create an HttpBackend", null, options ?? {}, KNOWN_OPTIONS);
    const { ranges = true, pingPath = "" } = options ?? {};
    this.#connection = new HttpConnection(options ?? {});
    this.#prober = new Prober(this.#connection);
    this.#pingUrl = this.#connection.urlOf(pingPath);
    this.capabilities = new CapabilitySet(
      ranges ? [...READ_ONLY, "seekable_read"] : READ_ONLY,
    );
  }

  /** Asks by `HEAD`, and by a `GET` of one byte where that is refused. */
  async stat(key: string, { signal }: SignalRequest): Promise<Entry> {
    return await this.#prober.stat(this.#connection.urlOf(key), signal);
  }

  /** Starts reading a file. */
  async read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    return await readFile(this.#connection, this.#prober, key, request);
  }

  /** Refused: read-only. */
  write(): Promise<WriteFacts> {
    return Promise.reject(readOnly("write"));
  }

  /** Refused: read-only. */
  delete(): Promise<boolean> {
    return Promise.reject(readOnly("delete"));
  }

  /** Refused: HTTP has no listings. */
  list(): Promise<ListPage> {
    return Promise.reject(readOnly("list"));
  }

  /** Asks for the base URL, or for what `pingPath` names. */
  async ping({ signal }: SignalRequest): Promise<void> {
    await this.#prober.ping(this.#pingUrl, signal);
  }

  /** Does nothing: there is nothing to close. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Returns the URL of a key. */
  nativePath(key: string): string {
    return this.#connection.urlOf(key);
  }

  /** Returns the key of a URL. */
  toKey(nativePath: string): string {
    return keyOf(this.#connection.base, nativePath);
  }

  /** Returns the URL and the method. */
  describe(key: string): Readonly<Record<string, unknown>> {
    return { url: this.#connection.urlOf(key), method: "GET" };
  }
}

function readOnly(capability: Capability): CapabilityNotSupportedError {
  return new CapabilityNotSupportedError("the backend is read-only", {
    capability,
  });
}
