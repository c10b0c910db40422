/**
 * Services of which nothing is kept: they take whatever they are sent, and list files by
 * their number, so that what grows is ours.
 *
 * @module
 */

/** What was seen of requests. */
export interface Seen {
  /** How many came. */
  requests: number;
  /** How many were under way at once. */
  most: number;
}

/** A service that answers at once. */
export interface Service {
  /** What it has seen so far. */
  readonly seen: Seen;
  /** Sends. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** What its listings hold. */
export interface Listed {
  /** How many files there are. */
  readonly files: number;
  /** Returns the key of a file by its number. */
  readonly keyOf: (number: number) => string;
}

const FIELDS = {
  etag: '"0123456789abcdef0123456789abcdef"',
  "last-modified": "Sat, 21 Nov 2026 04:00:00 GMT",
  "x-ms-version": "2023-11-03",
};
const S3_PAGE = 1000;
const AZURE_PAGE = 5000;

function counting(
  answer: (url: URL, init: RequestInit) => Response | Promise<Response>,
): Service {
  const seen: Seen = { requests: 0, most: 0 };
  let now = 0;
  return {
    seen,
    async fetch(url, init) {
      seen.requests++;
      seen.most = Math.max(seen.most, ++now);
      try {
        await Promise.resolve();
        return await answer(new URL(url), init);
      } finally {
        now--;
      }
    },
  };
}

/** Numbers of the files of a page, and of the next one's first. */
function pageOf(files: number, from: number, size: number) {
  const to = Math.min(files, from + size);
  const numbers = Array.from({ length: to - from }, (_, i) => from + i);
  return { numbers, next: to < files ? to : null };
}

/** Returns a bucket. */
export function s3Service({ files, keyOf }: Listed): Service {
  return counting(async (url, { method, body }) => {
    const query = url.searchParams;
    if (method === "POST" && query.has("delete")) {
      const asked = await new Response(body).text();
      const keys = asked.matchAll(/<Key>([^<]*)<\/Key>/g);
      const deleted = [...keys].map(([, key]) =>
        `<Deleted><Key>${key}</Key></Deleted>`
      );
      return new Response(`<DeleteResult>${deleted.join("")}</DeleteResult>`);
    }
    if (method === "GET" && query.has("list-type")) {
      const from = Number(query.get("continuation-token") ?? 0);
      const { numbers, next } = pageOf(files, from, S3_PAGE);
      const contents = numbers.map((number) =>
        `<Contents><Key>${
          keyOf(number)
        }</Key><LastModified>2026-11-21T04:00:00.000Z</LastModified><ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag><Size>1024</Size><StorageClass>STANDARD</StorageClass></Contents>`
      );
      return new Response(
        `<ListBucketResult><IsTruncated>${next !== null}</IsTruncated>${
          next === null
            ? ""
            : `<NextContinuationToken>${next}</NextContinuationToken>`
        }${contents.join("")}</ListBucketResult>`,
      );
    }
    return method === "DELETE"
      ? new Response(null, { status: 204 })
      : new Response(method === "GET" ? "text" : null, {
        headers: method === "PUT"
          ? FIELDS
          : { ...FIELDS, "content-length": "4" },
      });
  });
}

/** Returns a container. */
export function azureService({ files, keyOf }: Listed): Service {
  return counting(async (url, { method, body, headers }) => {
    const query = url.searchParams;
    if (query.get("comp") === "batch") return await batchAnswer(body, headers);
    if (query.get("comp") === "list") {
      const from = Number(query.get("marker") ?? 0);
      const { numbers, next } = pageOf(files, from, AZURE_PAGE);
      const blobs = numbers.map((number) =>
        `<Blob><Name>${
          keyOf(number)
        }</Name><Properties><Creation-Time>Sat, 21 Nov 2026 04:00:00 GMT</Creation-Time><Last-Modified>Sat, 21 Nov 2026 04:00:00 GMT</Last-Modified><Etag>0x8DD0A0F00000000</Etag><Content-Length>1024</Content-Length><Content-Type>text/plain</Content-Type><Content-Encoding /><Content-Language /><Content-CRC64 /><Content-MD5>1B2M2Y8AsgTpgAmY7PhCfg==</Content-MD5><Cache-Control /><Content-Disposition /><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties><OrMetadata /></Blob>`
      );
      return new Response(
        `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://azure.example.com/account" ContainerName="con"><Blobs>${
          blobs.join("")
        }</Blobs><NextMarker>${next ?? ""}</NextMarker></EnumerationResults>`,
        { headers: { "x-ms-version": "2023-11-03" } },
      );
    }
    const status = method === "PUT" ? 201 : method === "DELETE" ? 202 : 200;
    return new Response(method === "GET" ? "text" : null, {
      status,
      headers: status === 200 ? { ...FIELDS, "content-length": "4" } : FIELDS,
    });
  });
}

async function batchAnswer(
  body: RequestInit["body"],
  headers: RequestInit["headers"],
): Promise<Response> {
  const type = new Headers(headers).get("content-type") ?? "";
  const boundary = /boundary=([^;]+)/.exec(type)?.[1] ?? "";
  const asked = await new Response(body).text();
  const count = asked.split(`--${boundary}\r\n`).length - 1;
  const part = (number: number) =>
    `--answer\r\nContent-Type: application/http\r\nContent-ID: ${number}\r\n\r\nHTTP/1.1 202 Accepted\r\nx-ms-request-id: 1\r\nx-ms-version: 2023-11-03\r\n\r\n`;
  const parts = Array.from({ length: count }, (_, number) => part(number));
  return new Response(`${parts.join("")}--answer--\r\n`, {
    status: 202,
    headers: {
      "content-type": "multipart/mixed; boundary=answer",
      "x-ms-version": "2023-11-03",
    },
  });
}
