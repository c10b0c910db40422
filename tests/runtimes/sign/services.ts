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
import { type Running, serveFake } from "./serving.ts";

/** The services by name. */
export const SERVICES = ["fake", "ceph", "azurite"] as const;

/** The name of a service. */
export type ServiceName = (typeof SERVICES)[number];

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
  const ceph = await startS3("ceph_rgw");
  return {
    told: { service: "s3", place: await placeOn(ceph.env), complete },
    [Symbol.asyncDispose]: ceph.stop,
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
