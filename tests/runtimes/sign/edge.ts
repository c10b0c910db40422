/**
 * The handler as a Worker.
 *
 * @module
 */
import type { SignHandler } from "../../../ext/sign.ts";
import { handlerOf } from "./handler.ts";

/** The Worker's variables. */
export interface Env {
  /** What is signed for, as JSON. */
  readonly SERVICE: string;
}

let handler: SignHandler | undefined;

export default {
  fetch(request: Request, { SERVICE }: Env): Promise<Response> {
    handler ??= handlerOf(JSON.parse(SERVICE));
    return handler(request);
  },
};
