/**
 * Files that a web server gives away, read-only: open data, static sites, CDNs.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { HttpBackend } from "@remote-store/core/backends/http";
 * import { assertEquals } from "@std/assert";
 *
 * const backend = new HttpBackend({ baseUrl: "https://data.example.com/sets" });
 * const store = new Store({ backend });
 * assertEquals(
 *   store.nativePath("2026/people.csv"),
 *   "https://data.example.com/sets/2026/people.csv",
 * );
 * assertEquals(store.supports("write"), false);
 * ```
 *
 * @module
 */

export type { Fetch } from "../_http/client.ts";
export { HttpBackend } from "./backend.ts";
export type { HttpOptions } from "./options.ts";
