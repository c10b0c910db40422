/**
 * A Worker whose requests share a store, through a cache or with a provider of
 * credentials. One that is to leave answers before the store has: with it ends what it
 * has begun, as with a client that goes away.
 *
 * @module
 */
import { HttpBackend } from "../../../backends/http/mod.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { cache } from "../../../ext/cache.ts";
import { Store, type StoreLike } from "../../../mod.ts";

function open(kind: string, origin: string): StoreLike {
  if (kind === "cache") {
    const backend = new HttpBackend({ baseUrl: `${origin}/b/` });
    return cache(new Store({ backend }));
  }
  const backend = new S3Backend({
    bucket: "b",
    endpoint: origin,
    dialect: "aws",
    credentials: async () => await (await fetch(`${origin}/key`)).json(),
  });
  return new Store({ backend });
}

const stores = new Map<string, StoreLike>();

/** The handler of requests: `/kind?origin=…`, with `&leave` or `&close`. */
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const kind = pathname.slice(1);
    const store = stores.get(kind) ??
      open(kind, `${searchParams.get("origin")}`);
    stores.set(kind, store);
    if (searchParams.has("close")) {
      await store.close();
      return new Response("closed");
    }
    const reading = store.readText("a.txt");
    if (!searchParams.has("leave")) return new Response(await reading);
    reading.catch(() => {});
    return new Response("left");
  },
};
