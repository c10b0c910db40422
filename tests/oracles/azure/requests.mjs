/**
 * The requests whose strings to sign are compared: what a client of Blob Storage and
 * Data Lake Storage sends, over names, headers and endpoints that have gone wrong before.
 *
 * @module
 */

const DATE = "Fri, 26 Jun 2026 23:39:12 GMT";
const VERSION = "2023-11-03";
const HOST = "https://contoso.blob.core.windows.net";
const PATH_STYLE = "http://127.0.0.1:10000/contoso";

/** Names of blobs, as they stand in URLs. */
const NAMES = {
  plain: "a.txt",
  nested: "a/b/c.txt",
  space: "with%20space.txt",
  plus: "a%2Bb.txt",
  percent: "100%25.txt",
  "double-encoded": "%252520.txt",
  question: "what%3F.txt",
  hash: "a%23b.txt",
  "NFC letter": "%C3%A9.txt",
  "NFD letter": "e%CC%81.txt",
  emoji: "%F0%9F%98%80.txt",
  quotes: "%27%22.txt",
  "dot segments with encoded slashes": "s%2F..%2Fu",
  "double slash": "a//b",
  "sub-delimiters": "!()*~-_.txt",
  "equals and ampersand": "a%3Db%26c.txt",
};

/** Sets of header fields on Put Blob. */
const FIELDS = {
  "create-only": { "if-none-match": "*" },
  "if-match": { "if-match": '"0x8D9F1"' },
  md5: { "content-md5": "XrY7u+Ae7tCTyyK7j1rNww==" },
  "content headers": {
    "x-ms-blob-cache-control": "no-cache",
    "x-ms-blob-content-disposition": 'attachment; filename="q3.csv"',
    "x-ms-blob-content-encoding": "gzip",
    "x-ms-blob-content-language": "en-US",
    "x-ms-blob-content-type": "text/csv; charset=utf-8",
  },
  "underscore before a digit": { "x-ms-meta-a_b": "1", "x-ms-meta-a1": "2" },
  "underscore before a letter": { "x-ms-meta-a_b": "1", "x-ms-meta-ab": "2" },
  "underscore first": { "x-ms-meta-_a": "1", "x-ms-meta-a": "2" },
  "underscore at the end": { "x-ms-meta-a_": "1", "x-ms-meta-a": "2" },
  "two underscores": { "x-ms-meta-a__b": "1", "x-ms-meta-a_b": "2" },
  "digit before a letter": { "x-ms-meta-a1": "1", "x-ms-meta-aa": "2" },
  "many keys": Object.fromEntries(
    ["zeta", "a_1", "a1", "a_b", "ab", "_x", "x9", "x_9", "class"].map((
      key,
    ) => [
      `x-ms-meta-${key}`,
      key,
    ]),
  ),
  "an encoded word": { "x-ms-meta-title": "=?UTF-8?B?w6k=?=" },
  "an empty value": { "x-ms-meta-empty": "" },
  "inner spaces": { "x-ms-meta-text": "a b c" },
  lease: { "x-ms-lease-id": "5f2bb9f2-4a34-4a36-b1f4-9f7f3b0a3a55" },
};

