/**
 * Random requests to Azure, and what signs them.
 *
 * @module
 */
import fc from "fast-check";
import { encodeKey, toQuery } from "../../backends/azure/wire.ts";

/** A request to be signed; `length` is that of its body. */
export interface Unsigned {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly length: number;
}

const FIELDS = [
  "content-type",
  "content-md5",
  "if-match",
  "if-none-match",
  "if-modified-since",
  "range",
  "x-ms-range",
  "x-ms-blob-type",
  "x-ms-copy-source",
  "x-ms-lease-id",
  "x-ms-meta-a",
  "x-ms-meta-a1",
  "x-ms-meta-a_b",
  "x-ms-meta-ab",
  "x-ms-meta-_a",
];

const QUERY = ["comp", "restype", "blockid", "prefix", "marker", "timeout"];

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
);

// What a header field carries: printable, and nothing at its ends.
const value = fc.stringMatching(/^[!-~](?:[ -~]{0,60}[!-~])?$/);

const SECOND = 1000;

// Of few seconds and sizes, so that some begin as the one before has.
const parts = fc.record({
  method: fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"),
  origin: fc.constantFrom(
    "https://contoso.blob.core.windows.net",
    "http://127.0.0.1:10000/contoso",
  ),
  key: fc.array(text, { minLength: 1, maxLength: 4 }),
  query: fc.dictionary(fc.constantFrom(...QUERY), text, { maxKeys: 3 }),
  headers: fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 4 }),
  length: fc.constantFrom(0, 0, 1, 1024, 1_000_000),
  second: fc.integer({ min: 0, max: 3 }),
});

/** Requests as the backend writes them. */
export const unsigned: fc.Arbitrary<Unsigned> = parts.map(
  ({ method, origin, key, query, headers, length, second }) => {
    // Dots alone are a segment that the URL parser of the oracle resolves.
    const path = key.join("/").toWellFormed().split("/")
      .filter((segment) => segment !== "." && segment !== "..").join("/");
    // Of no value the documentation makes a line, and the oracle none.
    const fields = Object.fromEntries(
      Object.entries(query)
        .map(([name, text]) => [name, `-${text.toWellFormed()}`]),
    );
    const date = new Date(Date.UTC(2026, 5, 26) + second * SECOND);
    return {
      method,
      url: `${origin}/files/${encodeKey(path)}${toQuery(fields)}`,
      headers: {
        "x-ms-date": date.toUTCString(),
        "x-ms-version": "2023-11-03",
        ...headers,
      },
      length,
    };
  },
);
