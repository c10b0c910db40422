/**
 * A server that does next to nothing, so that what is measured is the client. Prints its
 * port.
 *
 * @module
 */

const MIB = 1024 * 1024;
const SMALL = new Uint8Array(1024);
const CHUNK = new Uint8Array(256 * 1024);

function listing(token: number): string {
  const contents = Array.from({ length: 1000 }, (_, i) => {
    const number = String(token * 1000 + i).padStart(8, "0");
    return `<Contents><Key>folder/with%20space/file-${number}.txt</Key><LastModified>2026-11-21T04:00:00.000Z</LastModified><ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><Size>1024</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const more = token < 99;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix></Prefix>${
    more ? `<NextContinuationToken>${token + 1}</NextContinuationToken>` : ""
  }<KeyCount>1000</KeyCount><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${
    contents.join("")
  }</ListBucketResult>`;
}

const PAGES = Array.from(
  { length: 100 },
  (_, i) => new TextEncoder().encode(listing(i)),
);

function large(size: number): Response {
  let left = size;
  const body = new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      left -= CHUNK.byteLength;
      controller.enqueue(CHUNK);
    },
  });
  const headers = { "content-length": `${size}`, etag: '"large"' };
  return new Response(body, { headers });
}

async function handle(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method === "GET") {
    if (searchParams.has("list-type")) {
      const token = Number(searchParams.get("continuation-token") ?? 0);
      return new Response(PAGES[token]);
    }
    if (pathname.endsWith("/large")) return large(1024 * MIB);
    return new Response(SMALL, { headers: { etag: '"small"' } });
  }
  if (request.body !== null) {
    for await (const _ of request.body) { /* dropped */ }
  }
  if (request.method === "POST") {
    return new Response(
      searchParams.has("uploads")
        ? "<R><UploadId>u</UploadId></R>"
        : "<R><ETag>&quot;e-1&quot;</ETag></R>",
    );
  }
  return new Response(null, { headers: { etag: '"e"' } });
}

Deno.serve({
  port: 0,
  hostname: "127.0.0.1",
  onListen: ({ port }) => console.log(port),
}, handle);
