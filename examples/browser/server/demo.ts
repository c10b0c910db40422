/**
 * All of the demo on loopback.
 *
 * @module
 */
import { type Asset, createApp } from "./app.ts";
import { type Bundle, loadAssets } from "./assets.ts";
import {
  type RunningService,
  type ServiceOptions,
  startServices,
} from "./services.ts";

/** How the demo is started. */
export interface DemoOptions extends ServiceOptions {
  /** Where the page is. */
  readonly port: number;
  /** Whether another port is no answer, where that one is taken. */
  readonly isPortFixed: boolean;
  /** What bundles the page, in place of `deno bundle`. */
  readonly bundle?: Bundle;
}

/** The demo, until it is stopped. */
export interface Demo {
  /** Where the page is, without a slash at the end. */
  readonly origin: string;
  readonly services: readonly RunningService[];
  /** Ends everything that was started. */
  stop(): Promise<void>;
}

/** Starts services, handlers and the page. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { port, isPortFixed, bundle } = options;
  const [assets, services] = await Promise.all([
    loadAssets(bundle),
    startServices(options),
  ]);
  const server = serve(port, isPortFixed, services, assets);
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    services,
    async stop() {
      await Promise.allSettled([
        server.shutdown(),
        ...services.map((service) => service.stop()),
      ]);
    },
  };
}

const PORTS = 20;

function serve(
  port: number,
  isPortFixed: boolean,
  services: readonly RunningService[],
  assets: ReadonlyMap<string, Asset>,
): Deno.HttpServer<Deno.NetAddr> {
  const app = createApp({ services, assets });
  for (let next = port;; next++) {
    try {
      return Deno.serve(
        { hostname: "127.0.0.1", port: next, onListen: () => {} },
        app,
      );
    } catch (error) {
      const isTaken = error instanceof Deno.errors.AddrInUse;
      if (!isTaken || isPortFixed || next >= port + PORTS) throw error;
    }
  }
}