/** Operations: method, path behind the container, header fields, bytes of the body. */
const OPERATIONS = {
  "Get Blob": ["GET", "/a.txt", {}, 0],
  "Get Blob, a range": ["GET", "/a.txt", { "x-ms-range": "bytes=0-99" }, 0],
  "Get Blob, a plain range": ["GET", "/a.txt", { range: "bytes=5-" }, 0],
  "Get Blob, if-none-match": ["GET", "/a.txt", { "if-none-match": '"0x1"' }, 0],
  "Get Blob, modified since": [
    "GET",
    "/a.txt",
    { "if-modified-since": DATE },
    0,
  ],
  "Get Blob, unmodified since": [
    "GET",
    "/a",
    { "if-unmodified-since": DATE },
    0,
  ],
  "Get Blob, a version": [
    "GET",
    "/a?versionid=2026-01-01T00%3A00%3A00.0Z",
    {},
    0,
  ],
  "Get Blob, a snapshot": [
    "GET",
    "/a?snapshot=2026-01-01T00%3A00%3A00.0Z",
    {},
    0,
  ],
  "Get Blob Properties": ["HEAD", "/a.txt", {}, 0],
  "Delete Blob": [
    "DELETE",
    "/a.txt",
    { "x-ms-delete-snapshots": "include" },
    0,
  ],
  "Put Block": ["PUT", "/a.txt?comp=block&blockid=MDAwMQ%3D%3D", {}, 1048576],
  "Put Block, its id with a plus": [
    "PUT",
    "/a?comp=block&blockid=a%2Bb%2Fc%3D",
    {},
    1,
  ],
  "Put Block List": ["PUT", "/a?comp=blocklist", {
    "content-type": "application/xml",
  }, 120],
  "Get Block List": ["GET", "/a?comp=blocklist&blocklisttype=committed", {}, 0],
  "Copy Blob": ["PUT", "/b.txt", {
    "x-ms-copy-source": `${HOST}/c1/a.txt`,
    "x-ms-source-if-match": '"0x1"',
    "x-ms-requires-sync": "true",
    "if-none-match": "*",
  }, 0],
  "Copy Blob, a bearer's source": ["PUT", "/b.txt", {
    "x-ms-copy-source": `${HOST}/c1/a.txt`,
    "x-ms-copy-source-authorization": "Bearer abc",
  }, 0],
  "Abort Copy Blob": ["PUT", "/b?comp=copy&copyid=1f812371-a41d", {
    "x-ms-copy-action": "abort",
  }, 0],
  "List Blobs": ["GET", "?restype=container&comp=list", {}, 0],
  "List Blobs, all fields": [
    "GET",
    "?restype=container&comp=list&prefix=a%2Fb&delimiter=%2F&marker=x%21y&maxresults=10&include=metadata",
    {},
    0,
  ],
  "List Blobs, a prefix of spaces and plus": [
    "GET",
    "?restype=container&comp=list&prefix=a%20b%2Bc",
    {},
    0,
  ],
  "List Blobs, a prefix of other letters": [
    "GET",
    "?restype=container&comp=list&prefix=%C3%A9%F0%9F%98%80",
    {},
    0,
  ],
  "Create Container": ["PUT", "?restype=container", {}, 0],
  "Get Container Properties": ["HEAD", "?restype=container", {}, 0],
  "Blob Batch": ["POST", "?restype=container&comp=batch", {
    "content-type": "multipart/mixed; boundary=batch_1",
  }, 4000],
  "Lease Blob": ["PUT", "/a?comp=lease", {
    "x-ms-lease-action": "acquire",
    "x-ms-lease-duration": "15",
  }, 0],
  "Path Create, a file": ["PUT", "/a.txt?resource=file", {
    "x-ms-properties": "a=YQ==,b=Yg==",
  }, 0],
  "Path Create, a folder": ["PUT", "/d?resource=directory", {
    "if-none-match": "*",
  }, 0],
  "Path Create, a rename": ["PUT", "/b.txt", {
    "x-ms-rename-source": "/c1/a%20b.txt",
    "x-ms-source-if-match": '"0x1"',
  }, 0],
  "Path Update, append": ["PATCH", "/a?action=append&position=0", {}, 4096],
  "Path Update, flush": [
    "PATCH",
    "/a?action=flush&position=4096&close=true",
    {},
    0,
  ],
  "Path Delete, a folder": [
    "DELETE",
    "/d?recursive=true&paginated=true",
    {},
    0,
  ],
  "Get User Delegation Key": [
    "POST",
    "/?restype=service&comp=userdelegationkey",
    {
      "content-type": "application/xml",
    },
    180,
  ],
};

function* rows() {
  for (const [name, path] of Object.entries(NAMES)) {
    yield [`Get Blob, name: ${name}`, "GET", `${HOST}/c1/${path}`, {}, 0];
    yield [
      `Put Blob in path style, name: ${name}`,
      "PUT",
      `${PATH_STYLE}/c1/${path}`,
      {
        "x-ms-blob-type": "BlockBlob",
      },
      3,
    ];
  }
  for (const [name, fields] of Object.entries(FIELDS)) {
    yield [`Put Blob, fields: ${name}`, "PUT", `${HOST}/c1/a.txt`, {
      "x-ms-blob-type": "BlockBlob",
      ...fields,
    }, 5];
  }
  for (
    const [name, [method, path, headers, length]] of Object.entries(OPERATIONS)
  ) {
    yield [name, method, `${HOST}/c1${path}`, headers, length];
  }
  yield ["Put Blob, an empty body", "PUT", `${HOST}/c1/a`, {
    "x-ms-blob-type": "BlockBlob",
  }, 0];
  yield ["Get Blob in the root container", "GET", `${HOST}/a.txt`, {}, 0];
}

/** The requests, dated. */
export const REQUESTS = [...rows()].map((
  [name, method, url, headers, length],
) => ({
  name,
  method,
  url,
  headers: { ...headers, "x-ms-date": DATE, "x-ms-version": VERSION },
  length,
}));

/** The account that signs. */
export const ACCOUNT = "contoso";
