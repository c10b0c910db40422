/**
 * The strict fake, slow enough to be interrupted, that counts what arrives.
 *
 * @module
 */
import { FakeS3 } from "../../fakes/s3/service.ts";
import { NO_TRIPS, serveApp, serveFake } from "../sign/serving.ts";

/** How long a part takes at the service, so that uploads can be met on their way. */
const PART_MS = 150;

/** For how long nothing may come where nothing is under way. */
const QUIET_MS = 500;

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

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
  /** Ends when so many parts have arrived. */
  arrival(count: number): Promise<void>;
  /** Lets no part arrive until what it returns is called. */
  hold(): () => void;
  /** Ends when all that was sent has been answered, and nothing more has come. */
  quiet(): Promise<void>;
}

/** Serves a page whose uploads go to the fake. */
export function serve(script: string): Setting {
  const fake = new FakeS3();
  const arrived: number[] = [];
  let expected = Promise.withResolvers<void>();
  let held = Promise.resolve();
  let came = 0;
  let answered = 0;
  const around = async (request: Request, work: () => Promise<Response>) => {
    came++;
    try {
      return await take(request, work);
    } finally {
      answered++;
    }
  };
  const take = async (request: Request, work: () => Promise<Response>) => {
    const query = new URL(request.url).searchParams;
    const number = Number(query.get("partNumber") ?? 0);
    if (number > 0) {
      await after(PART_MS);
      await held;
    }
    let answer: Response;
    try {
      answer = await work();
    } catch (error) {
      // Whoever sent it has been killed: there is no body, and nobody to answer.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
      return new Response(null, { status: 400 });
    }
    if (number > 0 && answer.ok) {
      arrived.push(number);
      expected.resolve();
      expected = Promise.withResolvers();
    }
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
    async arrival(count) {
      while (arrived.length < count) await expected.promise;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    async quiet() {
      for (let before = -1; before !== came || answered !== came;) {
        before = came;
        await after(QUIET_MS);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([service[Symbol.asyncDispose](), app.shutdown()]);
    },
  };
  return setting;
}
