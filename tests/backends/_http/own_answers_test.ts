import { assert, assertEquals } from "@std/assert";
import { HttpClient } from "../../../backends/_http/client.ts";
import { bodyOf, noteAnswer } from "../../../backends/_http/own_answers.ts";
import { BodyReader } from "../../../core/body_reader.ts";
import { RetryPolicy } from "../../../core/retry.ts";

// That Bun's own fetch is told from all of these is a row of tests/runtimes/content.
/** An answer, and whether what is read of its body is what was put there. */
function answer(): [Response, (body: Response) => Promise<boolean>] {
  const chunk = new Uint8Array([1, 2, 3]);
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(chunk);
      controller.close();
    },
  });
  return [new Response(stream), async (response) => {
    const { value } = await new BodyReader(bodyOf(response)!).read();
    assertEquals(value, chunk);
    return value === chunk;
  }];
}

// That Bun's own fetch is told from all of these is a row of tests/runtimes/content.
Deno.test("BYOB-003 an answer is our own only where the engine's own fetch gave it, and chunks would be copied", async () => {
  const { fetch } = globalThis;
  const named = { fetch: () => fetch("http://h/") }.fetch;
  const others = [
    named,
    named.bind(null),
    Object.defineProperty(named.bind(null), "name", { value: "fetch" }),
    new Proxy(fetch, {}),
    // Native, and not the one that fetches.
    Math.max as unknown as typeof fetch,
    // In Deno and Node it is code, and their bodies are byte streams.
    fetch,
  ];
  for (const other of others) {
    const [response, isHandedOn] = answer();
    noteAnswer(response, other);
    assert(!await isHandedOn(response), `${other}`);
  }
  assertEquals(bodyOf(new Response(null)), null);
});

Deno.test("BYOB-003 a client looks at the fetch that it calls, and takes no answer of another for its own", async () => {
  const [response, isHandedOn] = answer();
  const fetch = () => Promise.resolve(response);
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
    answers: { 200: isHandedOn },
    signal: undefined,
  };
  assertEquals(await client.get(request, expected), false);
});
