/**
 * A Worker that runs the suite on the place that a request names.
 *
 * @module
 */
import { runSuite } from "./suite.ts";

export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await runSuite(await request.json()));
  },
};
