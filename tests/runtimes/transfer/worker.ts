/**
 * The Service Worker: what is below `/files/` comes from a store in its memory, by
 * `toResponse`. No server has these files. A classic script once it is bundled, because
 * Firefox has no module workers of this kind.
 *
 * @module
 */
import { MemoryBackend } from "../../../backends/memory.ts";
import { toResponse } from "../../../ext/transfer.ts";
import { Store } from "../../../mod.ts";
import { png, wav } from "./media.ts";
import { type Answered, BASE, CHANNEL, PLAIN } from "./served.ts";

interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface WorkerScope {
  readonly location: { readonly origin: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener<E extends Event>(
    type: string,
    heard: (event: E) => void,
  ): void;
}

const scope = globalThis as unknown as WorkerScope;
const answered = new BroadcastChannel(CHANNEL);
// Made anew each time that the browser starts the worker.
const filled = fill();

async function fill(): Promise<Store> {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("picture.png", await png(), {
    contentType: "image/png",
    cacheControl: "no-cache",
  });
  await store.write("sound.wav", wav(), { contentType: "audio/wav" });
  const zipped = new Blob([PLAIN]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  await store.write("zipped.txt", zipped, { contentEncoding: "gzip" });
  return store;
}

scope.addEventListener<WaitingEvent>("install", (event) => {
  event.waitUntil(Promise.all([filled, scope.skipWaiting()]));
});

scope.addEventListener<WaitingEvent>("activate", (event) => {
  event.waitUntil(scope.clients.claim());
});

scope.addEventListener<FetchEvent>("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== scope.location.origin || !pathname.startsWith(BASE)) return;
  event.respondWith(serve(request));
});

async function serve(request: Request): Promise<Response> {
  const options = { base: BASE, decode: true };
  const response = await toResponse(await filled, request, options);
  const { method, destination, headers, url } = request;
  const told: Answered = {
    file: new URL(url).pathname.slice(BASE.length),
    method,
    destination,
    range: headers.get("range"),
    status: response.status,
    contentRange: response.headers.get("content-range"),
  };
  answered.postMessage(told);
  return response;
}
