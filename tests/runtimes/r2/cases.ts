/**
 * A Worker that runs on the real binding what the fake is held to.
 *
 * @module
 */
import { CASES } from "../../fakes/r2/cases.ts";
import type { Env } from "./edge.ts";

/** Answers `/number` with what the case failed with, or with nothing. */
export default {
  async fetch(request: Request, { BUCKET }: Env): Promise<Response> {
    const number = Number(new URL(request.url).pathname.slice(1));
    try {
      await CASES[number]?.run(BUCKET, `case-${number}/`);
      return new Response("");
    } catch (error) {
      return new Response(`${(error as Error).stack ?? error}`);
    }
  },
};
