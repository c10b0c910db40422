/**
 * `deno task test:workerd`: a `WebCache` that two isolates share, over the strict fake of
 * S3.
 *
 * @module
 */
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { serveByScript } from "../workerd.ts";
import { type Ask, judge, runRaces } from "./races.ts";

/** Runs both isolates, and gives the ways to ask them. */
async function withIsolates(
  bindings: Readonly<Record<string, string>>,
  work: (one: Ask, other: Ask) => Promise<void>,
): Promise<void> {
  await using worker = await serveByScript(
    new URL("workerd.mjs", import.meta.url),
    "tests/runtimes/cache/edge.ts",
    [JSON.stringify(bindings)],
  );
  const asker = (name: string): Ask => async (job) => {
    const body = JSON.stringify(job);
    const url = `${worker.origin}/${name}`;
    const answer = await fetch(url, { method: "POST", body });
    const text = await answer.text();
    if (answer.ok) return text;
    throw new Error(`${name}: ${JSON.stringify(job)}: ${text}`);
  };
  await work(asker("a"), asker("b"));
}

Deno.test("CACHE-017 of 500 races of two isolates in workerd that share a cache, none shows what is older than a change", async () => {
  const fake = new FakeS3();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => fake.handle(request),
  );
  const endpoint = `http://127.0.0.1:${server.addr.port}`;
  await withIsolates({ endpoint, ...ACCOUNT }, async (one, other) => {
    const seed = Math.floor(Math.random() * 1_000_000);
    const races = await runRaces(one, other, {
      count: 500,
      seed,
      delay: 30,
      lanes: 8,
    });
    console.log(
      `# seed ${seed}: ${races.late} of ${races.count} brought old answers`,
    );
    judge(races);
    // It is one cache: what the one has kept the other one finds.
    const at = { kind: "write", index: 0 } as const;
    const before = Number(await other({ act: "hits" }));
    await one({ act: "read", ...at });
    await other({ act: "read", ...at });
    const after = Number(await other({ act: "hits" }));
    if (after !== before + 1) throw new Error(`${before} hits, then ${after}`);
  });
});
