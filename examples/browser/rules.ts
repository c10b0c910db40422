/**
 * What may be uploaded. One module for both sides: the page refuses with these words before
 * anything is sent, and the handler refuses whatever a page does.
 *
 * @module
 */

/** The most bytes of a file. */
export const MAX_SIZE = 200_000_000;

/** What is stored without a type. Browsers save it, and never run it. */
export const NO_TYPE = "application/octet-stream";

// A list of what is allowed, and not of what is not: HTML, SVG and scripts would act as
// pages of the service's origin.
const ALLOWED: readonly RegExp[] = [
  /^(?:audio|video)\/[\w.+-]+$/,
  /^image\/(?:avif|bmp|gif|heic|jpeg|png|tiff|webp|x-icon|vnd\.microsoft\.icon)$/,
  /^text\/(?:plain|csv|markdown|calendar|vcard)$/,
  /^application\/(?:pdf|json|zip|gzip|x-tar|x-7z-compressed|epub\+zip|rtf)$/,
  /^application\/(?:msword|vnd\.(?:ms-|oasis\.|openxmlformats-)[\w.-]+)$/,
  /^application\/(?:octet-stream|vnd\.apache\.parquet|x-sqlite3)$/,
];

/** A file that somebody wants to upload, as far as it is known before. */
export interface Wanted {
  /** Bytes. */
  readonly size: number | null;
  /** The media type; `null` where nobody has said. */
  readonly contentType: string | null;
}

/** Returns why a file is refused, in words for its user; `null` where it is welcome. */
export function whyRefused({ size, contentType }: Wanted): string | null {
  const type = (contentType ?? NO_TYPE).replace(/;.*$/, "").trim();
  if (!ALLOWED.some((allowed) => allowed.test(type.toLowerCase()))) {
    return `The type ${type} is not taken here, as it could act in a browser. Pictures, sound, film, text, documents and archives are.`;
  }
  if (size === null) return "A file without a known size is not taken here.";
  if (size > MAX_SIZE) {
    return `It is too large: ${
      MAX_SIZE / 1e6
    } MB is the most that is taken here.`;
  }
  return null;
}
