/**
 * The pictures of the pages, by their file.
 *
 * @module
 */
import { drawArchitecture } from "./architecture.ts";
import { INDEXEDDB, MULTIPART, SIGNING } from "./flows.ts";
import { drawFlow } from "./sequence.ts";

/** Draws all of them. */
export function drawPictures(): Map<string, string> {
  return new Map([
    ["docs/pictures/architecture.svg", drawArchitecture()],
    ["docs/pictures/multipart-commit.svg", drawFlow(MULTIPART)],
    ["docs/pictures/signing.svg", drawFlow(SIGNING)],
    ["docs/pictures/indexeddb-commit.svg", drawFlow(INDEXEDDB)],
  ]);
}
