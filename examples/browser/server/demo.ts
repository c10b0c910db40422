/**
 * All of the demo on loopback.
 *
 * @module
 */
import { createApp, type Handler } from "./app.ts";
import { type Bundle, loadAssets } from "./assets.ts";
import {
  type RunningService,
  type ServiceOptions,
  startServices,
} from "./services.ts";
import { startSigner } from "./workerd.ts";

/** How the demo is started. */
export interface DemoOptions extends ServiceOptions {
  /** Where the page is. */
  readonly port: number;
  /** Whether another port is no answer, where that one is taken. */
  readonly isPortFixed: boolean;
  /** Whether S3 is signed for in workerd. */
  readonly workerd: boolean;
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
  const { port, isPortFixed, workerd, bundle } = options;
  const [assets, services] = await Promise.all([
    loadAssets(bundle),
    startServices(options),
  ]);
  const ends = services.map((service) => () => service.stop());
  const stop = async () => {
    await Promise.allSettled(ends.map((end) => end()));
  };
  try {
    // Its origin is known before the handlers that check it.
    let app: Handler | null = null;
    const server = serve(
      port,
      isPortFixed,
      async (request) =>
        await app?.(request) ?? new Response(null, { status: 503 }),
    );
    ends.push(() => server.shutdown());
    const origin = `http://127.0.0.1:${server.addr.port}`;
    const elsewhere = new Map<string, Handler>();
    const s3 = services.find(({ name }) => name === "s3");
    if (workerd && s3 !== undefined) {
      const signer = await startSigner(s3, origin);
      ends.push(async () => await signer[Symbol.asyncDispose]());
      elsewhere.set("s3", signer.sign);
    }
    app = createApp({ services, assets, elsewhere });
    return { origin, services, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const PORTS = 20;

function serve(
  port: number,
  isPortFixed: boolean,
  app: Handler,
): Deno.HttpServer<Deno.NetAddr> {
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
