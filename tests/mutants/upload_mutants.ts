import type {
  MultipartUpload,
  OpenUploadOptions,
  StoreLike,
  UploadedPart,
} from "../../mod.ts";
import { brokenStore, type Mutant } from "./mutant.ts";
import { PassThrough } from "./pass_through.ts";

type Change = (
  upload: MultipartUpload,
  store: StoreLike,
) => Partial<MultipartUpload>;

/** A store whose uploads break one rule. */
function broken(
  breaks: string,
  name: string,
  change: Change,
  asked: (options: OpenUploadOptions) => OpenUploadOptions = (options) =>
    options,
): Mutant {
  return brokenStore(
    breaks,
    name,
    (store) => new BrokenUploads(store, change, asked),
  );
}

class BrokenUploads extends PassThrough {
  readonly #change: Change;
  readonly #asked: (options: OpenUploadOptions) => OpenUploadOptions;

  constructor(
    inner: StoreLike,
    change: Change,
    asked: (options: OpenUploadOptions) => OpenUploadOptions,
  ) {
    super(inner);
    this.#change = change;
    this.#asked = asked;
  }

  override async openUpload(
    path: string,
    options: OpenUploadOptions,
  ): Promise<MultipartUpload> {
    const upload = await super.openUpload(path, this.#asked(options));
    const own: MultipartUpload = {
      path: upload.path,
      id: upload.id,
      size: upload.size,
      partSize: upload.partSize,
      part: (...args) => upload.part(...args),
      parts: (...args) => upload.parts(...args),
      complete: (...args) => upload.complete(...args),
      discard: (...args) => upload.discard(...args),
    };
    return { ...own, ...this.#change(upload, this.inner) };
  }

  override child(path: string): PassThrough {
    const child = this.inner.child(path);
    return new BrokenUploads(child, this.#change, this.#asked);
  }
}

const NOTHING: Change = () => ({});

/** Uploads in parts that break a rule each. */
export const UPLOAD_MUTANTS: readonly Mutant[] = [
  broken(
    "UPL-001",
    "shows a part as the file",
    ({ path, ...upload }, store) => ({
      async part(number, bytes, options) {
        await store.write(path, bytes, { overwrite: true });
        return await upload.part.call(upload, number, bytes, options);
      },
    }),
  ),
  broken("UPL-001", "forgets the type", NOTHING, (options) => {
    const { contentType: _, ...rest } = options;
    return rest;
  }),
  broken("UPL-001", "lists no last part", (upload) => ({
    async *parts(options) {
      const all: UploadedPart[] = [];
      for await (const part of upload.parts(options)) all.push(part);
      yield* all.slice(0, -1);
    },
  })),
  broken(
    "UPL-002",
    "forgets the upload that has a name",
    NOTHING,
    (options) => {
      const { id: _, ...rest } = options;
      return { ...rest, overwrite: true };
    },
  ),
  broken("UPL-003", "keeps the first part of a number", (upload) => {
    const sent = new Map<number, UploadedPart>();
    return {
      async part(number, bytes, options) {
        const known = sent.get(number);
        if (known !== undefined) return known;
        const part = await upload.part(number, bytes, options);
        sent.set(number, part);
        return part;
      },
    };
  }),
  broken("UPL-004", "replaces what is there", NOTHING, (options) => ({
    ...options,
    overwrite: true,
  })),
  broken("UPL-005", "passes over ifMatch", NOTHING, (options) => {
    const { ifMatch: _, ...rest } = options;
    return { ...rest, overwrite: true };
  }),
  broken(
    "UPL-006",
    "writes again when it is completed again",
    (upload, store) => ({
      async complete(parts, options) {
        const result = await upload.complete(parts, options);
        const bytes = await store.readBytes(upload.path);
        return {
          ...result,
          ...await store.write(upload.path, bytes, { overwrite: true }),
        };
      },
    }),
  ),
  broken("UPL-009", "throws the parts away at a conflict", (upload) => ({
    async complete(parts, options) {
      try {
        return await upload.complete(parts, options);
      } catch (error) {
        await upload.discard();
        throw error;
      }
    },
  })),
  broken("UPL-007", "discards nothing", () => ({
    discard: () => Promise.resolve(),
  })),
  broken("UPL-008", "takes a part of any size", (upload) => ({
    part: async (number, bytes, options) =>
      number === 1 && bytes.byteLength < upload.partSize
        ? { number, size: bytes.byteLength, tag: "" }
        : await upload.part(number, bytes, options),
  })),
];
