/**
 * What the readers' program takes of the library, in one script for Node.
 *
 * @module
 */
import { S3Backend } from "../../../backends/s3/mod.ts";
import { Store } from "../../../mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";

/** One request to the service. */
export interface Request {
  /** Its method, the key, and which bytes: `GET a.zip 100-199`. */
  readonly line: string;
  /** The bytes of its answer that were taken. */
  taken: number;
  /** Whether the answer was neither read to its end nor let go. */
  open: boolean;
}

/** Returns a store over S3's strict fake, and every request that arrives there. */
export function countingStore(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): { store: Store; requests: Request[] } {
  const fake = new FakeS3();
  for (const [path, bytes] of files) fake.bucket.put(path, bytes, {});
  const requests: Request[] = [];
  const fetch = async (url: string, init: RequestInit = {}) => {
    const { pathname, searchParams } = new URL(url);
    const key = decodeURIComponent(pathname).replace("/bucket/", "");
    const range = new Headers(init.headers).get("range")?.slice(6);
    const what = searchParams.has("list-type") ? "list" : key;
    const words = [init.method ?? "GET", what, range];
    const request: Request = {
      line: words.filter((it) => it !== undefined).join(" "),
      taken: 0,
      open: false,
    };
    requests.push(request);
    const answer = await fake.fetch(url, init);
    if (!answer.ok || answer.body === null) return answer;
    return new Response(slowly(answer.body, request), answer);
  };
  const backend = new S3Backend({
    bucket: "bucket",
    endpoint: "http://s3.test",
    dialect: "aws",
    credentials: ACCOUNT,
    fetch,
  });
  return { store: new Store({ backend }), requests };
}

const CHUNK = 16 * 1024;

/** Passes a body on as it is asked for, and counts. */
function slowly(
  body: ReadableStream<Uint8Array>,
  request: Request,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let rest = new Uint8Array(0);
  request.open = true;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      while (rest.byteLength === 0) {
        const { done, value } = await reader.read();
        if (done) {
          request.open = false;
          return controller.close();
        }
        rest = new Uint8Array(value);
      }
      const chunk = rest.subarray(0, CHUNK);
      rest = rest.subarray(CHUNK);
      request.taken += chunk.byteLength;
      controller.enqueue(chunk);
    },
    async cancel(reason) {
      request.open = false;
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
