import { assert, assertEquals } from "@std/assert";
import { HttpClient } from "../../../backends/_http/client.ts";
import { isOwn, noteAnswer } from "../../../backends/_http/own_answers.ts";
import { RetryPolicy } from "../../../core/retry.ts";

// That Bun's own fetch is told from all of these is a row of tests/runtimes/content.
Deno.test("BYOB-003 an answer is our own only where the engine's own fetch gave it, and chunks would be copied", () => {
  const { fetch } = globalThis;
  const named = { fetch: () => fetch("http://h/") }.fetch;
  const others = [
    undefined,
    "fetch",
    named,
    named.bind(null),
    Object.defineProperty(named.bind(null), "name", { value: "fetch" }),
    new Proxy(fetch, {}),
    // Native, and not the one that fetches.
    Math.max,
    // In Deno and Node it is code, and their bodies are byte streams.
    fetch,
  ];
  for (const other of others) {
    const response = new Response("a");
    noteAnswer(response, other);
    assert(!isOwn(response), `${other}`);
    assert(!response.bodyUsed && !response.body!.locked);
  }
});

Deno.test("BYOB-003 a client looks at the fetch that it calls, and takes no answer of another for its own", async () => {
  const answers: Response[] = [];
  const fetch = () => {
    const answer = new Response("a");
    answers.push(answer);
    return Promise.resolve(answer);
  };
  const service = {
    sign: <T>(request: T) => request,
    toError: () => new Error("refused"),
  };
  const timing = {
    now: () => 0,
    random: () => 0,
    sleep: () => Promise.resolve(),
  };
  const client = new HttpClient(fetch, service, new RetryPolicy(), timing);
  const request = { method: "GET", url: "http://h/", headers: {}, body: null };
  const expected = {
    answers: { 200: (response: Response) => response.text() },
    signal: undefined,
  };
  assertEquals(await client.get(request, expected), "a");
  assertEquals(answers.map(isOwn), [false]);
});
