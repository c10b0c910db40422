/**
 * The strict fake, slow enough to be interrupted, that counts what arrives.
 *
 * @module
 */
import { FakeS3 } from "../../fakes/s3/service.ts";
import { NO_TRIPS, serveApp, serveFake } from "../sign/serving.ts";

/** How long a part takes at the service, so that uploads can be met on their way. */
const PART_MS = 150;

/** A service, an application and a page on loopback. */
export interface Setting extends AsyncDisposable {
  /** Where the page is. */
  readonly origin: string;
  /** Behind it all. */
  readonly fake: FakeS3;
  /** The number of each part that has arrived whole, in their order. */
  readonly arrived: number[];
  /** Called when a completion is done and not yet answered. */
  completed: () => Promise<void>;
}

/** Serves a page whose uploads go to the fake. */
export function serve(script: string): Setting {
  const fake = new FakeS3();
  const arrived: number[] = [];
  const around = async (request: Request, work: () => Promise<Response>) => {
    const query = new URL(request.url).searchParams;
    const number = Number(query.get("partNumber") ?? 0);
    if (number > 0) await new Promise((end) => setTimeout(end, PART_MS));
    let answer: Response;
    try {
      answer = await work();
    } catch (error) {
      // Whoever sent it has been killed: there is no body, and nobody to answer.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
      return new Response(null, { status: 400 });
    }
    if (number > 0 && answer.ok) arrived.push(number);
    const isEnd = request.method === "POST" && query.has("uploadId");
    if (isEnd && answer.ok) await setting.completed();
    return answer;
  };
  const service = serveFake(fake, { around });
  const app = serveApp(script, service.told, "page", { ...NO_TRIPS }, fake);
  const setting: Setting = {
    origin: `http://127.0.0.1:${app.addr.port}`,
    fake,
    arrived,
    completed: () => Promise.resolve(),
    async [Symbol.asyncDispose]() {
      await Promise.all([service[Symbol.asyncDispose](), app.shutdown()]);
    },
  };
  return setting;
}
