// This module is browser compatible.
import type { ListPage } from "../../core/backend.ts";
import { AnswerFailure } from "../_http/answer.ts";
import { hiddenFailure } from "./failures.ts";
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

/** Reads the answer to ListObjectsV2. */
export async function readListing(response: Response): Promise<ListPage> {
  const text = await response.text();
  const failure = hiddenFailure(response, text);
  if (failure !== null) throw new AnswerFailure(failure);
  return parseListing(text);
}
