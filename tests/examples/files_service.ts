/**
 * The service of `examples/http_backend.ts`, as a function: files with the conditions
 * and ranges of RFC 9110.
 *
 * @module
 */

interface Stored {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly time: number;
  readonly fields: Readonly<Record<string, string>>;
}

const KEPT = [
  "content-type",
  "x-has-type",
  "x-meta",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
];

const PAGE = 1000;

/** Returns a `fetch` to a service that is empty. */
export function filesService(): (
  url: string,
  init: RequestInit,
) => Promise<Response> {
  const files = new Map<string, Stored>();
  let version = 0;

  const facts = ({ bytes, etag, time, fields }: Stored) => ({
    ...fields,
    etag,
    "x-size": String(bytes.byteLength),
    "x-time": String(time),
  });

  async function put(key: string, request: Request): Promise<Response> {
    // A body that breaks off rejects, and nothing is stored.
    const bytes = new Uint8Array(await request.arrayBuffer());
    const stands = files.get(key);
    const match = request.headers.get("if-match");
    if (match !== null && stands?.etag !== match) return refused(412);
    if (request.headers.get("if-none-match") === "*" && stands !== undefined) {
      return refused(412);
    }
    const fields = Object.fromEntries(
      KEPT.flatMap((name) => {
        const value = request.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    const stored = {
      bytes,
      fields,
      etag: `"v${++version}"`,
      time: Date.now(),
    };
    files.set(key, stored);
    return new Response(null, { status: 201, headers: facts(stored) });
  }

  function get(key: string, request: Request): Response {
    const stored = files.get(key);
    if (stored === undefined) return absent();
    const { bytes, etag } = stored;
    const match = request.headers.get("if-match");
    if (match !== null && match !== etag) return refused(412);
    const headers = facts(stored);
    if (request.headers.get("if-none-match") === etag) {
      return new Response(null, { status: 304, headers });
    }
    const size = bytes.byteLength;
    if (request.method === "HEAD") {
      return new Response(null, {
        headers: { ...headers, "content-length": String(size) },
      });
    }
    const [, first, last] =
      /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") ?? "") ?? [];
    if (first === undefined) {
      return new Response(bytes, {
        headers: { ...headers, "content-length": String(size) },
      });
    }
    const from = first === ""
      ? Math.max(size - Number(last), 0)
      : Number(first);
    const to = first === "" || last === ""
      ? size
      : Math.min(Number(last) + 1, size);
    if (from >= size) return new Response(null, { status: 416, headers });
    return new Response(bytes.subarray(from, to), {
      status: 206,
      headers: {
        ...headers,
        "content-range": `bytes ${from}-${to - 1}/${size}`,
        "content-length": String(to - from),
      },
    });
  }

  function remove(key: string, request: Request): Response {
    const stored = files.get(key);
    if (stored === undefined) return absent();
    const match = request.headers.get("if-match");
    if (match !== null && match !== stored.etag) return refused(412);
    files.delete(key);
    return new Response(null, { status: 204 });
  }

  function list(query: URLSearchParams): Response {
    const prefix = query.get("prefix") ?? "";
    const after = query.get("after") ?? "";
    const limit = Number(query.get("limit") ?? PAGE);
    const found: unknown[] = [];
    const folders: string[] = [];
    let last = after;
    for (const key of [...files.keys()].sort()) {
      if (!key.startsWith(prefix) || key <= after) continue;
      if (found.length + folders.length >= limit) {
        return Response.json({ files: found, folders, next: last });
      }
      last = key;
      const slash = query.has("shallow") ? key.indexOf("/", prefix.length) : -1;
      if (slash >= 0) {
        const folder = key.slice(0, slash);
        if (folders.at(-1) !== folder) folders.push(folder);
        continue;
      }
      const { bytes, etag, time, fields } = files.get(key)!;
      found.push({
        key,
        size: bytes.byteLength,
        etag,
        time,
        type: fields["x-has-type"] === "true" ? fields["content-type"] : null,
      });
    }
    return Response.json({ files: found, folders, next: null });
  }

  return async (url, init) => {
    init.signal?.throwIfAborted();
    const request = new Request(url, init);
    const { pathname, searchParams } = new URL(url);
    if (pathname === "/list") return list(searchParams);
    const key = decodeURIComponent(pathname.slice("/files/".length));
    if (request.method === "PUT") return await put(key, request);
    if (request.method === "DELETE") return remove(key, request);
    return get(key, request);
  };
}

function absent(): Response {
  return new Response(null, { status: 404, headers: { "x-no-file": "1" } });
}

function refused(status: number): Response {
  return new Response(null, { status });
}
