/**
 * Media types by the ends of names, for files that say none of themselves.
 *
 * ```ts
 * import { contentTypeOf } from "@remote-store/core/ext/content-type";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(contentTypeOf("site/index.HTML"), "text/html; charset=utf-8");
 * assertEquals(contentTypeOf("photo.jpeg"), "image/jpeg");
 * assertEquals(contentTypeOf("Makefile"), null);
 * ```
 *
 * @module
 */
import { pathSuffix } from "../mod.ts";

/** Types by the end of a name, without its dot, as IANA registers them. Text is UTF-8. */
const TYPES: Readonly<Record<string, string>> = {
  avif: "image/avif",
  bmp: "image/bmp",
  css: "text/css",
  csv: "text/csv",
  doc: "application/msword",
  docx:
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  epub: "application/epub+zip",
  flac: "audio/flac",
  geojson: "application/geo+json",
  gif: "image/gif",
  glb: "model/gltf-binary",
  gz: "application/gzip",
  htm: "text/html",
  html: "text/html",
  ico: "image/vnd.microsoft.icon",
  ics: "text/calendar",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  jsonld: "application/ld+json",
  m4a: "audio/mp4",
  md: "text/markdown",
  mjs: "text/javascript",
  mov: "video/quicktime",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  oga: "audio/ogg",
  ogg: "audio/ogg",
  ogv: "video/ogg",
  otf: "font/otf",
  parquet: "application/vnd.apache.parquet",
  pdf: "application/pdf",
  png: "image/png",
  pptx:
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  tif: "image/tiff",
  tiff: "image/tiff",
  ttf: "font/ttf",
  txt: "text/plain",
  wasm: "application/wasm",
  wav: "audio/wav",
  webm: "video/webm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
  zip: "application/zip",
};

/**
 * Returns the media type that the end of a path's name stands for, in any case of letters;
 * `null` where it stands for none. Types of text have `charset=utf-8`, as what the library
 * writes is.
 *
 * @example Uploads with a type
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { contentTypeOf } from "@remote-store/core/ext/content-type";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * const path = "site/app.css";
 * const contentType = contentTypeOf(path) ?? undefined;
 * void await store.write(path, "p {}", { contentType });
 * const info = await store.getFileInfo(path);
 * assertEquals(info.contentType, "text/css; charset=utf-8");
 * ```
 *
 * @throws {InvalidPathError} If it is no path.
 */
export function contentTypeOf(path: string): string | null {
  const end = pathSuffix(path).slice(1).toLowerCase();
  if (!Object.hasOwn(TYPES, end)) return null;
  const type = TYPES[end]!;
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}
