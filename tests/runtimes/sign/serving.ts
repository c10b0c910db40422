/**
 * The strict fake over HTTP, with CORS, and an application that serves a page and signs for
 * it.
 *
 * @module
 */
import { S3Backend } from "../../../backends/s3/mod.ts";
import { s3Signing } from "../../../backends/s3/signing.ts";
import { signHandler } from "../../../ext/sign.ts";
import { Store } from "../../../mod.ts";
import { ACCOUNT, type FakeS3 } from "../../fakes/s3/service.ts";

/** Something that runs until it is disposed of. */
export interface Running<T> extends AsyncDisposable {
  /** What others are told of it. */
  readonly told: T;
}

/** Round trips by their kind. */
export interface Trips {
  sign: number;
  preflight: number;
  service: number;
}

/** No round trip yet. */
export const NO_TRIPS: Readonly<Trips> = { sign: 0, preflight: 0, service: 0 };

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "*",
};

/** What the fake's server is told of the tests. */
export interface Watching {
  /** Where the round trips are counted. */
  readonly trips?: Trips;
  /** What is done around each answer. */
  readonly around?: (
    request: Request,
    work: () => Promise<Response>,
  ) => Promise<Response>;
}

/** Serves the fake to pages of every origin; `told` is its endpoint. */
export function serveFake(
  fake: FakeS3,
  { trips = { ...NO_TRIPS }, around = (_, work) => work() }: Watching = {},
): Running<string> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      if (request.method === "OPTIONS") {
        trips.preflight++;
        return new Response(null, {
          headers: {
            ...CORS,
            "access-control-allow-methods": "GET, HEAD, PUT, POST, DELETE",
            "access-control-allow-headers":
              request.headers.get("access-control-request-headers") ?? "",
            "access-control-max-age": "600",
          },
        });
      }
      trips.service++;
      const answer = await around(request, () => fake.handle(request));
      for (const [name, value] of Object.entries(CORS)) {
        answer.headers.set(name, value);
      }
      return answer;
    },
  );
  return {
    told: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Serves the page and the handler. */
export function serveApp(
  script: string,
  endpoint: string,
  complete: "page" | "here",
  trips: Trips,
  fake: FakeS3,
): Deno.HttpServer<Deno.NetAddr> {
  const sign = signHandler({
    store: new Store({
      backend: new S3Backend({
        bucket: "bucket",
        endpoint,
        dialect: "aws",
        credentials: ACCOUNT,
        // What the handler sends is no round trip of the page's.
        fetch: fake.fetch,
      }),
    }),
    signing: s3Signing,
    root: "users/42",
    authorize: () => true,
    complete,
  });
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/sign") {
        if (request.method !== "GET") trips.sign++;
        return await sign(request);
      }
      return pathname === "/page.js"
        ? new Response(script, {
          headers: { "content-type": "text/javascript" },
        })
        : new Response(
          `<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>`,
          { headers: { "content-type": "text/html" } },
        );
    },
  );
}
