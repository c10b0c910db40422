/**
 * Enough of S3 for uploads from pages of any origin, on loopback: what comes is counted
 * and thrown away.
 *
 * @module
 */

/** A server that runs until it is closed. */
export interface UploadServer extends AsyncDisposable {
  /** The endpoint, without a slash at the end. */
  readonly endpoint: string;
  /** What came since the last look, by method: `PUT`, `OPTIONS`. */
  look(): { readonly requests: Record<string, number>; readonly bytes: number };
}

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, PUT, POST, DELETE",
  "access-control-allow-headers": "*",
  "access-control-expose-headers": "*",
  "access-control-max-age": "600",
};

/** Serves a bucket of any name. */
export function serveUploads(): UploadServer {
  let requests: Record<string, number> = {};
  let bytes = 0;
  const answer = async (request: Request): Promise<Response> => {
    const { method } = request;
    requests[method] = (requests[method] ?? 0) + 1;
    const { pathname, searchParams } = new URL(request.url);
    if (method === "OPTIONS") return new Response(null);
    for await (const chunk of request.body ?? []) bytes += chunk.byteLength;
    if (method === "HEAD") return new Response(null, { status: 404 });
    if (method === "DELETE") return new Response(null, { status: 204 });
    if (method === "PUT") {
      return new Response(null, { headers: { etag: '"0123"' } });
    }
    const key = pathname.split("/").slice(2).join("/");
    const xml = searchParams.has("uploads")
      ? `<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>${key}</Key><UploadId>1</UploadId></InitiateMultipartUploadResult>`
      : `<CompleteMultipartUploadResult><Location>l</Location><Bucket>b</Bucket><Key>${key}</Key><ETag>"0123-9"</ETag></CompleteMultipartUploadResult>`;
    return new Response(`<?xml version="1.0" encoding="UTF-8"?>${xml}`, {
      headers: { "content-type": "application/xml" },
    });
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const response = await answer(request);
      for (const field of Object.entries(CORS)) response.headers.set(...field);
      // A star does not stand for Authorization: browsers would ask again each time.
      const wanted = request.headers.get("access-control-request-headers");
      if (wanted !== null) {
        response.headers.set("access-control-allow-headers", wanted);
      }
      return response;
    },
  );
  return {
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    look() {
      const seen = { requests, bytes };
      requests = {};
      bytes = 0;
      return seen;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
