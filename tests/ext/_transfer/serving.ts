import { Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import {
  type ResponseOptions,
  toResponse,
} from "../../../ext/_transfer/response.ts";

/** A store with a file, and the way to ask for it. */
export async function serving() {
  const backend = new MemoryBackend();
  const store = new Store({ backend });
  const written = await store.write("a/é b.txt", "0123456789", {
    contentType: "text/plain",
    cacheControl: "max-age=60",
  });
  const ask = (
    headers: HeadersInit = {},
    options: ResponseOptions = {},
    method = "GET",
  ) =>
    toResponse(
      store,
      new Request("https://example.com/a/%C3%A9%20b.txt", { method, headers }),
      options,
    );
  return { store, backend, ask, etag: written.etag ?? "", written };
}
