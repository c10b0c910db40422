/**
 * The entry for workerd. Its clock stands still while it computes, so that one request
 * is one round and the time is taken outside.
 *
 * @module
 */
import { hashSides, LARGE_CHUNKS } from "../../../bench/hash_sides.ts";
import { runSuite } from "./suite.ts";

export default {
  /** Runs one side of the comparison, or the suite. */
  async fetch(request: Request): Promise<Response> {
    const side = new URL(request.url).searchParams.get("side");
    if (side === null) return Response.json(await runSuite());
    const run = hashSides(LARGE_CHUNKS)[side];
    if (run === undefined) return new Response(null, { status: 404 });
    await run();
    return new Response(null);
  },
};
