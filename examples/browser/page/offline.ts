/**
 * The Service Worker: the page itself is there without a network. Everything else, files
 * and signatures, goes past it.
 *
 * @module
 */

const CACHE = "remote-store-demo";
const SHELL = [
  "/",
  "/style.css",
  "/lists.css",
  "/controls.css",
  "/page.js",
  "/icon.svg",
];

/** What a Service Worker's global is, as far as this one uses it. */
interface WorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(
    type: "install" | "activate",
    heard: (event: { waitUntil(work: Promise<unknown>): void }) => void,
  ): void;
  addEventListener(
    type: "fetch",
    heard: (
      event: {
        readonly request: Request;
        respondWith(answer: Promise<Response>): void;
      },
    ) => void,
  ): void;
}

const worker = globalThis as unknown as WorkerScope;

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(SHELL))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  const isShell = origin === location.origin && SHELL.includes(pathname) &&
    event.request.method === "GET";
  if (isShell) event.respondWith(answer(event.request, pathname));
});

// The server's word first: a page that is out of date would not fit its handler.
async function answer(request: Request, pathname: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(pathname, fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await cache.match(pathname);
    if (kept !== undefined) return kept;
    throw error;
  }
}
