/**
 * Questions to a handler as a page's script asks them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { SignHandlerOptions } from "../../ext/sign.ts";
import { scene, SIGN_URL } from "./sign_fixture.ts";
import type { Question } from "./sign_questions.ts";

/** Returns a request as a page's script sends it. */
export function request(
  body: unknown,
  headers: Record<string, string> = {},
  init: RequestInit = {},
): Request {
  return new Request(SIGN_URL, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-remote-store": "1",
      origin: "https://app.example.com",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
}

/** The answer to one question. */
export interface Result {
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly ticket?: string;
  readonly here?: string;
  readonly expires?: string;
  readonly enforced?: string[];
  readonly error?: { code: string; message: string };
}

/** Rules that know two folders. */
export const RULES: SignHandlerOptions["authorize"] = (asked) => {
  if (asked.path.startsWith("secret/")) return asked.operation === "write";
  if (asked.path.startsWith("only-new/")) return asked.create;
  return true;
};

/** Asks a handler of its own. */
export async function ask(
  questions: readonly Question[],
  handler: Partial<SignHandlerOptions> = {},
): Promise<Result[]> {
  const { sign } = scene({ handler: { authorize: RULES, ...handler } });
  const response = await sign(request({ v: 1, requests: questions }));
  assertEquals(response.status, 200);
  return (await response.json()).results;
}
