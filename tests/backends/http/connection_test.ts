import { assertEquals } from "@std/assert";
import { HttpConnection } from "../../../backends/http/connection.ts";
import { RetryPolicy } from "../../../core/retry.ts";

function connected(answer: () => Response) {
  const inits: RequestInit[] = [];
  const connection = new HttpConnection({
    baseUrl: "https://h.example/a",
    headers: { Authorization: "Bearer x" },
    credentials: "omit",
    retry: new RetryPolicy({ attempts: 1 }),
    fetch: (_, init) => {
      inits.push(init);
      return Promise.resolve(answer());
    },
  });
  return { connection, inits };
}

Deno.test("HTTP-CON-001 a question carries the options' fields, and asks for no coding", async () => {
  const { connection, inits } = connected(() => new Response("x"));
  const url = connection.urlOf("b c");
  assertEquals(url, "https://h.example/a/b%20c");
  const call = { method: "GET", url, signal: undefined } as const;
  await connection.ask(call);
  await connection.ask({ ...call, words: "own" });
  assertEquals(inits.map(({ headers }) => headers), [
    { authorization: "Bearer x", "accept-encoding": "identity" },
    { authorization: "Bearer x" },
  ]);
  assertEquals([inits[0]?.credentials, inits[0]?.redirect], ["omit", "follow"]);
});

Deno.test("HTTP-READ-001 a 304 is an answer only to who has named a version", async () => {
  const { connection } = connected(() => new Response(null, { status: 304 }));
  const url = connection.urlOf("a");
  const call = { method: "GET", url, signal: undefined } as const;
  const headers = { "if-none-match": '"1"' };
  assertEquals((await connection.ask({ ...call, headers })).outcome, "done");
  const error = await connection.ask(call).catch((error) => error);
  assertEquals(error.name, "RemoteStoreError");
});
