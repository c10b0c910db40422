/**
 * A server that codes what it sends, for pages of any origin, on loopback.
 *
 * @module
 */
import { type EXPOSED, type KINDS, TEXT } from "./files.ts";

const PLAIN = new TextEncoder().encode(TEXT);

/** A server that runs until it is closed. */
export interface CodingServer extends AsyncDisposable {
  /** Where it is, without a slash at the end. */
  readonly origin: string;
  /** The bytes that it sends in place of the plain ones. */
  readonly coded: Uint8Array<ArrayBuffer>;
}

/** Serves the file at `/bucket/<kind>/<exposed>/data.json`. */
export async function serveCoded(): Promise<CodingServer> {
  const coded = new Uint8Array(
    await new Response(
      new Blob([PLAIN]).stream().pipeThrough(new CompressionStream("gzip")),
    ).arrayBuffer(),
  );
  const server = Deno.serve(
    // What it says of itself has to be what comes.
    {
      hostname: "127.0.0.1",
      port: 0,
      automaticCompression: false,
      onListen: () => {},
    },
    (request) => answer(request, coded),
  );
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    coded,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function answer(
  request: Request,
  coded: Uint8Array<ArrayBuffer>,
): Response {
  const { method, headers } = request;
  const [, , kind, exposed] = new URL(request.url).pathname.split("/") as [
    string,
    string,
    typeof KINDS[number],
    typeof EXPOSED[number],
  ];
  const fields: Record<string, string> = { "access-control-allow-origin": "*" };
  if (method === "OPTIONS") {
    fields["access-control-allow-methods"] = "GET, HEAD";
    fields["access-control-allow-headers"] =
      headers.get("access-control-request-headers") ?? "";
    return new Response(null, { headers: fields });
  }
  if (exposed !== "none") {
    fields["access-control-expose-headers"] = exposed === "etag"
      ? "etag"
      : "etag, content-encoding, content-range, accept-ranges";
  }
  fields["content-type"] = "application/json";
  fields["vary"] = "accept-encoding";
  fields["last-modified"] = "Mon, 01 Jun 2026 00:00:00 GMT";
  const accepts = headers.get("accept-encoding")?.includes("gzip") ?? false;
  const isCoded = kind === "forced" || (kind !== "plain" && accepts);
  if (isCoded) fields["content-encoding"] = "gzip";
  const body = isCoded ? coded : PLAIN;
  if (isCoded && kind === "fly") {
    fields["etag"] = 'W/"1"';
    // A stream has no length, and no ranges.
    return new Response(new Blob([body]).stream(), { headers: fields });
  }
  fields["etag"] = isCoded ? '"1-gzip"' : '"1"';
  fields["accept-ranges"] = "bytes";
  return ranged(request, body, fields);
}

function ranged(
  { method, headers }: Request,
  body: Uint8Array<ArrayBuffer>,
  fields: Record<string, string>,
): Response {
  const match = headers.get("if-match");
  if (match !== null && match !== fields["etag"]) {
    return new Response(null, { status: 412, headers: fields });
  }
  const range = /^bytes=(\d*)-(\d*)$/.exec(headers.get("range") ?? "");
  const sends = (part: Uint8Array<ArrayBuffer>, status: number) => {
    fields["content-length"] = `${part.length}`;
    const content = method === "HEAD" ? null : part;
    return new Response(content, { status, headers: fields });
  };
  if (range === null) return sends(body, 200);
  const [, first = "", last = ""] = range;
  const from = first === "" ? body.length - Number(last) : Number(first);
  const to = first === "" || last === ""
    ? body.length
    : Math.min(Number(last) + 1, body.length);
  if (from >= to) {
    fields["content-range"] = `bytes */${body.length}`;
    return new Response(null, { status: 416, headers: fields });
  }
  fields["content-range"] = `bytes ${from}-${to - 1}/${body.length}`;
  return sends(body.subarray(from, to), 206);
}
