// This module is browser compatible.
import type { ListPage } from "../../core/backend.ts";
import { compareNames } from "../../core/name_order.ts";
import { AnswerFailure } from "../_http/answer.ts";
import { hiddenFailure } from "./failures.ts";
import { broken } from "../_http/tokens.ts";
import { readPage } from "./page.ts";
import { scanPage } from "./scan.ts";

/**
 * Reads a page of ListObjectsV2. Names come as they are: the kernel knows which of them a
 * path can name.
 *
 * @throws {BackendUnavailableError} If it is none, not all of one, or says that more follows and not where.
 */
export function parseListing(xml: string): ListPage {
  return scanPage(xml) ?? readPage(xml);
}

/**
 * Refuses a page that begins before it was to begin: of a service that does not know the
 * parameter, every page would be the first one.
 */
export function requireBehind(
  { files, folders }: ListPage,
  startAfter: string,
): void {
  for (const name of [files[0]?.key, folders[0]]) {
    if (name !== undefined && compareNames(name, startAfter) <= 0) {
      throw broken("does not begin behind the name that was asked for");
    }
  }
}

/** Reads the answer to ListObjectsV2. */
export async function readListing(response: Response): Promise<ListPage> {
  const text = await response.text();
  const failure = hiddenFailure(response, text);
  if (failure !== null) throw new AnswerFailure(failure);
  return parseListing(text);
}
