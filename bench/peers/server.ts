/**
 * An S3 and an Azure service that do next to nothing, so that what is measured is the
 * client. Prints its port.
 *
 * @module
 */

const CHUNK = new Uint8Array(256 * 1024);
const SMALL = new Uint8Array(1024);
const MODIFIED = "Sat, 21 Nov 2026 04:00:00 GMT";
const KEYS_A_PAGE = 1000;
const PAGES = 100;
const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

function page(number: number): string {
  const contents = Array.from({ length: KEYS_A_PAGE }, (_, i) => {
    const name = String(number * KEYS_A_PAGE + i).padStart(8, "0");
    return `<Contents><Key>folder/with%20space/file-${name}.txt</Key><LastModified>2026-11-21T04:00:00.000Z</LastModified><ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag><Size>1024</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const more = number < PAGES - 1;
  const next = more
    ? `<NextContinuationToken>${number + 1}</NextContinuationToken>`
    : "";
  return `${XML}<ListBucketResult ${NAMESPACE}><Name>bucket</Name><Prefix></Prefix>${next}<KeyCount>${KEYS_A_PAGE}</KeyCount><MaxKeys>${KEYS_A_PAGE}</MaxKeys><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${
    contents.join("")
  }</ListBucketResult>`;
}

const LISTING = Array.from(
  { length: PAGES },
  (_, number) => new TextEncoder().encode(page(number)),
);

/** Fields that every answer about an object has. */
function fields(size: number): Record<string, string> {
  return {
    "content-length": `${size}`,
    "content-type": "application/octet-stream",
    "last-modified": MODIFIED,
    "accept-ranges": "bytes",
    etag: '"0123456789abcdef0123456789abcdef"',
  };
}

function large(size: number): Response {
  let left = size;
  const body = new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      const chunk = left < CHUNK.byteLength ? CHUNK.subarray(0, left) : CHUNK;
      left -= chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
  return new Response(body, { headers: fields(size) });
}

const xml = (text: string) =>
  new Response(XML + text, { headers: { "content-type": "application/xml" } });

async function drain(request: Request): Promise<void> {
  const reader = request.body?.getReader();
  while (reader !== undefined && !(await reader.read()).done);
}

async function handle(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  // "/bucket/large-1073741824" is a file of so many bytes.
  const size = Number(/large-(\d+)$/.exec(pathname)?.[1] ?? SMALL.byteLength);
  switch (request.method) {
    case "HEAD":
      return new Response(null, { headers: fields(size) });
    case "GET": {
      if (searchParams.has("list-type")) {
        const token = Number(searchParams.get("continuation-token") ?? 0);
        return new Response(LISTING[token], {
          headers: { "content-type": "application/xml" },
        });
      }
      return size === SMALL.byteLength
        ? new Response(SMALL, { headers: fields(size) })
        : large(size);
    }
    case "DELETE":
      return new Response(null, { status: 204 });
  }
  await drain(request);
  if (request.method === "POST") {
    const key = "<Bucket>bucket</Bucket><Key>k</Key>";
    return searchParams.has("uploads")
      ? xml(
        `<InitiateMultipartUploadResult ${NAMESPACE}>${key}<UploadId>u</UploadId></InitiateMultipartUploadResult>`,
      )
      : xml(
        `<CompleteMultipartUploadResult ${NAMESPACE}>${key}<Location>l</Location><ETag>"e-1"</ETag></CompleteMultipartUploadResult>`,
      );
  }
  const azure = request.headers.has("x-ms-version");
  return new Response(null, {
    status: azure ? 201 : 200,
    headers: { etag: '"e"', "last-modified": MODIFIED },
  });
}

Deno.serve({
  port: 0,
  hostname: "127.0.0.1",
  onListen: ({ port }) => console.log(port),
}, handle);
