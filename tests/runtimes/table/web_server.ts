/**
 * A web server whose files pages of every origin may read, and put.
 *
 * @module
 */
import { MemoryBackend } from "../../../backends/memory.ts";
import { toResponse } from "../../../ext/transfer.ts";
import { Store } from "../../../mod.ts";

/** A server that runs until it is closed. */
export interface WebServer extends AsyncDisposable {
  /** Where its files are, without a slash at the end. */
  readonly origin: string;
}

/** Serves what is put there, on loopback. */
export function serveFiles(): WebServer {
  const files = new Store({ backend: new MemoryBackend() });
  const answer = async (request: Request): Promise<Response> => {
    if (request.method === "OPTIONS") return new Response(null);
    const { pathname } = new URL(request.url);
    if (request.method === "PUT") {
      const path = decodeURIComponent(pathname.slice(1));
      const bytes = new Uint8Array(await request.arrayBuffer());
      await files.write(path, bytes, { overwrite: true });
      return new Response(null, { status: 204 });
    }
    // A base is asked for by a ping.
    if (pathname.endsWith("/")) return new Response(null);
    return await toResponse(files, request, { base: "/" });
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const response = await answer(request);
      const headers = new Headers(response.headers);
      headers.set("access-control-allow-origin", "*");
      headers.set("access-control-allow-methods", "GET, HEAD, PUT");
      headers.set("access-control-allow-headers", "*");
      headers.set("access-control-expose-headers", "*");
      headers.set("access-control-max-age", "600");
      const { status, body } = response;
      return new Response(body, { status, headers });
    },
  );
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
