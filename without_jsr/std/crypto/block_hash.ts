/** What makes one hash of the Merkle–Damgård family different from another. */
export interface Compression {
  /** Bytes of a block: 64 or 128. */
  readonly blockBytes: number;
  /** Whether the length at the end has its lowest byte first (MD5). */
  readonly littleEndian: boolean;
  /** Mixes one block into the state. */
  compress(block: DataView): void;
  /** Returns the state as bytes. */
  state(): ArrayBuffer;
}

/** Cuts bytes into blocks and pads the last one (FIPS 180-4 §5.1, RFC 1321 §3.1). */
export class BlockHash {
  readonly #compression: Compression;
  readonly #block: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #filled = 0;
  #bytes = 0;

  constructor(compression: Compression) {
    this.#compression = compression;
    this.#block = new Uint8Array(compression.blockBytes);
    this.#view = new DataView(this.#block.buffer);
  }

  update(bytes: Uint8Array): void {
    this.#bytes += bytes.byteLength;
    for (let at = 0; at < bytes.byteLength;) {
      const free = this.#block.length - this.#filled;
      const part = bytes.subarray(at, at + free);
      this.#block.set(part, this.#filled);
      this.#filled += part.byteLength;
      at += part.byteLength;
      if (this.#filled === this.#block.length) this.#mix();
    }
  }

  digest(): ArrayBuffer {
    const bits = BigInt(this.#bytes) * 8n;
    const { littleEndian } = this.#compression;
    // The length field has 8 bytes, or 16 of which the first 8 stay zero.
    const lengthBytes = this.#block.length / 8;
    this.#block.fill(0, this.#filled);
    this.#block[this.#filled++] = 0x80;
    if (this.#filled > this.#block.length - lengthBytes) this.#mix();
    this.#view.setBigUint64(this.#block.length - 8, bits, littleEndian);
    this.#compression.compress(this.#view);
    return this.#compression.state();
  }

  #mix(): void {
    this.#compression.compress(this.#view);
    this.#block.fill(0);
    this.#filled = 0;
  }
}
