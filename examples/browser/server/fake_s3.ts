/**
 * The tests' strict fake of S3 over HTTP: it checks every signature, keeps the files in
 * memory, and lets the demo's page in. It takes its time over what it is sent, as a network
 * does, so that there is something to see.
 *
 * @module
 */
import { S3Backend } from "@remote-store/core/backends/s3";
import { s3Signing } from "@remote-store/core/backends/s3-signing";
import { Store } from "@remote-store/core";
import { ACCOUNT, FakeS3 } from "../../../tests/fakes/s3/service.ts";
import type { RunningService } from "./services.ts";

/** Options of the fake. */
export interface FakeS3Options {
  /** Bytes that it takes a second; `0` for as fast as they come. */
  readonly rate: number;
  /** The fake, where a test wants to look into it: with {@linkcode BUCKET}. */
  readonly fake?: FakeS3 | undefined;
}

/** The name of its bucket. */
export const BUCKET = "demo";
const REGION = "us-east-1";
const PART_SIZE = 5 * 1024 * 1024;

const EXPOSED =
  "etag, date, content-range, content-disposition, x-amz-version-id, x-amz-checksum-sha256, x-amz-checksum-crc64nvme, x-amz-meta-sha256";

/** Starts it. */
export function startFakeS3(
  { rate, fake = new FakeS3({ buckets: [BUCKET] }) }: FakeS3Options,
): RunningService {
  const pace = new Pace(rate);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const answer = request.method === "OPTIONS"
        ? preflight(request)
        : await answerBy(fake, request, pace);
      answer.headers.set("access-control-allow-origin", "*");
      answer.headers.set("access-control-expose-headers", EXPOSED);
      return answer;
    },
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const options = {
    bucket: BUCKET,
    endpoint: origin,
    region: REGION,
    dialect: "aws",
    credentials: ACCOUNT,
    partSize: PART_SIZE,
  } as const;
  // The handler sits beside it.
  const backend = new S3Backend({ ...options, fetch: fake.fetch });
  return {
    name: "s3",
    about: "a strict fake of S3, in memory",
    origin,
    options,
    store: new Store({ backend }),
    signing: s3Signing,
    stop: () => server.shutdown(),
  };
}

async function answerBy(
  fake: FakeS3,
  request: Request,
  pace: Pace,
): Promise<Response> {
  let body: Uint8Array<ArrayBuffer>;
  try {
    body = new Uint8Array(await request.arrayBuffer());
  } catch {
    // Whoever sent it has given it up.
    return new Response(null, { status: 400 });
  }
  await pace.wait(body.byteLength);
  return await fake.handle(
    new Request(request.url, {
      method: request.method,
      headers: request.headers,
    }),
    body,
  );
}

function preflight({ headers }: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, HEAD, PUT, POST, DELETE",
      "access-control-allow-headers":
        headers.get("access-control-request-headers") ?? "",
      "access-control-max-age": "600",
    },
  });
}

/** One line that all bodies share. */
class Pace {
  readonly #rate: number;
  #free = 0;

  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Waits until so many bytes would have come through. */
  async wait(bytes: number): Promise<void> {
    if (this.#rate === 0 || bytes === 0) return;
    const now = performance.now();
    this.#free = Math.max(this.#free, now) + bytes / this.#rate * 1000;
    const delay = this.#free - now;
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}
