/**
 * What the page's tests talk to: a service that pages of every origin may use, and a handler
 * before it.
 *
 * @module
 */
import { accountUrl, createContainer } from "../../live/azure/account.ts";
import { allowPages } from "../../live/azure/cors.ts";
import { placeOn, startS3 } from "../../live/s3/place.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { startAzurite } from "../../servers/azurite/server.ts";
import { serveInWorkerd } from "../workerd.ts";
import { handlerOf, type Service } from "./handler.ts";

/** Something that runs until it is disposed of. */
export interface Running<T> extends AsyncDisposable {
  /** What others are told of it. */
  readonly told: T;
}

/** The services by name. */
export const SERVICES = ["fake", "ceph", "azurite"] as const;

/** The name of a service. */
export type ServiceName = (typeof SERVICES)[number];

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "*",
};

/** What arrives from pages, by its kind. */
export interface Trips {
  sign: number;
  preflight: number;
  service: number;
}

/** Serves the strict fake to pages of every origin. */
export function serveFake(
  fake: FakeS3,
  trips: Trips = { sign: 0, preflight: 0, service: 0 },
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
      const { status, headers, body } = await fake.handle(request);
      const all = new Headers(headers);
      for (const [name, value] of Object.entries(CORS)) all.set(name, value);
      return new Response(body, { status, headers: all });
    },
  );
  return {
    told: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Starts a service. */
export async function startService(
  name: ServiceName,
  complete: "page" | "here",
): Promise<Running<Service>> {
  if (name === "fake") {
    const { told: endpoint, ...rest } = serveFake(new FakeS3());
    const place = {
      endpoint,
      bucket: "bucket",
      credentials: ACCOUNT,
      dialect: "aws",
    } as const;
    return { told: { service: "s3", place, complete }, ...rest };
  }
  if (name === "azurite") {
    const azurite = await startAzurite();
    const { origin } = azurite;
    await allowPages(origin);
    const container = await createContainer(origin);
    return {
      told: {
        service: "azure",
        accountUrl: accountUrl(origin),
        container,
        complete,
      },
      [Symbol.asyncDispose]: () => azurite.stop(),
    };
  }
  const folder = await Deno.makeTempDir();
  // Not in the way of one that runs already.
  const own = { CEPH_DIR: `${folder}/ceph`, CEPH_PORT: "7660" };
  const ceph = await startS3("ceph_rgw", own);
  return {
    told: { service: "s3", place: await placeOn(ceph.env), complete },
    async [Symbol.asyncDispose]() {
      await ceph.stop();
      await Deno.remove(folder, { recursive: true }).catch(() => {});
    },
  };
}

/** Serves the handler over HTTP from here, or from workerd. */
export async function serveHandler(
  where: "deno" | "workerd",
  service: Service,
): Promise<Running<string>> {
  if (where === "workerd") {
    const worker = await serveInWorkerd("tests/runtimes/sign/edge.ts", {
      SERVICE: JSON.stringify(service),
    });
    return {
      told: `${worker.origin}/sign`,
      [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
    };
  }
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    handlerOf(service),
  );
  return {
    told: `http://127.0.0.1:${server.addr.port}/sign`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
