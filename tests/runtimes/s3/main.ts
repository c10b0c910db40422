/**
 * What is bundled for Node and Bun: the suite, and the strict fake to run it on.
 *
 * @module
 */
import type { Fetch } from "../../../backends/s3/mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import type { Place } from "./suite.ts";

export { report } from "../contract.ts";
export { runSuite } from "./suite.ts";

/**
 * Gives what a fake answers as this runtime's `fetch` would: with its coding undone, and
 * the fields that tell of it left.
 */
function fetched(fetch: Fetch): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const { body, headers, status } = response;
    const coded = headers.get("content-encoding") === "gzip";
    if (!coded || body === null || init.method === "HEAD") return response;
    const undone = body.pipeThrough(new DecompressionStream("gzip"));
    return new Response(undone, { status, headers });
  };
}

/** Returns a place on a fake of its own. */
export function fakePlace(): Place {
  return {
    bucket: "bucket",
    endpoint: "http://s3.test",
    credentials: ACCOUNT,
    fetch: fetched(new FakeS3().fetch),
    dialect: "aws",
  };
}
